import { z } from 'zod';

const factorSchema = z.object({
  key: z.string(),
  label: z.string(),
  value: z.number(),
  score: z.number(),
  weight: z.number(),
  /** Points added to or taken from the neutral 50. */
  contribution: z.number(),
});

const stopSchema = z.object({
  price: z.number(),
  basis: z.enum(['atr', 'ema', 'structure']),
  reason: z.string(),
});

const targetSchema = z.object({
  name: z.string(),
  price: z.number(),
  /** Multiple of the risk per share. */
  r: z.number(),
  /** Share of the position to sell here, 0 to 1. */
  shareRatio: z.number(),
});

/** A deterministic trade plan: the same inputs give the same bytes in any process, time zone or locale. */
export const planSchema = z.object({
  /** sha256 hex of the canonical inputs and the engine version. */
  planId: z.string(),
  engineVersion: z.number(),
  symbol: z.string(),
  direction: z.enum(['long', 'short']),
  setup: z.object({
    setupId: z.string(),
    detector: z.string(),
    title: z.string(),
    timeframe: z.string(),
    detectedAt: z.number(),
  }),
  /** Close time of the deciding bar: the plan knows nothing later. */
  decidedAt: z.number(),
  expiresAt: z.number(),
  /** Last closed price the plan has seen. */
  referencePrice: z.number(),
  entry: z.object({ triggerPrice: z.number(), limitPrice: z.number() }),
  stop: stopSchema,
  stopsNotChosen: z.array(stopSchema),
  targets: z.array(targetSchema),
  runner: z.object({ shareRatio: z.number(), trailAtrs: z.number(), trailDistance: z.number(), reason: z.string() }),
  atr: z.number(),
  riskPerShare: z.number(),
  size: z.object({
    shares: z.number(),
    riskDollars: z.number(),
    accountDollars: z.number(),
    riskPct: z.number(),
    reason: z.string(),
  }),
  confidence: z.object({
    /** 0 to 100; never depends on whether the market is open. */
    score: z.number(),
    /** Until a calibration exists every plan says so. */
    measured: z.boolean(),
    factors: z.array(factorSchema),
  }),
  rationale: z.object({ for: z.array(z.string()), against: z.array(z.string()) }),
  invalidation: z.object({ price: z.number(), rule: z.string() }),
});

export type Plan = z.infer<typeof planSchema>;

/** A normal answer: why there is no plan, with the numbers in the sentence. */
export const refusalSchema = z.object({
  code: z.enum(['no_setup', 'not_tradable', 'not_enough_history', 'too_tight', 'too_wide', 'size_zero', 'stale_data']),
  reason: z.string(),
});

export type Refusal = z.infer<typeof refusalSchema>;

/** What a member risks; the plan's size never exceeds it. */
export interface RiskProfile {
  readonly accountDollars: number;
  readonly riskPct: number;
}
