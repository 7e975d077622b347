import type { Bar } from '../../../src/domain/bar.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { atNewYork } from '../../../src/domain/session.ts';
import { advanceAll } from '../../../src/domain/trade/advance.ts';
import type { Step, Trade, TradeEvent } from '../../../src/domain/trade.ts';
import { openTrade } from '../../../src/domain/trade.ts';

const MINUTE_MS = 60_000;

/** Everything in these tables happens on a plain Tuesday unless it says otherwise. */
const ON = '2013-10-08';

export const at = (time: string, on = ON): number => atNewYork(on, time);

/**
 * Buy above 100, up to 100.20; stop 99, so a dollar is 1 R; half at 101, a quarter at 102, an eighth at 103, the rest trails by 1.50.
 * Wrong if five minutes close under 99.40; ends 15:30. Decided 10:30 at 99.80.
 */
export const longPlan: Plan = {
  planId: 'a'.repeat(64),
  engineVersion: 1,
  symbol: 'TEST',
  direction: 'long',
  setup: { setupId: 's', detector: 'd', title: 'a breakout', timeframe: '5m', detectedAt: at('10:30') },
  decidedAt: at('10:30'),
  expiresAt: at('15:30'),
  referencePrice: 99.8,
  entry: { triggerPrice: 100, limitPrice: 100.2 },
  stop: { price: 99, basis: 'structure', reason: 'under the range' },
  stopsNotChosen: [],
  targets: [
    { name: 'T1', price: 101, r: 1, shareRatio: 0.5 },
    { name: 'T2', price: 102, r: 2, shareRatio: 0.25 },
    { name: 'T3', price: 103, r: 3, shareRatio: 0.125 },
  ],
  runner: { shareRatio: 0.125, trailAtrs: 1.5, trailDistance: 1.5, reason: 'fixed' },
  atr: 1,
  riskPerShare: 1,
  size: { shares: 80, riskDollars: 80, accountDollars: 8_000, riskPct: 1, reason: '1 %' },
  confidence: { score: 50, measured: false, factors: [] },
  rationale: { for: [], against: [] },
  invalidation: { price: 99.4, rule: 'a 5 min bar closes under 99.40 before the trigger' },
};

const flip = (price: number): number => Math.round((200 - price) * 10_000) / 10_000;

/** The same plan in a mirror at 100. */
export const shortPlan: Plan = {
  ...longPlan,
  planId: 'b'.repeat(64),
  direction: 'short',
  referencePrice: flip(99.8),
  entry: { triggerPrice: 100, limitPrice: flip(100.2) },
  stop: { ...longPlan.stop, price: flip(99) },
  targets: longPlan.targets.map((target) => ({ ...target, price: flip(target.price) })),
  invalidation: { price: flip(99.4), rule: 'a 5 min bar closes over 100.60 before the trigger' },
};

/** A minute as `time open high low close`, or several minutes in a row from one time. */
export type Row = readonly [time: string, open: number, high: number, low: number, close: number];

export function bar([time, open, high, low, close]: Row, on = ON): Bar {
  return { symbol: 'TEST', timeframe: '1m', openAt: at(time, on), open, high, low, close, volume: 1_000 };
}

export const mirrored = (one: Bar): Bar => ({
  ...one,
  open: flip(one.open),
  high: flip(one.low),
  low: flip(one.high),
  close: flip(one.close),
});

export const barEvents = (bars: readonly Bar[]): readonly TradeEvent[] =>
  bars.map((one) => ({ kind: 'bar', bar: one }));

export const taken = { memberId: '1', shares: 80, takenAt: at('10:30') };

/** An armed trade of 80 shares. */
export const armed = (more: Partial<Plan> = {}): Trade => openTrade({ ...longPlan, ...more }, taken);

export const clockAt = (time: string, on = ON): TradeEvent => ({ kind: 'clock', at: at(time, on) });

/** Follows rows of the day. */
export const follow = (trade: Trade, rows: readonly Row[]) => advanceAll(trade, barEvents(rows.map((row) => bar(row))));

/** The row that fills at 100 and closes at 100.40, at 10:30. */
export const FILLED: Row = ['10:30', 99.8, 100.5, 99.7, 100.4];

/** A step without its names: kind (and target), time, price, shares, stop, rest, R. */
export function told(step: Step): string {
  const time = new Date(step.at - 4 * 60 * MINUTE_MS).toISOString().slice(11, 16);
  const kind = step.target ?? step.kind;
  const price = step.price === undefined ? '' : ` ${step.price}`;
  const stop = step.stopAfter === undefined ? '' : ` stop ${step.stopAfter}`;
  return `${time} ${kind}${price} x${step.shares}${stop} rest ${step.remainingShares} ${step.realisedR} R`;
}
