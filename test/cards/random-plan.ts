import fc from 'fast-check';
import type { ShownLife } from '../../src/cards/trade-state.ts';
import type { HealthAlert, StepAlert } from '../../src/domain/alert.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Provenance } from '../../src/domain/provenance.ts';
import { headOf } from '../../src/domain/trade/head.ts';
import { resultOf } from '../../src/domain/trade/result.ts';
import type { Step, Trade } from '../../src/domain/trade.ts';
import { openTrade, stepSchema, tradeSchema } from '../../src/domain/trade.ts';
import { samplePlan } from './sample.ts';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const instant = fc.integer({ min: 0, max: 2_000_000_000_000 });
const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const r = fc.double({ min: -50, max: 50, noNaN: true });
const price = fc.oneof(
  fc.integer({ min: 1, max: 100_000_000 }).map((cents) => cents / 100),
  fc.integer({ min: 1, max: 9_999 }).map((units) => units / 10_000),
);
const shares = fc.oneof(fc.integer({ min: 1, max: 10_000_000 }), ratio);
const symbol = fc.constantFrom('A', 'AAPL', 'BRK.B', 'ABCDEF.WS', 'O:SPY260220C00600000');
const direction = fc.constantFrom('long' as const, 'short' as const);

/** Sentences as others could write them: long, with markup, mentions, half characters and open fences. */
const words = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(
      fc.constantFrom('```', '**', '@everyone ', '<@1>', '\n', '😀', 'https://x.example ', '\uD83D', 'word '),
      fc.integer({ min: 1, max: 900 }),
    )
    .map(([part, times]) => part.repeat(times)),
);

/** Any plan, far beyond what the engine makes. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    planId: hex,
    engineVersion: fc.integer({ min: 1, max: 99 }),
    symbol,
    direction,
    setup: fc.record({
      setupId: hex,
      detector: words,
      title: words,
      timeframe: fc.constantFrom('1m', '5m', '1h'),
      detectedAt: instant,
    }),
    decidedAt: instant,
    expiresAt: instant,
    referencePrice: price,
    entry: fc.record({ triggerPrice: price, limitPrice: price }),
    stop: fc.record({
      price,
      basis: fc.constantFrom('atr' as const, 'ema' as const, 'structure' as const),
      reason: words,
    }),
    targets: fc.array(
      fc.record({ name: fc.constantFrom('T1', 'T2', 'T3'), price, r, shareRatio: ratio, reason: words }),
      {
        maxLength: 4,
      },
    ),
    riskPerShare: price,
    confidence: fc.record({
      score: fc.integer({ min: 0, max: 100 }),
      measured: fc.boolean(),
      factors: fc.array(fc.record({ key: words, label: words, value: r, score: r, weight: r, contribution: r }), {
        maxLength: 12,
      }),
    }),
    rationale: fc.record({ for: fc.array(words, { maxLength: 8 }), against: fc.array(words, { maxLength: 8 }) }),
    invalidation: fc.record({ price, rule: words }),
  })
  .map((plan) => ({ ...samplePlan, ...plan }));

const stopAfter = price;

const anyStep: fc.Arbitrary<Step> = fc.record(
  {
    stepId: hex,
    tradeId: hex,
    seq: fc.nat(40),
    kind: fc.constantFrom(...stepSchema.shape.kind.options),
    target: fc.constantFrom('T1', 'T2', 'T3'),
    at: instant,
    price,
    plannedPrice: price,
    shares: fc.oneof(shares, fc.constant(0)),
    reason: words,
    stopAfter,
    remainingShares: fc.oneof(shares, fc.constant(0)),
    realisedR: r,
  },
  {
    requiredKeys: ['stepId', 'tradeId', 'seq', 'kind', 'at', 'shares', 'reason', 'remainingShares', 'realisedR'],
  },
);

const anyResult = fc.record({
  outcome: fc.constant('stopped' as const),
  realisedR: r,
  mfeR: r,
  maeR: r,
  minutesHeld: fc.nat(100_000),
  slippage: r,
});

export const anyStepAlert: fc.Arbitrary<StepAlert> = fc.record(
  {
    kind: fc.constant('step' as const),
    planId: hex,
    symbol,
    direction,
    step: anyStep,
    own: fc.boolean(),
    memberId: fc.constant(null),
    result: anyResult,
    mentions: fc.constant([]),
    at: instant,
  },
  { requiredKeys: ['kind', 'planId', 'symbol', 'direction', 'step', 'own', 'memberId', 'mentions', 'at'] },
);

export const anyHealthAlert: fc.Arbitrary<HealthAlert> = fc.record({
  kind: fc.constant('health' as const),
  part: words,
  state: fc.constantFrom('down' as const, 'up' as const),
  since: instant,
  at: instant,
  reason: words,
  works: words,
});

/** A trade of a plan in any state, also those that cannot be. */
export const anyLife = (plan: Plan): fc.Arbitrary<ShownLife & { readonly trade: Trade }> =>
  fc
    .record({
      state: fc.constantFrom(...tradeSchema.shape.state.options),
      closedAs: fc.constantFrom(...tradeSchema.shape.closedAs.unwrap().options),
      closedAt: instant,
      shares,
      remaining: shares,
      fill: fc.option(fc.record({ price, at: instant }), { nil: undefined }),
      exits: fc.array(fc.record({ price, shares }), { maxLength: 3 }),
      targetsHit: fc.nat(4),
      splitFactor: fc.constantFrom(1, 2, 10, 0.1),
      suspended: fc.option(fc.record({ ratio: fc.constant(2), since: instant }), { nil: undefined }),
      last: price,
    })
    .map(({ state, closedAs, closedAt, fill, suspended, remaining, last, ...more }) => {
      const base = openTrade(plan, { memberId: '4711', shares: 1, takenAt: plan.decidedAt });
      const trade: Trade = {
        ...base,
        ...more,
        state,
        remainingShares: remaining,
        ...(state === 'closed' ? { closedAs, closedAt } : {}),
        ...(fill === undefined ? {} : { fill }),
        ...(suspended === undefined ? {} : { suspended }),
      };
      return { trade, head: headOf(trade, last), result: resultOf(trade) };
    });

export const anyProvenance: fc.Arbitrary<Provenance> = fc.record(
  {
    asOf: instant,
    source: words,
    timeliness: fc.constantFrom('live' as const, 'delayed' as const, 'stale' as const),
    note: words,
  },
  { requiredKeys: ['asOf', 'source', 'timeliness'] },
);

export { anyStep, words as anyWords };
