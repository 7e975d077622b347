/** A fraction in lowest terms; the denominator is positive. */
export interface Exact {
  readonly top: bigint;
  readonly bottom: bigint;
}

export const exactOf = (top: bigint, bottom: bigint): Exact => {
  const sign = bottom < 0n ? -1n : 1n;
  const shared = greatestDivisor(top < 0n ? -top : top, bottom * sign) || 1n;
  return { top: (top * sign) / shared, bottom: (bottom * sign) / shared };
};

/** The decimal that this number is written as (0.1 is one tenth), not the binary fraction behind it. */
export function exactNumber(value: number): Exact {
  const [, sign = '', whole = '0', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value)) ?? [];
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(`${sign}${whole}${decimals}`);
  return shift >= 0 ? exactOf(digits * 10n ** BigInt(shift), 1n) : exactOf(digits, 10n ** BigInt(-shift));
}

export const add = (a: Exact, b: Exact): Exact => exactOf(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const negate = (a: Exact): Exact => ({ top: -a.top, bottom: a.bottom });
export const multiply = (a: Exact, b: Exact): Exact => exactOf(a.top * b.top, a.bottom * b.bottom);

/** Undefined when `b` is zero. */
export const divide = (a: Exact, b: Exact): Exact | undefined =>
  b.top === 0n ? undefined : exactOf(a.top * b.bottom, a.bottom * b.top);

/** Rounded half away from zero; as near as a number can be to that decimal. */
export function rounded(value: Exact, decimals: number): number {
  const size = value.top < 0n ? -value.top : value.top;
  const scaled = (size * 10n ** BigInt(decimals) * 2n + value.bottom) / (value.bottom * 2n);
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return Number(value.top < 0n && scaled !== 0n ? `-${text}` : text);
}

/** Beyond what a card shows, for choosing decimals and scales. */
export const nearly = (value: Exact): number => rounded(value, 12);

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a, b];
  while (small !== 0n) [large, small] = [small, large % small];
  return large;
}
