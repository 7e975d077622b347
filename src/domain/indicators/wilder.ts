import type { Indicator } from './indicator.ts';
import { sma } from './sma.ts';

/** Wilder's smoothing: the plain average of the first `length` values, then each new one weighs 1/length. */
export function wilder(length: number): Indicator<number> {
  const seed = sma(length);
  let held: number | undefined;
  return {
    next(value) {
      held = held === undefined ? seed.next(value) : (held * (length - 1) + value) / length;
      return held;
    },
  };
}
