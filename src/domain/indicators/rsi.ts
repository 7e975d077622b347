import type { Indicator } from './indicator.ts';
import { wilder } from './wilder.ts';

/** Relative strength index by Wilder, 0 to 100; a market that has not moved at all reads 50. */
export function rsi(length: number): Indicator<number> {
  const gains = wilder(length);
  const losses = wilder(length);
  let before: number | undefined;
  return {
    next(value) {
      const change = before === undefined ? undefined : value - before;
      before = value;
      if (change === undefined) return undefined;
      const gain = gains.next(Math.max(change, 0));
      const loss = losses.next(Math.max(-change, 0));
      if (gain === undefined || loss === undefined) return undefined;
      if (loss === 0) return gain === 0 ? 50 : 100;
      return 100 - 100 / (1 + gain / loss);
    },
  };
}
