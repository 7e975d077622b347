import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import type { StockSnapshot } from '../../src/domain/market.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { barClosesBetween, scanAt } from '../../src/domain/scan.ts';
import { inOrderOfOffer, mostActive, refusalOfOffer, stands } from '../../src/domain/scan-policy.ts';
import { wallClock } from '../../src/domain/session.ts';
import { dayOn } from './ask.ts';
import { calendar, recording } from './market-data.ts';

const MINUTE_MS = 60_000;
const ibm = recording('IBM', '2013');
const day = dayOn('2013-10-08');
const judged = barClosesBetween(day, day.opensAt, day.closesAt).flatMap((at) =>
  scanAt({ ...ibm, calendar, day, at, now: at, detectors }),
);
const plans = judged.flatMap(({ result }) => (result.ok ? [result.plan] : []));
const [first] = plans;
if (!first) throw new Error('IBM had no plan that day');

const known = { day, offered: [] as readonly Plan[], minutes: ibm.minutes, isWatched: false };
const movedTo = (plan: Plan, decidedAt: number, planId = plan.planId): Plan => ({ ...plan, decidedAt, planId });
const quiet: Bar = {
  symbol: 'IBM',
  timeframe: '1m',
  openAt: first.decidedAt,
  open: first.referencePrice,
  high: first.referencePrice,
  low: first.referencePrice,
  close: first.referencePrice,
};

describe('an offer', () => {
  test('is made until 45 minutes before the close, not after', () => {
    const lastAt = day.closesAt - 45 * MINUTE_MS;
    expect(refusalOfOffer(movedTo(first, lastAt), known)).toBeUndefined();
    expect(refusalOfOffer(movedTo(first, lastAt + 5 * MINUTE_MS), known)).toEqual({
      code: 'too_late',
      reason: '40 minutes are left until the close, an offer needs 45.',
    });
  });

  test('stands alone for its symbol and direction until its own life is over', () => {
    const later = movedTo(first, first.decidedAt + 5 * MINUTE_MS, 'other');
    const refusal = refusalOfOffer(later, { day, offered: [first], minutes: [quiet], isWatched: true });
    expect(refusal?.code).toBe('standing');
    expect(refusal?.reason).toContain(wallClock(first.decidedAt));
    const other = first.direction === 'long' ? 'short' : 'long';
    expect(
      refusalOfOffer({ ...later, direction: other }, { day, offered: [first], minutes: [quiet], isWatched: true }),
    ).toBeUndefined();
    expect(
      refusalOfOffer({ ...later, symbol: 'SPY' }, { day, offered: [first], minutes: [quiet], isWatched: true }),
    ).toBeUndefined();
    const stop = first.stop.price;
    const trigger = first.entry.triggerPrice;
    const stoppedOut = [
      quiet,
      {
        ...quiet,
        openAt: quiet.openAt + MINUTE_MS,
        high: Math.max(trigger, quiet.high),
        low: Math.min(trigger, quiet.low),
      },
      { ...quiet, openAt: quiet.openAt + 2 * MINUTE_MS, open: stop, high: stop, low: stop, close: stop },
      { ...quiet, openAt: quiet.openAt + 3 * MINUTE_MS, open: stop, high: stop, low: stop, close: stop },
    ];
    expect(stands(first, stoppedOut, first.decidedAt + 2 * MINUTE_MS)).toBe(true);
    expect(stands(first, stoppedOut, later.decidedAt)).toBe(false);
    expect(refusalOfOffer(later, { day, offered: [first], minutes: stoppedOut, isWatched: true })).toBeUndefined();
  });

  const offered = (count: number, at: number): readonly Plan[] =>
    Array.from({ length: count }, (_, index) => ({ ...movedTo(first, at, `p${index}`), symbol: `S${index}` }));
  const HOUR_MS = 60 * MINUTE_MS;

  test('is one of four in an hour when nobody asked for it; a watched symbol is asked for', () => {
    const busy = { ...known, offered: offered(4, first.decidedAt) };
    expect(refusalOfOffer(first, { ...known, offered: offered(3, first.decidedAt) })).toBeUndefined();
    expect(refusalOfOffer(first, busy)).toEqual({
      code: 'enough',
      reason: '4 plans were offered in the last hour, at most 4 are unasked; a watched symbol is offered all the same.',
    });
    expect(refusalOfOffer(first, { ...busy, isWatched: true })).toBeUndefined();
    expect(refusalOfOffer(first, { ...known, offered: offered(4, first.decidedAt - HOUR_MS) })).toBeUndefined();
  });

  test('is one of twenty in a session, and those that a replay made later do not count', () => {
    const watched = { ...known, isWatched: true };
    const before = first.decidedAt - HOUR_MS;
    expect(refusalOfOffer(first, { ...watched, offered: offered(19, before) })).toBeUndefined();
    expect(refusalOfOffer(first, { ...watched, offered: offered(20, before) })).toEqual({
      code: 'enough',
      reason: '20 plans were offered this session, at most 20 are.',
    });
    expect(refusalOfOffer(first, { ...watched, offered: offered(20, first.decidedAt + MINUTE_MS) })).toBeUndefined();
  });

  test('of one bar goes to the setup with most confidence, whatever order they were found in', () => {
    const right = inOrderOfOffer(judged).map(({ setup }) => setup.setupId);
    const scores = inOrderOfOffer(judged).map(({ result }) => (result.ok ? result.plan.confidence.score : -1));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    fc.assert(
      fc.property(fc.shuffledSubarray([...judged], { minLength: judged.length }), (shuffled) => {
        // setups of one symbol, detector and direction are on different bars and never meet
        const byName = inOrderOfOffer(shuffled).map(({ result }) => (result.ok ? result.plan.confidence.score : -1));
        expect(byName).toEqual(scores);
      }),
      { numRuns: 50 },
    );
    expect(right).toHaveLength(judged.length);
  });
});

describe('the most active', () => {
  const day = (dollars: number) => ({ open: 1, high: 1, low: 1, close: 1, volume: dollars });
  /** The last session ranked by number, today backwards. */
  const stocks: readonly StockSnapshot[] = Array.from({ length: 60 }, (_, index) => ({
    symbol: `S${String.fromCharCode(65 + Math.floor(index / 26))}${String.fromCharCode(65 + (index % 26))}`,
    previousDay: day(1_000_000 - index),
    day: day(1_000_000 + index),
    updatedAt: 0,
  }));
  const symbols = stocks.map(({ symbol }) => symbol);

  test("are the first twenty of the last session, and today's first five once the day is running", () => {
    expect(mostActive(stocks, new Set(), false)).toEqual(symbols.slice(0, 20));
    expect(mostActive(stocks, new Set(), true)).toEqual([...symbols.slice(0, 20), ...symbols.slice(-5).reverse()]);
  });

  test('are stocks and funds, never an index or what has no price of a day', () => {
    const odd = [
      { symbol: 'I:SPX', day: day(9e9), previousDay: day(9e9), updatedAt: 0 },
      { symbol: 'NEW', updatedAt: 0 },
    ];
    expect(mostActive([...odd, ...stocks], new Set(), true)).toEqual(mostActive(stocks, new Set(), true));
  });

  test("stay for the session, never more than thirty, and the last session's are always among them", () => {
    const today = fc.array(fc.nat(1e9), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(today, { minLength: 1, maxLength: 15 }), (readings) => {
        let held = mostActive(stocks, new Set(), false);
        for (const volumes of readings) {
          const now = stocks.map((stock, index) => ({ ...stock, day: day(volumes[index] ?? 0) }));
          const next = mostActive(now, new Set(held), true);
          expect(next.slice(0, held.length)).toEqual(held);
          expect(next.length).toBeLessThanOrEqual(30);
          held = next;
        }
        expect(held).toEqual(expect.arrayContaining(symbols.slice(0, 20)));
      }),
      { numRuns: 100 },
    );
  });
});
