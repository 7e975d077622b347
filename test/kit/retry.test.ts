import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitter } from '../../src/kit/backoff.ts';
import { type RetryOptions, retry } from '../../src/kit/retry.ts';

function scripted(outcomes: readonly (Error | string)[], options: Partial<RetryOptions> = {}) {
  const waits: number[] = [];
  let calls = 0;
  const answer = retry(
    async () => {
      const outcome = outcomes[calls++];
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    {
      attempts: 3,
      baseMs: 100,
      capMs: 1_000,
      random: () => 1,
      shouldRetry: () => true,
      sleep: async (ms) => void waits.push(ms),
      ...options,
    },
  );
  return { answer, waits, calls: () => calls };
}

const down = new Error('down');

describe('retry', () => {
  it('gives the first answer that comes, doubling the wait before each further try', async () => {
    const { answer, waits } = scripted([down, down, 'up']);
    expect(await answer).toBe('up');
    expect(waits).toEqual([100, 200]);
  });

  it('throws the last error once the tries are used up', async () => {
    const last = new Error('last');
    const { answer, calls } = scripted([down, down, last, 'too late']);
    await expect(answer).rejects.toBe(last);
    expect(calls()).toBe(3);
  });

  it('does not repeat what will not get better', async () => {
    const { answer, calls } = scripted([down, 'up'], { shouldRetry: () => false });
    await expect(answer).rejects.toBe(down);
    expect(calls()).toBe(1);
  });

  it('waits as long as the other side asked for', async () => {
    const { answer, waits } = scripted([down, 'up'], { retryAfterMs: () => 700 });
    expect(await answer).toBe('up');
    expect(waits).toEqual([700]);
  });

  it('gives up at once when the other side asks for an hour', async () => {
    const { answer, waits } = scripted([down, 'up'], { retryAfterMs: () => 3_600_000 });
    await expect(answer).rejects.toBe(down);
    expect(waits).toEqual([]);
  });

  it('stops waiting when the caller has gone', async () => {
    const caller = new AbortController();
    const left = new Error('the member left');
    const { answer, calls } = scripted([down, 'up'], {
      signal: caller.signal,
      sleep: async () => caller.abort(left),
    });
    await expect(answer).rejects.toBe(left);
    expect(calls()).toBe(1);
  });

  it('stops a real wait on the wall clock with the caller’s reason', async () => {
    const caller = new AbortController();
    const left = new Error('the member left');
    const answer = retry(() => Promise.reject(down), {
      attempts: 2,
      baseMs: 60_000,
      capMs: 60_000,
      random: () => 1,
      shouldRetry: () => true,
      signal: caller.signal,
    });
    setImmediate(() => caller.abort(left));
    await expect(answer).rejects.toBe(left);
  });
});

describe('full jitter', () => {
  it('spreads the callers over the whole wait', () => {
    const waits = [0, 0.25, 0.5, 0.99].map((luck) => fullJitter(2, { baseMs: 100, capMs: 1_000, random: () => luck }));
    expect(waits).toEqual([0, 100, 200, 396]);
  });

  it('stays between nothing and the capped doubling, for any try and luck', () => {
    const tries = fc.record({
      attempt: fc.nat(2_000),
      baseMs: fc.integer({ min: 1, max: 10_000 }),
      capMs: fc.integer({ min: 1, max: 600_000 }),
      luck: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    });
    fc.assert(
      fc.property(tries, ({ attempt, baseMs, capMs, luck }) => {
        const waitMs = fullJitter(attempt, { baseMs, capMs, random: () => luck });
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** attempt));
      }),
      { numRuns: 2_000 },
    );
  });
});
