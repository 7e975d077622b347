import type { Indicator } from './indicator.ts';

/** Plain moving average of the last `length` values. */
export function sma(length: number): Indicator<number> {
  const window: number[] = [];
  return {
    next(value) {
      window.push(value);
      if (window.length > length) window.shift();
      if (window.length < length) return undefined;
      // summed afresh each time: a running sum drifts away from the truth
      let sum = 0;
      for (const member of window) sum += member;
      return sum / length;
    },
  };
}
