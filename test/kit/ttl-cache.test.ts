import { describe, expect, it } from 'vitest';
import { createTtlCache, type TtlCacheOptions } from '../../src/kit/ttl-cache.ts';

function withTime(options: Partial<TtlCacheOptions> = {}) {
  const time = { nowAt: 1_000_000 };
  return { time, cache: createTtlCache({ now: () => time.nowAt, ...options }) };
}

const failing = () => Promise.reject(new Error('the source is down'));

describe('a cache', () => {
  it('asks the source once while the answer is fresh, and again when it is not', async () => {
    const { cache, time } = withTime();
    let loads = 0;
    const load = async () => ++loads;
    expect(await cache.get('SPY', 5_000, load)).toEqual({ value: 1, storedAt: 1_000_000, stale: false });
    time.nowAt += 4_999;
    expect((await cache.get('SPY', 5_000, load)).value).toBe(1);
    time.nowAt += 1;
    expect(await cache.get('SPY', 5_000, load)).toEqual({ value: 2, storedAt: 1_005_000, stale: false });
  });

  it('asks the source once for a hundred members who ask at the same moment', async () => {
    const { cache } = withTime();
    let loads = 0;
    const asks = Array.from({ length: 100 }, () => cache.get('SPY', 5_000, async () => ++loads));
    expect(new Set((await Promise.all(asks)).map((answer) => answer.value))).toEqual(new Set([1]));
    expect(cache.stats()).toMatchObject({ misses: 1, shared: 99, hitRatio: 0.99 });
  });

  it('gives the last known good with its age when the source fails', async () => {
    const { cache, time } = withTime();
    await cache.get('SPY', 1_000, async () => 205.4);
    time.nowAt += 240_000;
    const answer = await cache.get('SPY', 1_000, failing);
    expect(answer).toMatchObject({ value: 205.4, storedAt: 1_000_000, stale: true });
    expect(answer.error).toEqual(new Error('the source is down'));
    expect((await cache.get('SPY', 1_000, async () => 206)).value).toBe(206);
  });

  it('throws the source’s error when nothing is known, when it is too old, or when the error is an answer', async () => {
    const { cache, time } = withTime({
      maxStaleMs: 60_000,
      staleOn: (error) => (error as Error).message !== 'no such symbol',
    });
    await expect(cache.get('SPY', 1_000, failing)).rejects.toThrow('the source is down');
    await cache.get('SPY', 1_000, async () => 1);
    time.nowAt += 60_000;
    const gone = () => Promise.reject(new Error('no such symbol'));
    await expect(cache.get('SPY', 1_000, gone)).rejects.toThrow('no such symbol');
    expect((await cache.get('SPY', 1_000, failing)).stale).toBe(true);
    time.nowAt += 1;
    await expect(cache.get('SPY', 1_000, failing)).rejects.toThrow('the source is down');
  });

  it('treats a load that throws at once like one that rejects', async () => {
    const { cache } = withTime();
    const thrown = () => {
      throw new Error('at once');
    };
    await expect(cache.get('SPY', 1_000, thrown)).rejects.toThrow('at once');
    expect((await cache.get('SPY', 1_000, async () => 2)).value).toBe(2);
  });

  it('does not call an answer fresh that comes from later than now', async () => {
    const { cache, time } = withTime();
    await cache.get('SPY', 5_000, async () => 'tomorrow');
    time.nowAt -= 86_400_000;
    expect((await cache.get('SPY', 5_000, async () => 'today')).value).toBe('today');
  });

  it('forgets by prefix, and does not keep what was under way meanwhile', async () => {
    const { cache } = withTime();
    await cache.get('bars:SPY', 60_000, async () => 'old');
    await cache.get('news:SPY', 60_000, async () => 'news');
    const slow = Promise.withResolvers<string>();
    const asked = cache.get('bars:GOOG', 60_000, () => slow.promise);
    await Promise.resolve();
    expect(cache.clear('bars:')).toBe(1);
    slow.resolve('before the split');
    expect((await asked).value).toBe('before the split');
    expect((await cache.get('bars:GOOG', 60_000, async () => 'after the split')).value).toBe('after the split');
    expect((await cache.get('news:SPY', 60_000, failing)).value).toBe('news');
    expect(cache.clear()).toBe(2);
  });

  it('holds no more entries than it was told to, and drops the one not used for longest', async () => {
    const { cache } = withTime({ max: 2 });
    for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, 60_000, async () => key);
    expect(cache.stats().size).toBe(2);
    await expect(cache.get('b', 60_000, failing)).rejects.toThrow();
    expect((await cache.get('a', 60_000, failing)).value).toBe('a');
  });

  it('tells each of those who shared a failed load why it failed', async () => {
    const { cache, time } = withTime();
    await cache.get('SPY', 1_000, async () => 205.4);
    time.nowAt += 1_000;
    const [one, other] = await Promise.all([cache.get('SPY', 1_000, failing), cache.get('SPY', 1_000, failing)]);
    expect(one.error).toBe(other.error);
    expect(one.error).toBeInstanceOf(Error);
  });

  it('holds no more weight than it was told to, and answers without keeping what is too heavy alone', async () => {
    const { cache } = withTime({ maxWeight: 10, weigh: (value) => String(value).length });
    for (const word of ['four', 'five5', 'six666']) await cache.get(word, 60_000, async () => word);
    expect(cache.stats()).toMatchObject({ size: 1, weight: 6 });
    expect((await cache.get('long', 60_000, async () => 'eleven chars')).value).toBe('eleven chars');
    expect(cache.stats()).toMatchObject({ size: 1, weight: 6 });
  });

  it('lets go of what can neither answer nor stand in, although nobody asks for it again', async () => {
    const { cache, time } = withTime({ maxStaleMs: 600_000 });
    await cache.get('09:31', 5_000, async () => 1);
    await cache.get('year', 3_600_000, async () => 2);
    time.nowAt += 600_000;
    await cache.get('09:41', 5_000, async () => 3);
    expect(cache.stats().size).toBe(3);
    time.nowAt += 60_000;
    await cache.get('09:42', 5_000, async () => 4);
    expect(cache.stats().size).toBe(3);
    await expect(cache.get('09:31', 5_000, failing)).rejects.toThrow('the source is down');
    expect((await cache.get('year', 3_600_000, failing)).value).toBe(2);
  });

  it('counts no reads as no ratio', () => {
    const none = { size: 0, weight: 0, hits: 0, shared: 0, misses: 0, staleAnswers: 0, hitRatio: 0 };
    expect(withTime().cache.stats()).toEqual(none);
  });
});
