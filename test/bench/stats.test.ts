import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, percentile, ratios } from './stats.ts';

const measurements = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });

describe('the middle of measurements', () => {
  test('is the middle one of an odd number and between the two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  test('has at most half of all measurements below it and at most half above', () => {
    fc.assert(
      fc.property(measurements, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('a percentile', () => {
  test('is a value that was seen: the 99th of a hundred is the second largest', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([50, 99, 100].map((pct) => percentile(hundred, pct))).toEqual([50, 99, 100]);
    expect(percentile([3, 8], 99)).toBe(8);
    expect(percentile([], 50)).toBeNaN();
  });

  test('leaves at least its share of all measurements at or below it, and is the smallest that does', () => {
    fc.assert(
      fc.property(measurements, fc.integer({ min: 1, max: 100 }), (values, pct) => {
        const found = percentile(values, pct);
        const needed = (pct / 100) * values.length;
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(needed);
        expect(values.filter((value) => value < found).length).toBeLessThan(needed);
      }),
    );
  });
});

describe('ratios', () => {
  test('pair what was measured side by side, so a slow spell that hits both cancels out', () => {
    expect(ratios([2, 20, 6], [1, 10, 3])).toEqual([2, 2, 2]);
  });

  test('refuse a measurement without a partner', () => {
    expect(() => ratios([1, 2], [1])).toThrow('2 values have 1 partners');
  });
});
