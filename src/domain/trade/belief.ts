import { sessionDateOf } from '../session.ts';
import type { Minute, Trade } from '../trade.ts';
import { isOvernight } from './hours.ts';

/** Of 10,220 minutes of five stocks and funds after their first quarter of an hour, 6 left the last close by more. */
const LEAP_ATRS = 3;
const SPLIT_TOLERANCE = 0.02;
const LARGEST_SPLIT = 100;

/** How far a price may be from the last one without another print that agrees. */
function reach({ atr }: Trade): number {
  return LEAP_ATRS * atr;
}

/** Whether a minute holds a price that must be confirmed before it counts. */
export function leaps(trade: Trade, { high, low }: Minute): boolean {
  const { price } = trade.last;
  return high > price + reach(trade) || low < price - reach(trade);
}

/**
 * The believed part of a leaping minute, once the next one has opened: all of it where that one opens near its close, else what lies
 * near the price before it, and of that only open, close and the end that hurts. Undefined where nothing of it can be believed.
 */
export function believed(trade: Trade, held: Minute, nextOpen: number): Minute | undefined {
  const { price } = trade.last;
  const margin = reach(trade);
  const agreed = Math.abs(nextOpen - held.close) <= margin;
  const floor = (agreed ? Math.min(price, nextOpen) : price) - margin;
  const ceiling = (agreed ? Math.max(price, nextOpen) : price) + margin;
  const real = (value: number): boolean => value >= floor && value <= ceiling;
  const { openAt, open, high, low, close } = held;
  if (real(high) && real(low)) return held;
  const body = [open, close].filter(real);
  const [first] = body;
  const final = body.at(-1);
  if (first === undefined || final === undefined) return undefined;
  const long = trade.direction === 'long';
  return {
    openAt,
    open: first,
    high: !long && real(high) ? high : Math.max(...body),
    low: long && real(low) ? low : Math.min(...body),
    close: final,
  };
}

/** The k of a k-for-1 or 1-for-k split (or of 3 for 2) that an overnight leap looks like, as new shares for one old. */
export function splitRatio(trade: Trade, minute: Minute): number | undefined {
  if (!isOvernight(trade.last.closedAt, minute.openAt)) return undefined;
  if (trade.trustedOn === sessionDateOf(minute.openAt)) return undefined;
  const ratio = trade.last.price / minute.open;
  const large = Math.max(ratio, 1 / ratio);
  const whole = Math.min(LARGEST_SPLIT, Math.round(large));
  const k = [1.5, whole].find((known) => known > 1 && Math.abs(large / known - 1) <= SPLIT_TOLERANCE);
  return k === undefined ? undefined : ratio > 1 ? k : 1 / k;
}
