import { hashOf } from './chance.ts';
import type { MinutePath } from './minute-path.ts';

const TICK = 100;

/** Price units at a second (0 to 59) of a minute that has prints: open, one extreme, the other, close. */
export function priceAtSecond(path: MinutePath, minute: number, second: number): number {
  const open = path.open[minute] ?? 0;
  const close = path.close[minute] ?? 0;
  if (second <= 0) return open;
  if (second >= 59) return close;
  const high = path.high[minute] ?? 0;
  const low = path.low[minute] ?? 0;
  // where the extremes fall depends on the prices themselves, so that no seed has to be carried
  const seed = Math.imul(open ^ (close << 7) ^ (minute << 3), 0x9e3779b1) >>> 0;
  const firstAt = 6 + (seed % 18);
  const secondAt = 30 + ((seed >>> 8) % 24);
  const [first, then] = close >= open ? [low, high] : [high, low];
  if (second === firstAt) return first;
  if (second === secondAt) return then;
  const price =
    second < firstAt
      ? between(open, first, second / firstAt)
      : second < secondAt
        ? between(first, then, (second - firstAt) / (secondAt - firstAt))
        : between(then, close, (second - secondAt) / (59 - secondAt));
  return Math.min(high, Math.max(low, Math.round(price / TICK) * TICK));
}

/** Highest and lowest price units from the start of a minute through a second. */
export function rangeThroughSecond(path: MinutePath, minute: number, second: number): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let at = 0; at <= Math.min(59, second); at += 1) {
    const price = priceAtSecond(path, minute, at);
    if (price < low) low = price;
    if (price > high) high = price;
  }
  return [low, high];
}

/** Shares traded from the start of a minute through a second. */
export function volumeThroughSecond(path: MinutePath, minute: number, second: number): number {
  return Math.floor(((path.volume[minute] ?? 0) * Math.min(60, second + 1)) / 60);
}

/** A size of a print in that second, never more than the second's own volume unless that is zero. */
export function printSize(path: MinutePath, minute: number, second: number): number {
  const traded = volumeThroughSecond(path, minute, second) - volumeThroughSecond(path, minute, second - 1);
  const share = ((hashOf(`${minute}:${second}`) >>> 0) % 90) / 100 + 0.1;
  return Math.max(1, Math.round(traded * share));
}

function between(from: number, to: number, ratio: number): number {
  return from + (to - from) * ratio;
}
