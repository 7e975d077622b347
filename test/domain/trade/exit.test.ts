import { describe, expect, test } from 'vitest';
import { advance } from '../../../src/domain/trade/advance.ts';
import { resultOf } from '../../../src/domain/trade/result.ts';
import { openTrade } from '../../../src/domain/trade.ts';
import type { Row } from './table.ts';
import { armed, bar, clockAt, FILLED, follow, longPlan, taken, told } from './table.ts';

const T1: Row = ['10:31', 100.4, 101.1, 100.3, 101];
const T2: Row = ['10:32', 101, 102.2, 100.9, 102.1];
const T3: Row = ['10:33', 102.1, 103.4, 102, 103.3];

const sinceEntry = (rows: readonly Row[]): readonly string[] => follow(armed(), rows).steps.slice(1).map(told);

describe('a triggered trade', () => {
  test('is stopped at its stop', () => {
    expect(sinceEntry([FILLED, ['10:31', 100.4, 100.6, 98.9, 99.1]])).toEqual(['10:32 stopped 99 x80 rest 0 -1 R']);
  });

  test('is stopped, or paid, by the touch', () => {
    expect(sinceEntry([FILLED, ['10:31', 100.4, 100.6, 99, 99.1]])).toEqual(['10:32 stopped 99 x80 rest 0 -1 R']);
    expect(sinceEntry([FILLED, ['10:31', 100.4, 100.99, 99.01, 100.9]])).toEqual([]);
    expect(sinceEntry([FILLED, ['10:31', 100.4, 101, 100.3, 100.9]])).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
    ]);
    const { steps } = follow(armed(), [FILLED, ['10:31', 99, 99.2, 98.9, 99.1]]);
    expect(steps[1]).toMatchObject({ price: 99, reason: 'opened on the stop 99.00' });
  });

  test('is filled at the open where the market opens through the stop, and says so', () => {
    const { steps } = follow(armed(), [FILLED, ['10:31', 98.5, 98.7, 98.4, 98.6]]);
    expect(steps.slice(1).map(told)).toEqual(['10:32 stopped 98.5 x80 rest 0 -1.5 R']);
    expect(steps[1]).toMatchObject({ plannedPrice: 99 });
    expect(steps[1]?.reason).toBe('opened at 98.50, through the stop 99.00: filled at the open');
  });

  test('is stopped, not paid, where one minute reaches both, and says so', () => {
    const { steps } = follow(armed(), [FILLED, ['10:31', 100.4, 101.5, 98.9, 101.4]]);
    expect(steps.slice(1).map(told)).toEqual(['10:32 stopped 99 x80 rest 0 -1 R']);
    expect(steps[1]?.reason).toBe('traded through the stop 99.00; T1 101.00 in the same minute, the worse one counts');
  });

  test('can be stopped in the minute of its entry', () => {
    const { steps } = follow(armed(), [['10:30', 99.8, 101.2, 98.9, 101]]);
    expect(steps.map(told)).toEqual([
      '10:31 triggered 100 x80 stop 99 rest 80 0 R',
      '10:31 stopped 99 x80 rest 0 -1 R',
    ]);
    expect(steps[1]?.reason).toContain('in the minute of the entry');
  });

  test('can reach its target in the minute of its entry', () => {
    expect(sinceEntry([['10:30', 99.8, 101.2, 99.7, 101.1]])).toEqual(['10:31 T1 101 x40 stop 100 rest 40 0.5 R']);
  });
});

describe('a trade that scales out', () => {
  test('sells half, a quarter, an eighth; break-even after the first; the rest trails the best price', () => {
    const { trade, steps } = follow(armed(), [
      FILLED,
      T1,
      T2,
      T3,
      ['10:34', 103.3, 105, 103.2, 104.8],
      ['10:35', 104.8, 104.9, 103.4, 103.6],
    ]);
    expect(steps.slice(1).map(told)).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
      '10:33 T2 102 x20 stop 100 rest 20 1 R',
      '10:34 T3 103 x10 stop 100 rest 10 1.375 R',
      // best 105, 1.50 behind it: 3.50 R on an eighth
      '10:36 trailed 103.5 x10 rest 0 1.8125 R',
    ]);
    expect(resultOf(trade)).toEqual({
      outcome: 'trailed',
      realisedR: 1.8125,
      mfeR: 5,
      maeR: 0,
      minutesHeld: 5,
      slippage: 0,
    });
  });

  test('gives back nothing but the rest at break-even', () => {
    expect(sinceEntry([FILLED, T1, ['10:32', 101, 101.2, 99.9, 100.1]])).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
      '10:33 stopped 100 x40 rest 0 0.5 R',
    ]);
  });

  test('sells at the open where the market opens beyond a target, and the moved stop counts from there', () => {
    const { steps } = follow(armed(), [FILLED, ['10:31', 101.4, 101.6, 99.9, 100.2]]);
    expect(steps.slice(1).map(told)).toEqual([
      '10:32 T1 101.4 x40 stop 100 rest 40 0.7 R',
      '10:32 stopped 100 x40 rest 0 0.7 R',
    ]);
    expect(steps[1]).toMatchObject({ plannedPrice: 101, reason: 'opened at 101.40, beyond it; stop to 100.00' });
  });

  test('reaches several targets in one minute, in order', () => {
    expect(sinceEntry([FILLED, ['10:31', 100.4, 102.9, 100.3, 102.5]])).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
      '10:32 T2 102 x20 stop 100 rest 20 1 R',
    ]);
  });

  test('is out at the close of a minute that moves the stop and falls back through it', () => {
    expect(sinceEntry([FILLED, ['10:31', 100.4, 101.2, 99.8, 99.9]])).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
      '10:32 stopped 99.9 x40 rest 0 0.45 R',
    ]);
    expect(sinceEntry([FILLED, T1, T2, ['10:33', 102.1, 104.9, 102, 103.1]]).slice(2)).toEqual([
      '10:34 T3 103 x10 stop 100 rest 10 1.375 R',
      '10:34 trailed 103.1 x10 rest 0 1.7625 R',
    ]);
  });

  test('is out at break-even where the minute of the first target also trades there: the worse order counts', () => {
    // 99.9 came before or after 101.2, nobody knows
    const { steps } = follow(armed(), [FILLED, ['10:31', 100.4, 101.2, 99.9, 101]]);
    expect(steps.slice(1).map(told)).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
      '10:32 stopped 100 x40 rest 0 0.5 R',
    ]);
    expect(steps[2]?.reason).toBe(
      'traded at the break-even stop 100.00 in the minute of T1: whether before or after is open, the worse one counts',
    );
    // a second target may have come after the way back, at break-even or through it
    expect(sinceEntry([FILLED, ['10:31', 100.4, 102.9, 100, 102.5]])).toEqual(steps.slice(1).map(told));
    expect(sinceEntry([FILLED, ['10:31', 100.4, 102.9, 99.8, 99.9]])).toEqual([
      '10:32 T1 101 x40 stop 100 rest 40 0.5 R',
      '10:32 stopped 99.9 x40 rest 0 0.45 R',
    ]);
    expect(sinceEntry([FILLED, ['10:31', 100.4, 101.2, 100.01, 101]])).toHaveLength(1);
  });

  test('keeps break-even where a wide trail would stand below it', () => {
    const wide = armed({ runner: { ...longPlan.runner, trailDistance: 5 } });
    expect(follow(wide, [FILLED, T1, T2, T3]).trade.stop).toEqual({ price: 100, basis: 'break_even' });
  });

  test('never lowers the trailing stop', () => {
    const stops = [T3, ['10:34', 103.3, 105, 103.2, 104.8], ['10:35', 104.8, 104.9, 103.9, 104]] as const;
    let { trade } = follow(armed(), [FILLED, T1, T2]);
    const seen = stops.map((row) => {
      trade = advance(trade, { kind: 'bar', bar: bar(row) }).trade;
      return trade.stop.price;
    });
    expect(seen).toEqual([101.9, 103.5, 103.5]);
  });
});

describe('time', () => {
  const held: readonly Row[] = [FILLED, ['15:58', 100.4, 100.6, 100.3, 100.5]];

  test('closes what is open at the close of the session, at the last price', () => {
    expect(sinceEntry([...held, ['15:59', 100.5, 100.7, 100.4, 100.6]])).toEqual([
      '16:00 timed_out 100.6 x80 rest 0 0.6 R',
    ]);
    const silent = advance(follow(armed(), held).trade, clockAt('16:00'));
    expect(silent.steps.map(told)).toEqual(['16:00 timed_out 100.5 x80 rest 0 0.5 R']);
  });

  test('waits for the next print where the stock was halted into the close', () => {
    const halted = follow(armed(), [FILLED, ['14:00', 100.4, 100.6, 100.3, 100.5]]).trade;
    const closed = advance(halted, clockAt('16:00'));
    expect(closed).toEqual({ trade: halted, steps: [] });
    const morning = advance(closed.trade, { kind: 'bar', bar: bar(['09:30', 99.7, 99.9, 99.5, 99.6], '2013-10-09') });
    expect(morning.steps.map(told)).toEqual(['09:31 timed_out 99.7 x80 rest 0 -0.3 R']);
    expect(morning.steps[0]?.reason).toContain('no trade before the close');
  });

  test('counts the minutes held', () => {
    const { trade } = follow(armed(), [FILLED, ['11:22', 100.4, 100.5, 98.9, 99]]);
    expect(resultOf(trade)).toMatchObject({ minutesHeld: 52, maeR: -1, mfeR: 0.5 });
  });
});

describe('small and plain plans', () => {
  test('a single share is never sold in part, but its stop moves', () => {
    const one = openTrade(longPlan, { ...taken, shares: 1 });
    const { steps } = follow(one, [FILLED, T1, ['10:32', 101, 101.2, 99.9, 100.1]]);
    expect(steps.slice(1).map(told)).toEqual([
      '10:32 T1 101 x0 stop 100 rest 1 0 R',
      '10:33 stopped 100 x1 rest 0 0 R',
    ]);
    expect(steps[1]?.reason).toContain('too few shares');
  });

  test('a plan without a runner is complete at its last target', () => {
    const [first] = longPlan.targets;
    if (!first) throw new Error('the plan has no target');
    const plan = { targets: [{ ...first, shareRatio: 1 }], runner: { ...longPlan.runner, shareRatio: 0 } };
    const { trade, steps } = follow(armed(plan), [FILLED, ['10:31', 100.4, 101.9, 100.3, 101.5]]);
    expect(steps.slice(1).map(told)).toEqual(['10:32 T1 101 x80 rest 0 1 R']);
    expect(trade).toMatchObject({ state: 'closed', closedAs: 'completed', closedAt: steps[1]?.at });
    expect(resultOf(trade).mfeR).toBe(1);
  });
});
