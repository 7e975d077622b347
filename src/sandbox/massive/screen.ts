import { PRICE_UNIT } from './fixture.ts';
import { DAY_MINUTES, type MinutePath, OPEN_MINUTE } from './minute-path.ts';
import { priceAtSecond, rangeThroughSecond, volumeThroughSecond } from './second-path.ts';

/** Open, high, low, close in dollars; an index has neither volume nor vwap. */
export interface PriceBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly vwap: number;
}

/** A minute as a bar; `minute` counts from 04:00. */
export interface MinuteBar extends PriceBar {
  readonly minute: number;
}

/** What a symbol shows at an instant of one day: nothing later than that second. */
export interface Screen {
  /** Regular hours so far. */
  readonly day: PriceBar | undefined;
  /** Shares since 04:00. */
  readonly accumulated: number;
  /** The last minute that is over. */
  readonly minute: MinuteBar | undefined;
  readonly last: { readonly price: number; readonly minute: number; readonly second: number } | undefined;
  /** Last print before 09:30. */
  readonly premarket: number | undefined;
  /** Last print of regular hours and, once the session is over, of the hours after it. */
  readonly afterhours: number | undefined;
}

/** A day's finished minutes added up to some minute; going forward only adds what is new. */
interface Running {
  through: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
  accumulated: number;
  lastMinute: number;
  premarket: number | undefined;
  afterhours: number | undefined;
}

const running = new WeakMap<MinutePath, Running>();

/** `secondsSinceStart` counts from 04:00; `regularEnd` is the first minute after the close. */
export function screenAt(path: MinutePath, secondsSinceStart: number, regularEnd: number): Screen {
  const current = Math.max(0, Math.min(DAY_MINUTES, Math.floor(secondsSinceStart / 60)));
  const second = Math.floor(secondsSinceStart) - current * 60;
  const finished = finishedThrough(path, current, regularEnd);
  const { lastMinute } = finished;
  const minute = lastMinute < 0 ? undefined : minuteBar(path, lastMinute);
  if (current === DAY_MINUTES || secondsSinceStart < 0 || (path.close[current] ?? 0) === 0) {
    const last = minute && { price: minute.close, minute: minute.minute, second: 59 };
    return { ...shown(finished), minute, last };
  }
  const price = priceAtSecond(path, current, second);
  const [low, high] = rangeThroughSecond(path, current, second);
  const soFar = { ...finished };
  take(
    soFar,
    current,
    regularEnd,
    path.open[current] ?? 0,
    low,
    high,
    price,
    volumeThroughSecond(path, current, second),
  );
  return { ...shown(soFar), minute, last: { price: price / PRICE_UNIT, minute: current, second } };
}

function finishedThrough(path: MinutePath, current: number, regularEnd: number): Running {
  const known = running.get(path);
  const sums = known !== undefined && known.through <= current ? known : freshRunning();
  for (let minute = sums.through; minute < current; minute += 1) {
    const close = path.close[minute] ?? 0;
    if (close === 0) continue;
    const [open = 0, low = 0, high = 0, volume = 0] = [
      path.open[minute],
      path.low[minute],
      path.high[minute],
      path.volume[minute],
    ];
    take(sums, minute, regularEnd, open, low, high, close, volume);
    sums.lastMinute = minute;
  }
  sums.through = current;
  // a question about an earlier minute must not make the next one start over
  if (known === undefined || current >= known.through) running.set(path, sums);
  return sums;
}

function take(
  sums: Running,
  minute: number,
  regularEnd: number,
  open: number,
  low: number,
  high: number,
  close: number,
  volume: number,
): void {
  sums.accumulated += volume;
  if (minute < OPEN_MINUTE) sums.premarket = close / PRICE_UNIT;
  else if (minute >= regularEnd) sums.afterhours = close / PRICE_UNIT;
  else {
    if (sums.open === 0) sums.open = open;
    sums.high = Math.max(sums.high, high);
    sums.low = Math.min(sums.low, low);
    sums.close = close;
    sums.volume += volume;
    sums.turnover += ((high + low + close) / 3) * volume;
  }
}

function shown(sums: Running): Pick<Screen, 'day' | 'accumulated' | 'premarket' | 'afterhours'> {
  const { accumulated, premarket, afterhours } = sums;
  return { day: sums.open === 0 ? undefined : dollars(sums), accumulated, premarket, afterhours };
}

function freshRunning(): Running {
  return {
    through: 0,
    open: 0,
    high: 0,
    low: Number.POSITIVE_INFINITY,
    close: 0,
    volume: 0,
    turnover: 0,
    accumulated: 0,
    lastMinute: -1,
    premarket: undefined,
    afterhours: undefined,
  };
}

/** One finished minute in dollars; the minute must have a print. */
export function minuteBar(path: MinutePath, minute: number): MinuteBar {
  const high = path.high[minute] ?? 0;
  const low = path.low[minute] ?? 0;
  const close = path.close[minute] ?? 0;
  const volume = path.volume[minute] ?? 0;
  const bar = { open: path.open[minute] ?? 0, high, low, close, volume, turnover: ((high + low + close) / 3) * volume };
  return { minute, ...dollars(bar) };
}

function dollars(bar: {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
}): PriceBar {
  const typical = (bar.high + bar.low + bar.close) / 3;
  const vwap = bar.volume > 0 ? bar.turnover / bar.volume : typical;
  return {
    open: bar.open / PRICE_UNIT,
    high: bar.high / PRICE_UNIT,
    low: bar.low / PRICE_UNIT,
    close: bar.close / PRICE_UNIT,
    volume: bar.volume,
    vwap: Math.round(vwap) / PRICE_UNIT,
  };
}
