import { describe, expect, it } from 'vitest';
import { createClock, systemClock } from '../../src/kit/clock.ts';
import { createHandClock } from './hand-clock.ts';

const reached = (at: number): Promise<void> => new Promise((resolve) => systemClock.at(at, resolve));

describe('the machine’s clock', () => {
  it('calls at once for a time that has passed', async () => {
    await reached(0);
    await reached(systemClock.now() - 1);
  });

  it('calls in the order of the times, not of the asking', async () => {
    const now = systemClock.now();
    const order: string[] = [];
    systemClock.at(now + 20, () => order.push('second'));
    systemClock.at(now + 5, () => order.push('first'));
    await reached(now + 40);
    expect(order).toEqual(['first', 'second']);
  });

  it('neither calls what was cancelled, nor what is due in a year', async () => {
    const now = systemClock.now();
    let calls = 0;
    const cancels = [now + 5, now + 365 * 86_400_000].map((at) => systemClock.at(at, () => calls++));
    cancels[0]?.();
    await reached(now + 25);
    cancels[1]?.();
    expect(calls).toBe(0);
  });

  it('does not call before its time when it is set back an hour, and within a minute of it when set ahead', async () => {
    const running = createHandClock();
    const wall = { aheadMs: 0 };
    const clock = createClock({
      now: () => running.now() + wall.aheadMs,
      setTimer: (fn, ms) => running.setTimer(ms, fn),
    });
    const called: number[] = [];
    for (const at of [600_000, 4_000_000]) clock.at(at, () => called.push(clock.now()));
    await running.advance(300_000);
    wall.aheadMs = -3_600_000;
    await running.advance(3_800_000);
    expect(called).toEqual([]);
    await running.advance(100_000);
    expect(called).toEqual([600_000]);
    wall.aheadMs = 0;
    await running.advance(60_000);
    expect(called).toHaveLength(2);
    expect(running.timers()).toBe(0);
  });
});
