import { z } from 'zod';
import type { Bar, TradeTick } from './bar.ts';
import { hashOf } from './canonical.ts';
import type { Plan } from './plan.ts';
import { sharesAtTargets } from './trade/scale-out.ts';

const ENDS = [
  'stopped',
  'trailed',
  'timed_out',
  'completed',
  'closed_by_member',
  'expired',
  'invalidated',
  'cancelled',
] as const;

const STEP_KINDS = ['triggered', 'missed', 'target', 'fill_corrected', 'suspended', 'resumed', ...ENDS] as const;

/** One transition of a trade. Prices and shares are the market's of that day, also after a split. */
export const stepSchema = z.object({
  /** Hash of trade, seq and transition: the same tape gives the same ids. */
  stepId: z.string(),
  tradeId: z.string(),
  /** 0, 1, 2 ... without a hole. */
  seq: z.number(),
  kind: z.enum(STEP_KINDS),
  /** The target's name: T1. */
  target: z.string().exactOptional(),
  /** Market time at which it was known: the close of its minute. */
  at: z.number(),
  price: z.number().exactOptional(),
  /** What the plan said where the market gave another price. */
  plannedPrice: z.number().exactOptional(),
  /** Bought or sold by this step; 0 where nothing changed hands. */
  shares: z.number(),
  reason: z.string(),
  /** Absent before the entry and after the end. */
  stopAfter: z.number().exactOptional(),
  remainingShares: z.number(),
  /** Banked so far, as a multiple of the whole position's planned risk. */
  realisedR: z.number(),
});

export type Step = z.infer<typeof stepSchema>;
export type StepKind = Step['kind'];
/** How a trade ended; `completed` sold its last share at a target, and that target is its last step. */
export type ClosedAs = (typeof ENDS)[number];

const minuteSchema = z.object({
  openAt: z.number(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
});

/** The prices of one closed minute. */
export type Minute = z.infer<typeof minuteSchema>;

const printSchema = z.object({ at: z.number(), price: z.number() });

/**
 * One member's trade of one plan, or the shadow of a plan that nobody took. Plain data that goes on where it was stored. Prices and
 * shares in it are in the plan's terms: after a split `splitFactor` leads to the market's.
 */
export const tradeSchema = z.object({
  tradeId: z.string(),
  planId: z.string(),
  /** Null for a shadow, which has one share and sells parts of it. */
  memberId: z.string().nullable(),
  symbol: z.string(),
  direction: z.enum(['long', 'short']),
  shares: z.number(),
  state: z.enum(['armed', 'triggered', 'scaled', 'closed']),
  closedAs: z.enum(ENDS).exactOptional(),
  closedAt: z.number().exactOptional(),
  /** Steps so far, which is the next step's seq. */
  seq: z.number(),
  entry: z.object({ triggerPrice: z.number(), limitPrice: z.number() }),
  riskPerShare: z.number(),
  atr: z.number(),
  targets: z.array(z.object({ name: z.string(), price: z.number(), shares: z.number() })),
  trailDistance: z.number(),
  invalidationPrice: z.number(),
  expiresAt: z.number(),
  /** Minutes that open before it do not count. */
  armedAt: z.number(),
  /** The price a member says to have paid when taking the plan; the first event reports it. */
  claimedFill: z.number().exactOptional(),
  fill: z.object({ price: z.number(), at: z.number() }).exactOptional(),
  timeStopAt: z.number().exactOptional(),
  stop: z.object({ price: z.number(), basis: z.enum(['plan', 'break_even', 'trail']) }),
  targetsHit: z.number(),
  exits: z.array(z.object({ price: z.number(), shares: z.number() })),
  remainingShares: z.number(),
  /** Best and worst price while held. */
  best: z.number().exactOptional(),
  worst: z.number().exactOptional(),
  missedAt: z.number().exactOptional(),
  /** The last price that is believed, and when its minute closed. */
  last: z.object({ price: z.number(), closedAt: z.number() }),
  /** Five-minute closes up to here have been judged. */
  judgedTo: z.number(),
  /** A minute that leaped too far to be believed before the next one confirms it. */
  held: minuteSchema.exactOptional(),
  /** First prints of the open minute beyond a level, two of each: what ticks alone can say. */
  sighted: z
    .object({ minuteAt: z.number(), ahead: z.array(printSchema), behind: z.array(printSchema) })
    .exactOptional(),
  suspended: z.object({ ratio: z.number(), since: z.number() }).exactOptional(),
  /** New shares for one of the plan's. */
  splitFactor: z.number(),
  /** Session whose opening leap has been explained. */
  trustedOn: z.string().exactOptional(),
});

export type Trade = z.infer<typeof tradeSchema>;

/**
 * What a trade lives on. A `bar` is a closed minute and says that all before its close were delivered; `clock` says the same of
 * silent minutes, so its `at` is how far the feed is complete, never a wall clock ahead of it. A `tick` only sights.
 */
export type TradeEvent =
  | { readonly kind: 'bar'; readonly bar: Bar }
  | { readonly kind: 'tick'; readonly tick: Pick<TradeTick, 'symbol' | 'price' | 'eventAt'> }
  | { readonly kind: 'clock'; readonly at: number };

/** The trade after an event; the very same object where nothing changed. */
export interface Advance {
  readonly trade: Trade;
  readonly steps: readonly Step[];
}

/** What a member says when taking a plan; without a fill price the trade waits for the trigger. */
export interface Taken {
  readonly memberId: string;
  readonly shares: number;
  readonly fillPrice?: number;
  readonly takenAt: number;
}

/** The same member and plan are always the same trade. */
export function tradeIdOf(planId: string, memberId: string | null): string {
  return hashOf({ planId, memberId });
}

/** A member's trade, armed; `refusalOfTaking` says beforehand whether it may be. */
export function openTrade(plan: Plan, taken: Taken): Trade {
  const { memberId, shares, fillPrice, takenAt } = taken;
  const targets = sharesAtTargets(shares, plan.targets, plan.runner.shareRatio);
  const trade = armed(plan, memberId, shares, targets, Math.max(takenAt, plan.decidedAt));
  return fillPrice === undefined ? trade : { ...trade, claimedFill: fillPrice };
}

/** The life a plan would have had for one share, from the moment it was decided: what grading looks at. */
export function openShadow(plan: Plan): Trade {
  const targets = plan.targets.map(({ shareRatio }) => shareRatio);
  return armed(plan, null, 1, targets, plan.decidedAt);
}

function armed(
  plan: Plan,
  memberId: string | null,
  shares: number,
  sharesAt: readonly number[],
  armedAt: number,
): Trade {
  const { planId, symbol, direction, entry, riskPerShare, atr, runner, invalidation, expiresAt, decidedAt } = plan;
  return {
    tradeId: tradeIdOf(planId, memberId),
    planId,
    memberId,
    symbol,
    direction,
    shares,
    state: 'armed',
    seq: 0,
    entry: { ...entry },
    riskPerShare,
    atr,
    targets: plan.targets.map(({ name, price }, index) => ({ name, price, shares: sharesAt[index] ?? 0 })),
    trailDistance: runner.trailDistance,
    invalidationPrice: invalidation.price,
    expiresAt,
    armedAt,
    stop: { price: plan.stop.price, basis: 'plan' },
    targetsHit: 0,
    exits: [],
    remainingShares: 0,
    last: { price: plan.referencePrice, closedAt: decidedAt },
    judgedTo: armedAt,
    splitFactor: 1,
  };
}
