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

/** `secondsSinceStart` counts from 04:00; `regularEnd` is the first minute after the close. */
export function screenAt(path: MinutePath, secondsSinceStart: number, regularEnd: number): Screen {
  const current = Math.min(DAY_MINUTES, Math.floor(secondsSinceStart / 60));
  const second = Math.floor(secondsSinceStart) - current * 60;
  const day = { open: 0, high: 0, low: Number.POSITIVE_INFINITY, close: 0, volume: 0, turnover: 0, minutes: 0 };
  let accumulated = 0;
  let lastMinute = -1;
  let premarket: number | undefined;
  let afterhours: number | undefined;
  const take = (minute: number, low: number, high: number, close: number, volume: number): void => {
    accumulated += volume;
    if (minute < OPEN_MINUTE) premarket = close / PRICE_UNIT;
    else if (minute >= regularEnd) afterhours = close / PRICE_UNIT;
    else {
      if (day.minutes === 0) day.open = path.open[minute] ?? 0;
      day.high = Math.max(day.high, high);
      day.low = Math.min(day.low, low);
      day.close = close;
      day.volume += volume;
      day.turnover += ((high + low + close) / 3) * volume;
      day.minutes += 1;
    }
  };
  for (let minute = 0; minute < current; minute += 1) {
    const close = path.close[minute] ?? 0;
    if (close === 0) continue;
    take(minute, path.low[minute] ?? 0, path.high[minute] ?? 0, close, path.volume[minute] ?? 0);
    lastMinute = minute;
  }
  let last =
    lastMinute < 0 ? undefined : { price: (path.close[lastMinute] ?? 0) / PRICE_UNIT, minute: lastMinute, second: 59 };
  if (current < DAY_MINUTES && secondsSinceStart >= 0 && (path.close[current] ?? 0) !== 0) {
    const price = priceAtSecond(path, current, second);
    const [low, high] = rangeThroughSecond(path, current, second);
    take(current, low, high, price, volumeThroughSecond(path, current, second));
    last = { price: price / PRICE_UNIT, minute: current, second };
  }
  return {
    day: day.minutes === 0 ? undefined : dollars(day),
    accumulated,
    minute: lastMinute < 0 ? undefined : minuteBar(path, lastMinute),
    last,
    premarket,
    afterhours,
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
