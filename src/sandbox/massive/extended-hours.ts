import type { Chance } from './chance.ts';
import { DAY_MINUTES, type MinutePath, OPEN_MINUTE, type UnitBar } from './minute-path.ts';

const TICK = 100;

/** A few prints between the previous close and the open, and a few around the close after it. */
export function writeExtendedMinutes(
  path: MinutePath,
  day: UnitBar,
  previousClose: number | undefined,
  regularMinutes: number,
  chance: Chance,
): void {
  const volume = day.volume ?? 0;
  if (previousClose !== undefined) {
    for (const minute of someMinutes(0, OPEN_MINUTE, 4 + Math.floor(chance.next() * 20), chance)) {
      // most of the overnight gap is priced early
      const done = Math.min(1, 0.6 + (0.4 * minute) / OPEN_MINUTE);
      const fair = previousClose + (day.open - previousClose) * done;
      write(path, minute, fair * (1 + 0.0008 * chance.normal()), volume, chance);
    }
  }
  const closed = OPEN_MINUTE + regularMinutes;
  const until = Math.min(DAY_MINUTES, closed + 240);
  for (const minute of someMinutes(closed, until, 3 + Math.floor(chance.next() * 8), chance)) {
    write(path, minute, day.close * (1 + 0.0005 * chance.normal()), volume, chance);
  }
}

function someMinutes(from: number, until: number, count: number, chance: Chance): number[] {
  const picked = new Set<number>();
  for (let index = 0; index < count; index += 1) picked.add(from + Math.floor(chance.next() * (until - from)));
  return [...picked].sort((a, b) => a - b);
}

function write(path: MinutePath, minute: number, fair: number, dayVolume: number, chance: Chance): void {
  const open = Math.max(TICK, Math.round(fair / TICK) * TICK);
  const close = Math.max(TICK, open + Math.round(chance.next() * 4 - 2) * TICK);
  path.open[minute] = open;
  path.close[minute] = close;
  path.high[minute] = Math.max(open, close);
  path.low[minute] = Math.min(open, close);
  path.volume[minute] = 100 + Math.floor((dayVolume * chance.next() * 0.0003) / 100) * 100;
}
