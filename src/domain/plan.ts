import { z } from 'zod';
import type { Bar } from './bar.ts';
import type { PlanInputs, PlanResult } from './build-plan.ts';
import { buildPlan, untradable } from './build-plan.ts';
import { canonicalJson } from './canonical.ts';
import { judgeSetup } from './judged-setup.ts';
import { tapeAt } from './known-tape.ts';
import { quietReason, recentSetups } from './recent-setups.ts';
import type { Calendar, SessionDay } from './session.ts';
import type { Detector } from './setup.ts';

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
  reason: z.string().exactOptional(),
});

/** A deterministic trade plan: the same inputs give the same bytes in any process, time zone or locale. */
export const planSchema = z.object({
  /** sha256 hex of the canonical inputs and the engine version; of a member's own plan that of the member and `sharedId`. */
  planId: z.string(),
  /** Of a member's own plan: the id that it would have if it were everybody's. */
  sharedId: z.string().exactOptional(),
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
  code: z.enum([
    'no_setup',
    'not_tradable',
    'not_enough_history',
    'too_tight',
    'too_wide',
    'size_zero',
    'stale_data',
    // of setups that the scanner found and did not offer
    'standing',
    'enough',
    'too_late',
  ]),
  reason: z.string(),
});

export type Refusal = z.infer<typeof refusalSchema>;

/** What a member risks; the plan's size never exceeds it. */
export interface RiskProfile {
  readonly accountDollars: number;
  readonly riskPct: number;
}

/** What `planFor` looks at; `minutes` may reach back over earlier sessions and into extended hours. */
export interface PlanQuestion {
  readonly symbol: string;
  /** As the provider corrected it: a closure that no rule knows moves the session before and the one after. */
  readonly calendar: Pick<Calendar, 'previous' | 'next'>;
  /** The session that a plan made now would trade in: today's until its close, then the next one. */
  readonly day: SessionDay;
  readonly asOf: number;
  readonly daily: readonly Bar[];
  readonly minutes: readonly Bar[];
  readonly risk: RiskProfile;
  readonly detectors: readonly Detector[];
  readonly context?: PlanInputs['context'];
  /** The member whose own plan it will be; everybody's unless given. */
  readonly owner?: string;
}

/** The plan with the most confidence among the setups of the last hour whose entry still stands, or why there is none. */
export function planFor(question: PlanQuestion): PlanResult {
  const { symbol, risk, detectors, context, owner } = question;
  const banned = untradable(symbol);
  if (banned) return { ok: false, refusal: banned };
  const tape = tapeAt(question);
  if ('code' in tape) return { ok: false, refusal: tape };

  let best: Plan | undefined;
  let refusal: Refusal = { code: 'no_setup', reason: quietReason(symbol, tape) };
  const asked = { risk, ...(context && { context }), ...(owner !== undefined && { owner }) };
  for (const found of recentSetups(symbol, tape, detectors)) {
    const { result } = judgeSetup(found, tape, asked);
    if (!result.ok) refusal = result.refusal;
    else if (!best || beats(result.plan, best)) best = result.plan;
  }
  return best ? { ok: true, plan: best } : { ok: false, refusal };
}

/** More confidence, then the newer setup, then the name: never a coin. */
function beats(a: Plan, b: Plan): boolean {
  if (a.confidence.score !== b.confidence.score) return a.confidence.score > b.confidence.score;
  if (a.decidedAt !== b.decidedAt) return a.decidedAt > b.decidedAt;
  return a.setup.detector < b.setup.detector;
}

/** Whether the same inputs give the same plan, byte for byte. */
export function verifyPlan(plan: Plan, inputs: PlanInputs): boolean {
  const again = buildPlan(inputs);
  return again.ok && canonicalJson(again.plan) === canonicalJson(plan);
}

/** The first six characters, as cards show it. */
export function shortPlanId(planId: string): string {
  return planId.slice(0, 6);
}
