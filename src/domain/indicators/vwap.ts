import type { Bar } from '../bar.ts';
import type { Indicator } from './indicator.ts';

type Traded = Pick<Bar, 'high' | 'low' | 'close' | 'volume' | 'vwap'>;

/** Volume-weighted average price since the first bar fed; a bar's own average where it carries one, else its typical price. */
export function vwap(): Indicator<Traded> {
  let dollars = 0;
  let shares = 0;
  return {
    next({ high, low, close, volume = 0, vwap: own }) {
      dollars += (own ?? (high + low + close) / 3) * volume;
      shares += volume;
      return shares > 0 ? dollars / shares : undefined;
    },
  };
}
