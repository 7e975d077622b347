import { PRICE_UNIT } from '../fixture.ts';
import { DAY_MINUTES } from '../minute-path.ts';
import { newYorkDate, newYorkMidnight } from '../new-york-time.ts';
import type { ReplayMarket } from '../replay-market.ts';
import { minuteBar, type PriceBar } from '../screen.ts';

/** A base aggregate: a minute or a day, with the start of its window. */
export interface BaseBar extends PriceBar {
  readonly at: number;
}

export interface BarRange {
  readonly symbol: string;
  readonly fromAt: number;
  /** Inclusive. */
  readonly toAt: number;
  readonly now: number;
  readonly adjusted: boolean;
  readonly descending: boolean;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Finished minutes of a range, one by one, so that a page stops the work. */
export function* minuteBars(market: ReplayMarket, range: BarRange): Generator<BaseBar> {
  const today = newYorkDate(range.now);
  for (const on of daysOf(market, range)) {
    const path = market.paths.of(range.symbol, on);
    if (path === undefined) continue;
    const startsAt = newYorkMidnight(on) + 4 * HOUR_MS;
    const ratio = range.adjusted ? market.ratio(range.symbol, on, today) : 1;
    for (let index = 0; index < DAY_MINUTES; index += 1) {
      const minute = range.descending ? DAY_MINUTES - 1 - index : index;
      const at = startsAt + minute * MINUTE_MS;
      if (path.close[minute] === 0 || at < range.fromAt || at > range.toAt || at + MINUTE_MS > range.now) continue;
      yield { at, ...inSharesOf(ratio, minuteBar(path, minute)) };
    }
  }
}

/** Days of a range; the running day is what has traded so far. */
export function* dayBars(market: ReplayMarket, range: BarRange): Generator<BaseBar> {
  const today = newYorkDate(range.now);
  const isIndex = range.symbol.startsWith('I:');
  for (const on of daysOf(market, range)) {
    // the provider cuts index days at Chicago's midnight
    const at = newYorkMidnight(on) + (isIndex ? HOUR_MS : 0);
    if (newYorkMidnight(on) < newYorkMidnight(newYorkDate(range.fromAt)) || at > range.toAt) continue;
    const running = on === today && range.now < market.calendar.hours(on).closesAt;
    const bar = running
      ? market.screen(range.symbol, range.now)?.day
      : market.dayBar(range.symbol, on, range.adjusted ? today : on);
    if (bar === undefined || (running && market.screen(range.symbol, range.now)?.on !== on)) continue;
    yield { ...bar, at };
  }
}

function daysOf(market: ReplayMarket, range: BarRange): readonly string[] {
  const to = newYorkDate(Math.min(range.toAt, range.now));
  const days = market.calendar.between(newYorkDate(range.fromAt), to);
  return range.descending ? days.toReversed() : days;
}

function inSharesOf(ratio: number, bar: PriceBar): PriceBar {
  if (ratio === 1) return bar;
  const price = (value: number): number => Math.round((value / ratio) * PRICE_UNIT) / PRICE_UNIT;
  return {
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    volume: bar.volume * ratio,
    vwap: price(bar.vwap),
  };
}
