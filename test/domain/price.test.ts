import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTick, priceText, tickOf, toTick } from '../../src/domain/price.ts';

test('a stock moves by cents, below a dollar by hundredths of one', () => {
  expect([tickOf(94.1), tickOf(1), tickOf(0.9999)]).toEqual([0.01, 0.01, 0.0001]);
  expect([priceText(94.1), priceText(0.421)]).toEqual(['94.10', '0.4210']);
});

test('rounds to the nearest tick, or outward when told', () => {
  expect([toTick(94.114), toTick(94.116), toTick(0.42056)]).toEqual([94.11, 94.12, 0.4206]);
  expect([toTick(94.111, 'up'), toTick(94.119, 'down')]).toEqual([94.12, 94.11]);
});

test('a distance is rounded on the tick of its price', () => {
  expect(toTick(0.0446, 'up', 13.9)).toBe(0.05);
  expect(toTick(0.0446, 'up', 0.5)).toBe(0.0446);
});

test('a price on the tick stays where it is, in every direction', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 100_000_000 }), (cents) => {
      const price = cents / 100;
      for (const towards of ['nearest', 'up', 'down'] as const) expect(toTick(price, towards)).toBe(price);
      expect(Math.round(nextTick(price, 1) * 100)).toBe(cents + 1);
    }),
    { numRuns: 2_000 },
  );
});

test('up is never below, down never above', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0002, max: 1_000_000, noNaN: true }), (price) => {
      expect(toTick(price, 'up')).toBeGreaterThanOrEqual(price - 1e-7);
      expect(toTick(price, 'down')).toBeLessThanOrEqual(price + 1e-7);
    }),
    { numRuns: 2_000 },
  );
});

test('the next tick is a cent away', () => {
  expect([nextTick(94.1, 1), nextTick(94.1, -1), nextTick(0.5, 1)]).toEqual([94.11, 94.09, 0.5001]);
});
