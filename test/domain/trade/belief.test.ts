import { describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/domain/bar.ts';
import { advance, advanceAll } from '../../../src/domain/trade/advance.ts';
import { closeByMember, resume } from '../../../src/domain/trade/by-member.ts';
import { headOf } from '../../../src/domain/trade/head.ts';
import { openShadow, openTrade } from '../../../src/domain/trade.ts';
import { planOf } from '../ask.ts';
import { recording } from '../market-data.ts';
import type { Row } from './table.ts';
import { armed, at, bar, barEvents, clockAt, FILLED, follow, longPlan, told } from './table.ts';

const NEXT_DAY = '2013-10-09';
const sinceEntry = (rows: readonly Row[]) =>
  follow(armed(), [FILLED, ...rows])
    .steps.slice(1)
    .map(told);

describe('a print that nothing confirms', () => {
  test('does not stop a trade: a wick that the next minute knows nothing of', () => {
    expect(
      sinceEntry([
        ['10:31', 100.4, 100.5, 50, 100.4],
        ['10:32', 100.4, 100.6, 100.3, 100.5],
      ]),
    ).toEqual([]);
  });

  test('does not stop a trade: a whole minute at half the price', () => {
    expect(
      sinceEntry([
        ['10:31', 50, 50, 50, 50],
        ['10:32', 100.4, 100.6, 100.3, 100.5],
      ]),
    ).toEqual([]);
  });

  test('does not pay a target, nor fill an entry', () => {
    expect(
      sinceEntry([
        ['10:31', 100.4, 1e12, 100.3, 100.4],
        ['10:32', 100.4, 100.6, 100.3, 100.5],
      ]),
    ).toEqual([]);
    expect(
      follow(armed(), [
        ['10:30', 99.8, 200, 99.7, 99.8],
        ['10:31', 99.8, 99.9, 99.7, 99.8],
      ]).steps,
    ).toEqual([]);
  });

  test('leaves the believable part of its minute standing', () => {
    const rows: Row[] = [
      ['10:31', 100.4, 101.2, 50, 101.1],
      ['10:32', 101.1, 101.2, 101, 101.1],
    ];
    expect(sinceEntry(rows)).toEqual(['10:32 T1 101 x40 stop 100 rest 40 0.5 R']);
    expect(
      sinceEntry([
        ['10:31', 100.4, 100.5, 50, 98.9],
        ['10:32', 98.9, 99, 98.8, 98.9],
      ]),
    ).toEqual(['10:32 stopped 99 x80 rest 0 -1 R']);
  });

  test('does not confirm another wrong price', () => {
    expect(
      sinceEntry([
        ['10:31', 60, 60, 60, 60],
        ['10:32', 50, 50, 50, 50],
        ['10:33', 100.4, 100.6, 100.3, 100.5],
        ['10:34', 100.5, 100.6, 100.3, 100.5],
      ]),
    ).toEqual([]);
  });

  test('is not confirmed by the next session', () => {
    const { trade } = follow(armed(), [FILLED, ['15:58', 100.4, 100.6, 100.3, 100.5], ['15:59', 60, 60, 60, 60]]);
    const morning = advance(trade, { kind: 'bar', bar: bar(['09:30', 60, 60, 60, 60], NEXT_DAY) });
    expect(morning.steps.map(told)).toEqual(['16:00 timed_out 100.5 x80 rest 0 0.5 R']);
  });

  test('is nothing at all where the minute makes no sense', () => {
    const senseless: Row[] = [
      ['10:31', 100.4, 98, 99.9, 98],
      ['10:32', 98, 98, 0, 98],
      ['10:33', Number.NaN, 98, 97, 98],
    ];
    for (const row of senseless) {
      const { trade } = follow(armed(), [FILLED]);
      expect(advance(trade, { kind: 'bar', bar: bar(row) })).toEqual({ trade, steps: [] });
    }
  });

  test('does not count when the session ends before anything confirms it', () => {
    const held = follow(armed(), [FILLED, ['15:58', 100.4, 100.6, 100.3, 100.5], ['15:59', 60, 60, 60, 60]]);
    expect(held.steps).toHaveLength(1);
    expect(advance(held.trade, clockAt('16:00')).steps.map(told)).toEqual(['16:00 timed_out 100.5 x80 rest 0 0.5 R']);
  });
});

describe('a leap that the next minute confirms', () => {
  test('stops a trade at the price of the leap, one minute later', () => {
    const crash: Row = ['10:31', 90, 90.5, 89.5, 90.2];
    expect(sinceEntry([crash])).toEqual([]);
    expect(sinceEntry([crash, ['10:32', 90.2, 90.4, 90, 90.1]])).toEqual(['10:32 stopped 90 x80 rest 0 -10 R']);
  });

  test('is not confirmed by itself coming again, nor forgotten when the clock ticks', () => {
    const crash = bar(['10:31', 90, 90.5, 89.5, 90.2]);
    const twice = advanceAll(follow(armed(), [FILLED]).trade, [...barEvents([crash, crash]), clockAt('10:33')]);
    expect(twice.steps).toEqual([]);
    const next = advance(twice.trade, { kind: 'bar', bar: bar(['10:33', 90.2, 90.4, 90, 90.1]) });
    expect(next.steps.map(told)).toEqual(['10:32 stopped 90 x80 rest 0 -10 R']);
  });

  test('ends the trade within a session, also at half the price', () => {
    expect(
      sinceEntry([
        ['10:31', 50, 50.2, 49.8, 50.1],
        ['10:32', 50.1, 50.2, 50, 50.1],
      ]),
    ).toEqual(['10:32 stopped 50 x80 rest 0 -50 R']);
  });

  test('is confirmed through a halt of any length within the session', () => {
    expect(
      sinceEntry([
        ['10:31', 90, 90.5, 89.5, 90.2],
        ['11:15', 90.2, 90.4, 90, 90.1],
      ]),
    ).toEqual(['10:32 stopped 90 x80 rest 0 -10 R']);
  });
});

describe('an overnight leap in the ratio of a split', () => {
  const entered = follow(armed({ expiresAt: at('15:30', NEXT_DAY) }), [['15:59', 99.8, 99.9, 99.7, 99.9]]).trade;
  const halved: readonly Bar[] = (
    [
      ['09:30', 49.9, 50.1, 49.85, 50.05],
      ['09:31', 50.05, 50.6, 50, 50.55],
      ['09:32', 50.55, 50.55, 49.95, 50],
    ] satisfies Row[]
  ).map((row) => bar(row, NEXT_DAY));
  const suspended = advanceAll(entered, barEvents(halved));
  const twice = ['09:30', '09:31'].map((time) => bar([time, 50.2, 50.3, 50.1, 50.2], NEXT_DAY));

  test('suspends the trade instead of ending it', () => {
    expect(suspended.steps.map(told)).toEqual(['09:31 suspended 49.9 x0 rest 0 0 R']);
    expect(suspended.trade).toMatchObject({ state: 'armed', suspended: { ratio: 2, since: at('09:30', NEXT_DAY) } });
    expect(advance(suspended.trade, clockAt('16:00', NEXT_DAY)).trade).toBe(suspended.trade);
  });

  test('can be closed at the price that the member gives, far from the last one, and says that nobody checked it', () => {
    const held = follow(armed(), [FILLED, ['15:40', 100.4, 100.6, 100.3, 100.5]]).trade;
    const waiting = advanceAll(held, barEvents(twice)).trade;
    expect(waiting.suspended?.ratio).toBe(2);
    const closed = closeByMember(waiting, { price: 101, at: at('09:40', NEXT_DAY) });
    if (!closed.ok) throw new Error(closed.reason);
    expect(closed.steps.map(told)).toEqual(['09:40 closed_by_member 101 x80 rest 0 1 R']);
    expect(closed.steps[0]?.reason).toContain('waited for word of a split: the price is theirs, unchecked');
    const far = closeByMember(waiting, { price: 50.2, at: at('09:40', NEXT_DAY) });
    expect(far.ok && far.trade.state).toBe('closed');
    expect(closeByMember(waiting, { price: Number.NaN, at: at('09:40', NEXT_DAY) }).ok).toBe(false);
  });

  test('of a plan that nobody took ends at the close of one more session, armed or held; a member’s waits on', () => {
    const dayAfter = '2013-10-10';
    const shadow = { ...entered, memberId: null };
    const waiting = advanceAll(shadow, barEvents(halved)).trade;
    expect(advance(waiting, clockAt('15:59', dayAfter)).trade).toBe(waiting);
    const over = advance(waiting, clockAt('16:00', dayAfter));
    expect(over.steps.map(told)).toEqual(['16:00 cancelled x0 rest 0 0 R']);
    expect(over.steps[0]?.reason).toBe('no word of a split');
    const late = advance(waiting, { kind: 'bar', bar: bar(['09:30', 50, 50, 50, 50], '2013-10-14') });
    expect(late.steps).toEqual(over.steps);
    expect(advance(suspended.trade, clockAt('16:00', '2013-10-14')).trade).toBe(suspended.trade);
    // held, and halted into the close
    const halted = advanceAll(openShadow(longPlan), barEvents([bar(FILLED), ...twice]));
    expect(halted.trade.suspended?.ratio).toBe(2);
    expect(advance(halted.trade, clockAt('16:00', dayAfter)).trade).toMatchObject({
      state: 'closed',
      closedAs: 'cancelled',
      remainingShares: 0,
    });
  });

  test('goes on with divided levels when the split is confirmed and the minutes come again', () => {
    const back = resume(suspended.trade, { factor: 2, at: at('09:35', NEXT_DAY) });
    if (!back.ok) throw new Error(back.reason);
    expect(back.steps.map(told)).toEqual(['09:35 resumed x0 rest 0 0 R']);
    const { steps, trade } = advanceAll(back.trade, barEvents(halved));
    expect(steps.map(told)).toEqual([
      '09:31 triggered 50 x160 stop 49.5 rest 160 0 R',
      '09:32 T1 50.5 x80 stop 50 rest 80 0.5 R',
      '09:32 stopped 50 x80 rest 0 0.5 R',
    ]);
    expect(trade.exits.reduce((sum, exit) => sum + exit.shares, 0)).toBe(80);
  });

  test('goes on with the old levels when it was a real gap', () => {
    const back = resume(suspended.trade, { factor: 1, at: at('09:35', NEXT_DAY) });
    if (!back.ok) throw new Error(back.reason);
    expect(advanceAll(back.trade, barEvents(halved)).steps.map(told)).toEqual(['09:31 invalidated x0 rest 0 0 R']);
  });

  test('is told from a gap: 200 ratios of splits suspend, 200 of gaps do not', () => {
    const opened = (ratio: number): string | undefined => {
      const open = Math.round((99.9 / ratio) * 100) / 100;
      const minutes = ['09:30', '09:31'].map((time) => bar([time, open, open, open, open], NEXT_DAY));
      return advanceAll(entered, barEvents(minutes)).steps[0]?.kind;
    };
    for (const ratio of [1.5, 1 / 1.5, 1.48, 1.52]) expect(opened(ratio)).toBe('suspended');
    for (let n = 0; n < 200; n += 1) {
      const k = 2 + (n % 19);
      const wobble = 1 + ((n % 7) - 3) * 0.006;
      expect(opened(n % 2 ? k * wobble : wobble / Math.min(k, 12))).toBe('suspended');
      const gap = 1.05 + (n % 40) * 0.01;
      if (gap < 1.46) expect(opened(gap)).toBe('invalidated');
    }
  });
});

describe('the real split of AAPL, seven for one on 9 June 2014', () => {
  const aapl = recording('AAPL', '2014');
  const plan = planOf(aapl, '2014-06-06', '12:00');
  // a plan that was left armed over the weekend
  const trade = openTrade(
    { ...plan, expiresAt: at('15:30', '2014-06-09') },
    { memberId: '1', shares: plan.size.shares, takenAt: at('16:00', '2014-06-06') },
  );
  const events = barEvents(aapl.minutes);

  test('suspends an armed trade and fires nothing', () => {
    const { trade: waiting, steps } = advanceAll(trade, events);
    expect(steps.map((one) => one.kind)).toEqual(['suspended']);
    expect(waiting.suspended?.ratio).toBe(7);
  });

  test('is lived through at a seventh of the levels with seven times the shares', () => {
    const back = resume(advanceAll(trade, events).trade, { factor: 7, at: at('09:40', '2014-06-09') });
    if (!back.ok) throw new Error(back.reason);
    const head = headOf(back.trade, 93);
    expect(head.stop?.price).toBeCloseTo(plan.stop.price / 7, 3);
    const { trade: lived, steps } = advanceAll(back.trade, events);
    expect(lived.state).toBe('closed');
    for (const one of steps) {
      if (one.price !== undefined) expect(one.price).toBeLessThan(100);
      expect(one.shares % 7).toBe(0);
    }
  });
});
