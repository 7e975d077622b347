import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import { createAnswerCache, createCached, rowsIn } from '../../src/massive/rest/answers.ts';
import { NOW } from './bench.ts';

const MINUTE = 60_000;
const barAt = (openAt: number): Bar => ({ symbol: 'SPY', timeframe: '1m', openAt, open: 1, high: 1, low: 1, close: 1 });
const barsOf = (count: number) => ({
  value: Array.from({ length: count }, (_, i) => barAt(i)),
  asOf: 0,
  delayed: false,
});

describe('the memory that answers take', () => {
  it('an answer weighs what it lists, and one at least', () => {
    expect(rowsIn(barsOf(390))).toBe(390);
    expect(rowsIn(barsOf(0))).toBe(1);
    expect(rowsIn({ value: { stocks: [1, 2], indices: [3], missing: [] }, asOf: 0, delayed: false })).toBe(3);
    expect(rowsIn({ value: { symbol: 'SPY', last: 600 }, asOf: 0, delayed: false })).toBe(1);
    expect(rowsIn({ value: null, asOf: 0, delayed: false })).toBe(1);
  });

  it('fifty minutes of forty charts stay within the room for rows, and the newest minute is all there', async () => {
    let now = NOW;
    const cache = createAnswerCache(() => now);
    const cached = createCached(cache);
    const day = barsOf(1_300);
    let calls = 0;
    const load = async () => {
      calls++;
      return day;
    };
    const keys = Array.from({ length: 40 }, (_, symbol) => `S${symbol}`);
    for (let minute = 0; minute < 50; minute++) {
      now += MINUTE;
      for (const key of keys) await cached(`${key} ${now}`, 5_000, {}, load);
    }
    expect(cache.stats().weight).toBeGreaterThan(40 * 1_300);
    expect(cache.stats().weight).toBeLessThanOrEqual(200_000);
    expect(calls).toBe(2_000);
    for (const key of keys) await cached(`${key} ${now}`, 5_000, {}, load);
    expect(calls).toBe(2_000);
  });

  it('half an hour after the last question of the day only what is good for longer is still there', async () => {
    let now = NOW;
    const cache = createAnswerCache(() => now);
    const cached = createCached(cache);
    await cached('year', 12 * 60 * MINUTE, {}, async () => barsOf(252));
    for (let symbol = 0; symbol < 20; symbol++) await cached(`S${symbol}`, 5_000, {}, async () => barsOf(10));
    expect(cache.stats()).toMatchObject({ size: 21, weight: 452 });
    now += 31 * MINUTE;
    await cached('SPY', 5_000, {}, async () => barsOf(1));
    expect(cache.stats()).toMatchObject({ size: 2, weight: 253 });
    await cached('year', 12 * 60 * MINUTE, {}, () => Promise.reject(new Error('asked again')));
  });

  it('a thousand unknown symbols leave nothing behind, not even why they are unknown', async () => {
    const errors: WeakRef<Error>[] = [];
    const cache = createAnswerCache(() => NOW);
    const cached = createCached(cache);
    const load = async () => {
      const error = new Error('no such symbol');
      errors.push(new WeakRef(error));
      throw error;
    };
    for (let i = 0; i < 1_000; i++) await cached(`X${i}`, 5_000, {}, load).catch(() => undefined);
    expect(cache.stats().size).toBe(0);
    await collectGarbage();
    expect(errors.length).toBe(1_000);
    // the last one may still be held by this very function
    expect(errors.filter((error) => error.deref()).length).toBeLessThanOrEqual(1);
    await cached('SPY', 5_000, {}, async () => barsOf(1));
  });
});

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  // a weak reference holds on until the task that made it is over
  await new Promise((resolve) => setImmediate(resolve));
  if (typeof collect === 'function') collect();
}
