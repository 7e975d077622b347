import fc from 'fast-check';

export type Fraction = readonly [bigint, bigint];
/** An expression as it is written, and what it comes to by fractions of the test's own. */
export interface Made {
  readonly text: string;
  value(numbers: readonly Fraction[]): Fraction | undefined;
}

/** Decimals as text, so that the test's own fractions come from no double. */
export const decimals = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places, zero]) => (zero === 0 ? '0' : (digits / 10 ** places).toFixed(places)));

export function fractionOf(text: string): Fraction {
  const [whole = '0', decimals = ''] = text.split('.');
  return [BigInt(`${whole}${decimals}`.replace(/^-0+(?=\d)/, '-')), 10n ** BigInt(decimals.length)];
}

/** Over the fields f0Ratio to f5Ratio of t1. */
export function tree(depth: number): fc.Arbitrary<Made> {
  const leaf = fc
    .integer({ min: 0, max: 5 })
    .map((i): Made => ({ text: `t1.f${i}Ratio`, value: (numbers) => numbers[i] }));
  if (depth === 0) return leaf;
  const pair = fc.tuple(tree(depth - 1), fc.constantFrom('+', '-', '*', '/'), tree(depth - 1)).map(
    ([left, sign, right]): Made => ({
      text: `(${left.text} ${sign} ${right.text})`,
      value(numbers) {
        const a = left.value(numbers);
        const b = right.value(numbers);
        if (!a || !b) return undefined;
        if (sign === '+') return [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
        if (sign === '-') return [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
        if (sign === '*') return [a[0] * b[0], a[1] * b[1]];
        return b[0] === 0n ? undefined : [a[0] * b[1], a[1] * b[0]];
      },
    }),
  );
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: pair });
}
