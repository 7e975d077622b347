import { describe, expect, test } from 'vitest';
import { advance, advanceAll } from '../../../src/domain/trade/advance.ts';
import { resultOf } from '../../../src/domain/trade/result.ts';
import { openTrade } from '../../../src/domain/trade.ts';
import type { Row } from './table.ts';
import {
  armed,
  at,
  bar,
  barEvents,
  clockAt,
  FILLED,
  follow,
  longPlan,
  mirrored,
  shortPlan,
  taken,
  told,
} from './table.ts';

const steps = (rows: readonly Row[]) => follow(armed(), rows).steps;

describe('an armed trade', () => {
  test('is filled at the trigger by the minute that trades through it', () => {
    const { trade, steps: made } = follow(armed(), [
      ['10:30', 99.8, 99.95, 99.7, 99.9],
      ['10:31', 99.9, 100.1, 99.8, 100.05],
    ]);
    expect(made.map(told)).toEqual(['10:32 triggered 100 x80 stop 99 rest 80 0 R']);
    expect(made[0]?.plannedPrice).toBeUndefined();
    expect(trade).toMatchObject({ state: 'triggered', fill: { price: 100, at: at('10:32') }, timeStopAt: at('16:00') });
  });

  test('is filled at the open where that lies inside the entry zone, and says what the plan wanted', () => {
    const [made] = steps([['10:30', 100.15, 100.3, 100.1, 100.2]]);
    expect(made).toMatchObject({ kind: 'triggered', price: 100.15, plannedPrice: 100 });
    expect(made?.reason).toContain('filled at the open');
    expect(resultOf(follow(armed(), [['10:30', 100.15, 100.3, 100.1, 100.2]]).trade).slippage).toBe(0.15);
  });

  test('is not filled beyond its limit: said once, and the order waits there', () => {
    const { trade, steps: made } = follow(armed(), [
      ['10:30', 100.4, 100.6, 100.3, 100.5],
      ['10:31', 100.5, 100.7, 100.4, 100.6],
      ['10:32', 100.6, 100.6, 100.1, 100.2],
    ]);
    expect(made.map(told)).toEqual([
      '10:31 missed 100.4 x0 rest 0 0 R',
      '10:33 triggered 100.2 x80 stop 99 rest 80 0 R',
    ]);
    expect(made[0]).toMatchObject({ plannedPrice: 100.2 });
    expect(made[0]?.reason).toContain('no fill');
    // what came before the fill is not its best price
    expect(trade.best).toBe(100.2);
  });

  test('ends when its first target is reached without a fill', () => {
    const made = steps([
      ['10:30', 100.4, 100.6, 100.3, 100.5],
      ['10:31', 100.5, 101, 100.4, 100.9],
    ]);
    expect(made.map(told)).toEqual(['10:31 missed 100.4 x0 rest 0 0 R', '10:32 invalidated x0 rest 0 0 R']);
  });

  test('ends when the stop trades before the trigger', () => {
    expect(steps([['10:30', 99.8, 99.9, 98.9, 99.2]]).map(told)).toEqual(['10:31 invalidated x0 rest 0 0 R']);
    expect(steps([['10:30', 98.9, 100.4, 98.8, 100.3]]).map(told)).toEqual(['10:31 invalidated x0 rest 0 0 R']);
  });

  test('ends when five minutes close past its invalidation, not when one minute does', () => {
    const rows: Row[] = [
      ['10:30', 99.8, 99.8, 99.2, 99.3],
      ['10:34', 99.3, 99.5, 99.3, 99.4],
      ['10:37', 99.4, 99.4, 99.2, 99.3],
      ['10:41', 99.3, 99.9, 99.3, 99.9],
    ];
    const made = steps(rows);
    // 99.40 at 10:35 is not under 99.40; 99.30 at 10:40 is, though its last minute was silent
    expect(made.map(told)).toEqual(['10:40 invalidated 99.3 x0 rest 0 0 R']);
    const early = follow(armed(), rows.slice(0, 3));
    expect(advance(early.trade, clockAt('10:40')).steps.map((one) => one.stepId)).toEqual([made[0]?.stepId]);
  });

  test('is not judged by the price it was decided at', () => {
    const below = follow(armed({ referencePrice: 99.3 }), [['10:37', 99.5, 99.6, 99.4, 99.5]]);
    expect(below.steps).toEqual([]);
  });

  test('expires half an hour before the close, by the clock or by the next minute', () => {
    const waiting = follow(armed(), [['15:28', 99.8, 99.9, 99.7, 99.8]]).trade;
    const byClock = advance(waiting, clockAt('15:30'));
    const byBar = follow(waiting, [['15:31', 99.8, 100.5, 99.8, 100.5]]);
    const byOwn = follow(waiting, [['15:29', 99.8, 99.9, 99.8, 99.9]]);
    for (const { steps: made } of [byClock, byBar, byOwn]) {
      expect(made.map(told)).toEqual(['15:30 expired x0 rest 0 0 R']);
    }
    expect(advance(waiting, clockAt('15:29')).trade).toBe(waiting);
  });

  test('can still trigger in the last minute before it expires', () => {
    const { trade, steps: made } = follow(armed(), [['15:29', 99.9, 100.3, 99.9, 100.2]]);
    expect(made.map(told)).toEqual(['15:30 triggered 100 x80 stop 99 rest 80 0 R']);
    expect(trade.state).toBe('triggered');
  });

  test('does not look at minutes from before it was taken, nor at other stocks or hours', () => {
    const late = openTrade(longPlan, { ...taken, takenAt: at('10:31') + 1 });
    expect(follow(late, [FILLED, ['10:31', 100, 101, 99.9, 100]]).trade).toBe(late);
    const other = { ...bar(FILLED), symbol: 'ELSE' };
    expect(advanceAll(armed(), barEvents([other])).steps).toEqual([]);
    expect(
      follow(armed(), [
        ['16:00', 100, 103, 98, 100],
        ['08:00', 100, 103, 98, 100],
      ]).steps,
    ).toEqual([]);
  });

  test('taken with a fill price reports that fill first', () => {
    const mine = openTrade(longPlan, { ...taken, takenAt: at('10:33'), fillPrice: 100.11 });
    const { trade, steps: made } = advance(mine, clockAt('10:33'));
    expect(made.map(told)).toEqual(['10:33 triggered 100.11 x80 stop 99 rest 80 0 R']);
    expect(trade.claimedFill).toBeUndefined();
    const both = follow(mine, [['10:33', 100.2, 100.3, 98.9, 99]]);
    expect(both.steps.map(told)).toEqual([told(made[0] ?? never()), '10:34 stopped 99 x80 rest 0 -1.11 R']);
  });

  test('of a short is the mirror of a long', () => {
    const rows: Row[] = [FILLED, ['10:31', 100.4, 101.2, 100.3, 101.1], ['10:32', 101.1, 101.1, 99.9, 100.2]];
    const long = follow(armed(), rows);
    const short = advanceAll(openTrade(shortPlan, taken), barEvents(rows.map((row) => mirrored(bar(row)))));
    expect(short.steps.map(({ kind, at: when, realisedR }) => [kind, when, realisedR])).toEqual(
      long.steps.map(({ kind, at: when, realisedR }) => [kind, when, realisedR]),
    );
    expect(short.steps.map((one) => one.price)).toEqual([100, 99, 100]);
    expect(resultOf(short.trade)).toEqual(resultOf(long.trade));
  });
});

function never(): never {
  throw new Error('there was no step');
}
