import type { Bar } from '../bar.ts';
import type { Direction } from '../setup.ts';

/** +1 for long, -1 for short: lets one rule read for both directions. */
export type Sign = 1 | -1;

/** Both directions with their sign, long first. */
export const SIDES: readonly { readonly direction: Direction; readonly sign: Sign }[] = [
  { direction: 'long', sign: 1 },
  { direction: 'short', sign: -1 },
];

/** +1 for long, -1 for short. */
export function signOf(direction: Direction): Sign {
  return direction === 'long' ? 1 : -1;
}

/** The end of a bar that a trade in this direction wants to pass: high for long, low for short. */
export function front(bar: Bar, sign: Sign): number {
  return sign === 1 ? bar.high : bar.low;
}

/** The end of a bar that a trade in this direction hides behind: low for long, high for short. */
export function back(bar: Bar, sign: Sign): number {
  return sign === 1 ? bar.low : bar.high;
}

/** The farthest back of some bars. */
export function backOf(bars: readonly Bar[], sign: Sign): number {
  return sign * Math.min(...bars.map((bar) => sign * back(bar, sign)));
}
