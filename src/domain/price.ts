/** Smallest price step of a US stock, dollars. */
export function tickOf(price: number): number {
  return price < 1 ? 0.0001 : 0.01;
}

/**
 * Rounds a price to its tick, and to the decimals that a tick has; the only place where money is rounded. A distance between prices
 * is rounded on the tick of the price it is measured from.
 */
export function toTick(price: number, towards: 'nearest' | 'up' | 'down' = 'nearest', measuredFrom = price): number {
  const perDollar = measuredFrom < 1 ? 10_000 : 100;
  const steps = price * perDollar;
  // 94.11 * 100 is 9411.000000000002: what is meant as a whole step must not be pushed to the next
  const whole = Math.round(steps);
  if (towards === 'nearest' || Math.abs(steps - whole) < 1e-6) return whole / perDollar;
  return (towards === 'up' ? Math.ceil(steps) : Math.floor(steps)) / perDollar;
}

/** The next price above (by = 1) or below (by = -1) a price on its grid. */
export function nextTick(price: number, by: number): number {
  return toTick(toTick(price) + by * tickOf(price));
}

/** A price as a desk writes it, without the dollar sign: `94.10`, below a dollar `0.4210`. */
export function priceText(price: number): string {
  return price.toFixed(price < 1 ? 4 : 2);
}
