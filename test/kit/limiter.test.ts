import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter, type LimiterOptions, type Priority } from '../../src/kit/limiter.ts';
import { createHandClock, settle } from './hand-clock.ts';

function withTime(options: LimiterOptions) {
  const clock = createHandClock();
  const limiter = createLimiter({ now: clock.now, setTimer: clock.setTimer, ...options });
  const granted: { readonly label: string; readonly at: number }[] = [];
  const refused: string[] = [];
  const ask = (label: string, priority: Priority = 3, signal?: AbortSignal): void => {
    limiter.take({ priority, signal }).then(
      () => granted.push({ label, at: clock.now() }),
      () => refused.push(label),
    );
  };
  return { ...limiter, clock, granted, refused, ask, labels: () => granted.map((one) => one.label) };
}

describe('a limiter', () => {
  it('lets the quota through at once and the rest wait until the window has passed', async () => {
    const limiter = withTime({ limit: 5 });
    for (let i = 0; i < 7; i++) limiter.ask(`${i}`);
    await settle();
    expect(limiter.labels()).toEqual(['0', '1', '2', '3', '4']);
    expect(limiter.queueDepth()).toBe(2);
    await limiter.clock.advance(59_999);
    expect(limiter.granted).toHaveLength(5);
    await limiter.clock.advance(1);
    expect(limiter.labels()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  it('never lets more through than the quota in any window, nor more than the burst in any second', async () => {
    const asks = fc.array(
      fc.record({
        gapMs: fc.nat(4_000),
        count: fc.integer({ min: 1, max: 12 }),
        priority: fc.constantFrom(1, 2, 3, 4, 5),
      }),
      { maxLength: 30 },
    );
    const quotas = fc.record({ limit: fc.integer({ min: 1, max: 30 }), burst: fc.integer({ min: 1, max: 10 }) });
    await fc.assert(
      fc.asyncProperty(asks, quotas, async (steps, { limit, burst }) => {
        const limiter = withTime({ limit, burst, windowMs: 10_000 });
        for (const { gapMs, count, priority } of steps) {
          for (let i = 0; i < count; i++) limiter.ask('x', priority as Priority);
          await limiter.clock.advance(gapMs);
        }
        await limiter.clock.advance(10_000_000);
        const times = limiter.granted.map((one) => one.at);
        expect(times).toHaveLength(steps.reduce((sum, step) => sum + step.count, 0));
        for (const [index, at] of times.entries()) {
          expect((times[index + limit] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(10_000);
          expect((times[index + burst] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(1_000);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('serves a waiting member before housekeeping, and equals in their order', async () => {
    const limiter = withTime({ limit: 1, windowMs: 1_000 });
    limiter.ask('first');
    limiter.ask('sweep 1', 5);
    limiter.ask('sweep 2', 5);
    limiter.ask('member 1', 1);
    limiter.ask('member 2', 1);
    await limiter.clock.advance(10_000);
    expect(limiter.labels()).toEqual(['first', 'member 1', 'member 2', 'sweep 1', 'sweep 2']);
  });

  it('answers a member within a second while housekeeping floods it', async () => {
    const limiter = withTime({ limit: 100 });
    for (let i = 0; i < 900; i++) limiter.ask('sweep', 5);
    const waits: number[] = [];
    for (let i = 0; i < 50; i++) {
      await limiter.clock.advance(6_500);
      const askedAt = limiter.clock.now();
      void limiter.take({ priority: 1 }).then(() => waits.push(limiter.clock.now() - askedAt));
    }
    await limiter.clock.advance(1_000);
    expect(waits).toHaveLength(50);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
  });

  it('refuses with one sentence when too many wait', async () => {
    const limiter = withTime({ limit: 1, queueLimit: 2 });
    for (const label of ['a', 'b', 'c']) limiter.ask(label);
    await expect(limiter.take()).rejects.toMatchObject({
      code: 'rate_limited',
      message: expect.stringMatching(/^2 req/),
    });
    expect(limiter.queueDepth()).toBe(2);
  });

  it('gives a member the place of the last housekeeping call when too many wait', async () => {
    const limiter = withTime({ limit: 1, windowMs: 1_000, queueLimit: 2 });
    limiter.ask('first');
    limiter.ask('sweep 1', 5);
    limiter.ask('sweep 2', 5);
    limiter.ask('member', 1);
    await limiter.clock.advance(5_000);
    expect(limiter.refused).toEqual(['sweep 2']);
    expect(limiter.labels()).toEqual(['first', 'member', 'sweep 1']);
  });

  it('forgets a caller who left, wherever it stood', async () => {
    const limiter = withTime({ limit: 1, windowMs: 1_000 });
    const gone = new AbortController();
    limiter.ask('first');
    limiter.ask('gone', 3, gone.signal);
    limiter.ask('stays');
    gone.abort();
    await limiter.clock.advance(1_000);
    expect(limiter.refused).toEqual(['gone']);
    expect(limiter.labels()).toEqual(['first', 'stays']);
    limiter.ask('came aborted', 3, gone.signal);
    await settle();
    expect(limiter.refused).toEqual(['gone', 'came aborted']);
    expect(limiter.queueDepth()).toBe(0);
  });

  it('holds everybody after the other side said 429', async () => {
    const limiter = withTime({ limit: 10 });
    limiter.hold(7_000);
    limiter.ask('member', 1);
    await limiter.clock.advance(6_999);
    expect(limiter.granted).toEqual([]);
    await limiter.clock.advance(1);
    expect(limiter.labels()).toEqual(['member']);
  });

  it('refuses all that wait when it stops, and leaves no timer', async () => {
    const limiter = withTime({ limit: 1 });
    for (const label of ['a', 'b', 'c']) limiter.ask(label);
    await settle();
    limiter.stop();
    await settle();
    expect(limiter.refused).toEqual(['b', 'c']);
    expect(limiter.clock.timers()).toBe(0);
  });
});
