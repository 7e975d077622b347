import type { Indicator } from './indicator.ts';
import { sma } from './sma.ts';

/** Exponential moving average of `length` values, seeded with their plain average. */
export function ema(length: number): Indicator<number> {
  const seed = sma(length);
  const weight = 2 / (length + 1);
  let held: number | undefined;
  return {
    next(value) {
      held = held === undefined ? seed.next(value) : held + weight * (value - held);
      return held;
    },
  };
}
