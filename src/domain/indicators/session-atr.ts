import type { Bar } from '../bar.ts';

const LENGTH = 14;
const FEWEST = 6;
const NIGHT_MS = 4 * 3_600_000;

/**
 * The average true range that intraday stops are measured in, dollars: Wilder's 14 bars, with two departures. A night is no range (the
 * first bar of a session counts its own high minus low), and 6 to 13 bars give their plain average, so that the first half hour is
 * enough. `bars` says how many it rests on.
 */
export function sessionAtr(bars: readonly Bar[]): { readonly value: number; readonly bars: number } | undefined {
  if (bars.length < FEWEST) return undefined;
  let before: Bar | undefined;
  let seen = 0;
  let held = 0;
  for (const bar of bars) {
    const overnight = !before || bar.openAt - before.openAt > NIGHT_MS;
    const range =
      !before || overnight
        ? bar.high - bar.low
        : Math.max(bar.high - bar.low, Math.abs(bar.high - before.close), Math.abs(bar.low - before.close));
    before = bar;
    const weight = Math.min(seen, LENGTH - 1);
    held = (held * weight + range) / (weight + 1);
    seen += 1;
  }
  return { value: held, bars: Math.min(seen, LENGTH) };
}
