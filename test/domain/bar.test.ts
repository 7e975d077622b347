import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import { barSchema, isSane, mergeBar } from '../../src/domain/bar.ts';

const minute = (price: number, more: Partial<Bar> = {}): Bar => ({
  symbol: 'KO',
  timeframe: '1m',
  openAt: Date.UTC(2015, 11, 23, 15),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 100,
  ...more,
});

describe('a sane bar', () => {
  test.each([
    ['a high under its low', { high: 99, low: 101, open: 100, close: 100 }],
    ['no price', { close: Number.NaN }],
    ['a price of zero', { low: 0 }],
    ['a negative price', { low: -1 }],
    ['an endless price', { high: Number.POSITIVE_INFINITY }],
    ['an open outside high and low', { open: 103 }],
    ['negative volume', { volume: -1 }],
    ['volume that is no number', { volume: Number.NaN }],
    ['an average of zero', { vwap: 0 }],
    ['no time', { openAt: Number.NaN }],
  ])('does not have %s', (_, fault) => {
    expect(isSane(minute(100, { high: 102, low: 98, ...fault }))).toBe(false);
  });

  test('may be flat, silent or without volume', () => {
    expect(isSane(minute(100))).toBe(true);
    expect(isSane(minute(100, { volume: 0 }))).toBe(true);
    const { volume: _, ...index } = minute(100);
    expect(isSane(index)).toBe(true);
  });
});

describe('two reports of one minute', () => {
  const report = fc
    .record({ price: fc.integer({ min: 1, max: 3 }), volume: fc.nat(2), version: fc.nat(2) })
    .map(({ price, volume, version }) => ({ bar: minute(price, { volume }), version }));

  test('settle the same in any order and any grouping', () => {
    fc.assert(
      fc.property(report, report, report, (a, b, c) => {
        expect(mergeBar(a, b)).toEqual(mergeBar(b, a));
        expect(mergeBar(mergeBar(a, b), c)).toEqual(mergeBar(a, mergeBar(b, c)));
        expect(mergeBar(a, a)).toEqual(a);
      }),
      { numRuns: 2_000 },
    );
  });

  test('settle for the later version', () => {
    const [old, revised] = [100, 101].map((price, version) => ({ bar: minute(price), version }));
    if (!old || !revised) throw new Error('two reports');
    expect(mergeBar(revised, old).bar.close).toBe(101);
    expect(mergeBar(undefined, old)).toBe(old);
  });
});

test('a bar fits its schema, with or without volume', () => {
  const { volume: _, ...index } = minute(100);
  for (const bar of [minute(100, { vwap: 99.5 }), index]) expect(barSchema.parse(bar)).toEqual(bar);
  expect(barSchema.safeParse({ ...index, timeframe: '2m' }).success).toBe(false);
});
