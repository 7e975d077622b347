import type { Chance } from './chance.ts';

/** Minutes from 04:00 to 20:00 New York time. */
export const DAY_MINUTES = 960;
/** 09:30 as a minute of the path. */
export const OPEN_MINUTE = 330;

/** One symbol's minutes of one day from 04:00; prices in `PRICE_UNIT`, a close of 0 is a minute without a print. */
export interface MinutePath {
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volume: Int32Array;
}

/** A day bar in price units; an index has no volume. */
export interface UnitBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume?: number;
}

export function emptyPath(): MinutePath {
  return {
    open: new Int32Array(DAY_MINUTES),
    high: new Int32Array(DAY_MINUTES),
    low: new Int32Array(DAY_MINUTES),
    close: new Int32Array(DAY_MINUTES),
    volume: new Int32Array(DAY_MINUTES),
  };
}

/** Prices are cut to cents between the day's own exact extremes. */
const TICK = 100;
const LARGEST_STRETCH = 4;
const LEAST_STRETCH = 0.5;
/** Recorded sessions: a minute's average step is 1.8 to 2.8 % of the day's range. */
const LEAST_STEP_OF_RANGE = 0.02;

/**
 * Writes a regular session into `path`: a random walk bent so that it opens, peaks, bottoms and closes exactly where
 * the day bar did and trades its volume to the share. `moves` are the minute's standard moves, shared part included.
 */
export function writeRegularMinutes(path: MinutePath, day: UnitBar, moves: Float64Array, chance: Chance): void {
  const closes = bentWalk(day, moves);
  const step = typicalStep(day, closes);
  let previous = day.open;
  for (const [index, close] of closes.entries()) {
    const minute = OPEN_MINUTE + index;
    const open = index === 0 ? day.open : inside(day, previous + Math.round(chance.next() * 2 - 1) * TICK);
    const reach = step * Math.min(2.5, 0.4 + Math.abs(moves[index] ?? 0) / 2);
    path.open[minute] = open;
    path.close[minute] = close;
    path.high[minute] = inside(day, Math.max(open, close) + ticks(chance.next() * reach));
    path.low[minute] = inside(day, Math.min(open, close) - ticks(chance.next() * reach));
    previous = close;
  }
  const last = OPEN_MINUTE + closes.length;
  path.high[extremeMinute(path.high, last, (a, b) => a > b)] = day.high;
  path.low[extremeMinute(path.low, last, (a, b) => a < b)] = day.low;
  if (day.volume !== undefined) spreadVolume(path, day.volume, moves, chance);
}

/** Closing prices of the minutes: a bridge from open to close, scaled and stretched into the day's range. */
function bentWalk(day: UnitBar, moves: Float64Array): Float64Array {
  const count = moves.length;
  const bridge = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    sum += moves[index] ?? 0;
    bridge[index] = sum;
  }
  for (let index = 0; index < count; index += 1) bridge[index] = (bridge[index] ?? 0) - (sum * (index + 1)) / count;
  const at = (index: number, scale: number): number =>
    day.open + ((day.close - day.open) * (index + 1)) / count + scale * (bridge[index] ?? 0);
  const scale = Math.max(scaleForRange(day, count, at), scaleForSteps(day, moves));
  const top = Math.max(day.open, day.close);
  const bottom = Math.min(day.open, day.close);
  const [lowest, highest] = rangeOf(day, count, scale, at);
  const up = stretch(day.high - top, highest - top);
  const down = stretch(bottom - day.low, bottom - lowest);
  const closes = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const price = at(index, scale);
    const bent =
      price > top
        ? top + excursion(price - top, up, day.high - top)
        : price < bottom
          ? bottom - excursion(bottom - price, down, bottom - day.low)
          : price;
    closes[index] = inside(day, ticks(bent));
  }
  closes[count - 1] = day.close;
  return closes;
}

function scaleForRange(day: UnitBar, count: number, at: (index: number, scale: number) => number): number {
  const wanted = day.high - day.low;
  let low = 0;
  let high = wanted;
  for (let round = 0; round < 24; round += 1) {
    const middle = (low + high) / 2;
    const [lowest, highest] = rangeOf(day, count, middle, at);
    if (highest - lowest < wanted) low = middle;
    else high = middle;
  }
  return low;
}

/** A day that runs one way still has minutes that run the other: the least size of its steps. */
function scaleForSteps(day: UnitBar, moves: Float64Array): number {
  const average = moves.reduce((sum, move) => sum + Math.abs(move), 0) / moves.length;
  return (LEAST_STEP_OF_RANGE * (day.high - day.low)) / (average || 1);
}

function rangeOf(
  day: UnitBar,
  count: number,
  scale: number,
  at: (index: number, scale: number) => number,
): [lowest: number, highest: number] {
  let lowest = day.open;
  let highest = day.open;
  for (let index = 0; index < count; index += 1) {
    const price = at(index, scale);
    if (price < lowest) lowest = price;
    if (price > highest) highest = price;
  }
  return [lowest, highest];
}

function stretch(wanted: number, walked: number): number {
  return walked <= 0 ? 1 : Math.min(LARGEST_STRETCH, wanted / walked);
}

/** How far beyond open and close a walk may go: scaled to the extreme, or, where that would flatten it, mirrored there. */
function excursion(distance: number, factor: number, most: number): number {
  return factor < LEAST_STRETCH ? most - Math.abs(most - distance) : distance * factor;
}

function typicalStep(day: UnitBar, closes: Float64Array): number {
  let previous = day.open;
  let sum = 0;
  for (const close of closes) {
    sum += Math.abs(close - previous);
    previous = close;
  }
  return sum / closes.length;
}

function ticks(price: number): number {
  return Math.round(price / TICK) * TICK;
}

function inside(day: UnitBar, price: number): number {
  return Math.min(day.high, Math.max(day.low, price));
}

function extremeMinute(column: Int32Array, end: number, beats: (a: number, b: number) => boolean): number {
  let best = OPEN_MINUTE;
  for (let minute = OPEN_MINUTE + 1; minute < end; minute += 1) {
    if (beats(column[minute] ?? 0, column[best] ?? 0)) best = minute;
  }
  return best;
}

/** Busy at the open and the close, quiet at noon, more where the price moved; the parts add up to the share. */
function spreadVolume(path: MinutePath, total: number, moves: Float64Array, chance: Chance): void {
  const count = moves.length;
  const weights = Float64Array.from(moves, (move, index) => {
    const fromNoon = (2 * index) / (count - 1) - 1;
    const auction = index === 0 ? 3 : index === count - 1 ? 9 : 1;
    return auction * (0.45 + 1.1 * fromNoon ** 2) * (0.6 + Math.abs(move)) * (0.5 + chance.next());
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  let given = 0;
  let spent = 0;
  for (let index = 0; index < count; index += 1) {
    spent += weights[index] ?? 0;
    const upTo = index === count - 1 ? total : Math.floor((total * spent) / sum);
    path.volume[OPEN_MINUTE + index] = upTo - given;
    given = upTo;
  }
}
