import type { Bar } from '../bar.ts';
import type { Indicator } from './indicator.ts';
import { wilder } from './wilder.ts';

type Range = Pick<Bar, 'high' | 'low' | 'close'>;

/** The bar's range, stretched to the close before it; undefined for the first bar, which has none. */
export function trueRange(): Indicator<Range> {
  let before: number | undefined;
  return {
    next({ high, low, close }) {
      const range =
        before === undefined ? undefined : Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
      before = close;
      return range;
    },
  };
}

/** Average true range by Wilder, in dollars; first defined after `length` + 1 bars. */
export function atr(length: number): Indicator<Range> {
  const range = trueRange();
  const average = wilder(length);
  return {
    next(bar) {
      const value = range.next(bar);
      return value === undefined ? undefined : average.next(value);
    },
  };
}
