import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { atNewYork, createCalendar } from '../../src/domain/session.ts';
import { createSessionWatch } from '../../src/services/session-watch.ts';
import { createHandClock, settle } from '../kit/hand-clock.ts';

/** Market time that moves when told to, and fires what it passes. */
function handClock(startAt: number) {
  let now = startAt;
  let waiting: { at: number; fn: () => void }[] = [];
  return {
    now: () => now,
    at(at: number, fn: () => void) {
      const entry = { at, fn };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advanceTo(to: number) {
      for (;;) {
        const due = waiting.filter((entry) => entry.at <= to).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        waiting = waiting.filter((entry) => entry !== due);
        now = due.at;
        due.fn();
      }
      now = to;
    },
    pending: () => waiting.length,
  };
}

function harness(startAt: number, enqueue: () => void = () => {}) {
  const clock = handClock(startAt);
  const wall = createHandClock();
  const told: string[] = [];
  const warned: string[] = [];
  const watch = createSessionWatch({
    calendar: createCalendar(),
    clock,
    wall: { now: wall.now, at: (at, fn) => wall.setTimer(at - wall.now(), fn) },
    alerts: {
      enqueue: async (alert: Alert) => {
        enqueue();
        if (alert.kind === 'session') told.push(`${alert.on} ${alert.transition}`);
      },
    },
    log: { warn: (_detail: object | string, phrase?: string) => void warned.push(phrase ?? '') },
  });
  return { clock, wall, told, warned, watch };
}

describe('the session watch', () => {
  it('tells of every change of two days and the holiday between, in order', async () => {
    const { clock, told, watch } = harness(atNewYork('2015-12-24', '09:00'));
    await watch.start();
    clock.advanceTo(atNewYork('2015-12-28', '10:00'));
    expect(told).toEqual([
      '2015-12-24 open',
      '2015-12-24 early_close_soon',
      '2015-12-24 close',
      '2015-12-24 holiday_ahead',
      '2015-12-28 premarket',
      '2015-12-28 open',
    ]);
    watch.stop();
    expect(clock.pending()).toBe(0);
  });

  it('catches up on what happened within half an hour before the start, and on nothing older', async () => {
    const { told, watch } = harness(atNewYork('2015-12-23', '09:45'));
    await watch.start();
    expect(told).toEqual(['2015-12-23 open']);
    watch.stop();
    const late = harness(atNewYork('2015-12-23', '11:00'));
    await late.watch.start();
    expect(late.told).toEqual([]);
    late.watch.stop();
  });

  it('loses nothing to a database that is away at the second of the open, and retries in real time', async () => {
    let isAway = false;
    const { clock, wall, told, warned, watch } = harness(atNewYork('2015-12-23', '09:29'), () => {
      if (isAway) throw new Error('database away');
    });
    await watch.start();
    isAway = true;
    clock.advanceTo(atNewYork('2015-12-23', '09:31'));
    await wall.advance(4_000);
    expect(told).toEqual([]);
    isAway = false;
    await wall.advance(1_000);
    expect(told).toEqual(['2015-12-23 open']);
    await wall.advance(60_000);
    expect(told).toEqual(['2015-12-23 open']);
    expect(warned).toHaveLength(1);
    watch.stop();
  });

  it('tells the whole day after an outage that lasted from open to close, in order', async () => {
    let isAway = true;
    const { clock, wall, told, warned, watch } = harness(atNewYork('2015-12-24', '09:29'), () => {
      if (isAway) throw new Error('database away');
    });
    await watch.start();
    clock.advanceTo(atNewYork('2015-12-24', '13:02'));
    await wall.advance(600_000);
    isAway = false;
    await wall.advance(5_000);
    expect(told).toEqual([
      '2015-12-24 open',
      '2015-12-24 early_close_soon',
      '2015-12-24 close',
      '2015-12-24 holiday_ahead',
    ]);
    expect(warned).toHaveLength(1);
    watch.stop();
    await settle();
    expect([clock.pending(), wall.timers()]).toEqual([0, 0]);
  });

  it('starts while the database is away, and tells what it missed when it is back', async () => {
    let isAway = true;
    const { wall, told, watch } = harness(atNewYork('2015-12-23', '09:45'), () => {
      if (isAway) throw new Error('database away');
    });
    await watch.start();
    isAway = false;
    await wall.advance(5_000);
    expect(told).toEqual(['2015-12-23 open']);
    watch.stop();
  });
});
