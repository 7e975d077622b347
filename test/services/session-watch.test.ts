import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { atNewYork, createCalendar } from '../../src/domain/session.ts';
import { createSessionWatch } from '../../src/services/session-watch.ts';

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

function harness(startAt: number) {
  const clock = handClock(startAt);
  const told: string[] = [];
  const watch = createSessionWatch({
    calendar: createCalendar(),
    clock,
    alerts: {
      enqueue: async (alert: Alert) => {
        told.push(`${alert.on} ${alert.transition}`);
      },
    },
    log: { warn: () => {} },
  });
  return { clock, told, watch };
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
      '2015-12-24 holiday_tomorrow',
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
});
