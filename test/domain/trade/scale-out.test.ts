import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharesAtTargets } from '../../../src/domain/trade/scale-out.ts';

const HOUSE = [{ shareRatio: 0.5 }, { shareRatio: 0.25 }, { shareRatio: 0.125 }];

test('whole shares are sold as the ratios add up, the remainder rides on', () => {
  expect(sharesAtTargets(80, HOUSE, 0.125)).toEqual([40, 20, 10]);
  expect(sharesAtTargets(138, HOUSE, 0.125)).toEqual([69, 34, 17]);
  expect(sharesAtTargets(7, HOUSE, 0.125)).toEqual([3, 2, 1]);
  expect(sharesAtTargets(3, HOUSE, 0.125)).toEqual([1, 1, 0]);
  expect(sharesAtTargets(1, HOUSE, 0.125)).toEqual([0, 0, 0]);
});

test('without a runner the last target sells the rest', () => {
  expect(sharesAtTargets(10, [{ shareRatio: 0.7 }, { shareRatio: 0.1 }, { shareRatio: 0.2 }], 0)).toEqual([7, 1, 2]);
  expect(sharesAtTargets(5, [{ shareRatio: 1 / 3 }, { shareRatio: 1 / 3 }, { shareRatio: 1 / 3 }], 0)).toEqual([
    1, 2, 2,
  ]);
});

test('no target ever sells part of a share, nor all of them more than there are', () => {
  const ratios = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), ratios, (shares, parts) => {
      const total = Math.max(
        100,
        parts.reduce((sum, part) => sum + part, 0),
      );
      const targets = parts.map((part) => ({ shareRatio: part / total }));
      const sold = sharesAtTargets(shares, targets, 0.01);
      let ratio = 0;
      let sum = 0;
      for (const [index, now] of sold.entries()) {
        expect(Number.isInteger(now) && now >= 0).toBe(true);
        ratio += targets[index]?.shareRatio ?? 0;
        sum += now;
        expect(Math.abs(sum - shares * ratio)).toBeLessThan(1 + 1e-6);
      }
      expect(sum).toBeLessThanOrEqual(shares);
    }),
  );
});
