import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';

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
});
