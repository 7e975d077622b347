import { PRICE_UNIT } from '../fixture.ts';
import { newYorkMidnight } from '../new-york-time.ts';
import { conditionsOf, sequenceOf, tapeOf, venueOf } from '../prints.ts';
import { quoteAt } from '../quotes.ts';
import type { DatedScreen, ReplayMarket } from '../replay-market.ts';
import { printsOf } from '../rest/aggregates.ts';
import { rounded } from '../rest/answer.ts';
import { decimal } from '../rest/stock-snapshot.ts';
import { minuteBar, type PriceBar } from '../screen.ts';
import { priceAtSecond, printSize, volumeThroughSecond } from '../second-path.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** The bar of the minute that ended at `endsAt`; absent when nothing traded in it. */
export function minuteEvent(market: ReplayMarket, symbol: string, endsAt: number): object | undefined {
  const screen = market.screen(symbol, endsAt);
  const path = screen && market.paths.of(symbol, screen.on);
  if (screen === undefined || path === undefined) return undefined;
  const minute = minuteOf(screen, endsAt - MINUTE_MS);
  if (screen.minute?.minute !== minute) return undefined;
  return barEvent('AM', symbol, screen, minuteBar(path, minute), endsAt - MINUTE_MS, endsAt);
}

/** The bar of the second that ended at `endsAt`. */
export function secondEvent(market: ReplayMarket, symbol: string, endsAt: number): object | undefined {
  const found = printedSecond(market, symbol, endsAt);
  if (found === undefined) return undefined;
  const { screen, price, volume } = found;
  const bar = { open: price, high: price, low: price, close: price, volume, vwap: price };
  return barEvent('A', symbol, screen, bar, endsAt - SECOND_MS, endsAt);
}

/** One print of the second that ended at `endsAt`. */
export function tradeEvent(market: ReplayMarket, symbol: string, endsAt: number): object | undefined {
  const found = printedSecond(market, symbol, endsAt);
  if (found === undefined) return undefined;
  const { screen, price, size, secondOfDay } = found;
  const hours = market.calendar.hours(screen.on);
  const at = endsAt - SECOND_MS;
  const conditions = conditionsOf(size, at >= hours.opensAt && at < hours.closesAt);
  return {
    ev: 'T',
    sym: symbol,
    x: venueOf(symbol, secondOfDay),
    i: String(secondOfDay + 1),
    z: tapeOf(symbol),
    p: price,
    s: size,
    ds: decimal(size),
    ...(conditions.length === 0 ? {} : { c: conditions }),
    t: at,
    q: sequenceOf(at, 'trade'),
  };
}

/** The quote standing at the end of a second; absent before the first print. */
export function quoteEvent(market: ReplayMarket, symbol: string, endsAt: number): object | undefined {
  const at = endsAt - SECOND_MS;
  const screen = market.screen(symbol, at);
  const quote = screen && quoteAt(market, symbol, at, screen);
  if (quote === undefined) return undefined;
  return {
    ev: 'Q',
    sym: symbol,
    bx: 11,
    bp: quote.bid,
    bs: Math.max(1, Math.round(quote.bidSize / 100)),
    ax: 12,
    ap: quote.ask,
    as: Math.max(1, Math.round(quote.askSize / 100)),
    c: 0,
    t: at,
    q: sequenceOf(at, 'quote'),
    z: tapeOf(symbol),
  };
}

/** An index's value; indices are silent outside regular hours. */
export function valueEvent(market: ReplayMarket, symbol: string, endsAt: number): object | undefined {
  const found = printedSecond(market, symbol, endsAt);
  return found && { ev: 'V', val: found.price, T: symbol, t: endsAt - SECOND_MS };
}

function printedSecond(market: ReplayMarket, symbol: string, endsAt: number) {
  const at = endsAt - SECOND_MS;
  const screen = market.screen(symbol, at);
  const path = screen && market.paths.of(symbol, screen.on);
  if (screen === undefined || path === undefined) return undefined;
  const minute = minuteOf(screen, at);
  if (screen.last?.minute !== minute) return undefined;
  const second = screen.last.second;
  const volume = volumeThroughSecond(path, minute, second) - volumeThroughSecond(path, minute, second - 1);
  if (volume === 0 && !symbol.startsWith('I:')) return undefined;
  const price = rounded(priceAtSecond(path, minute, second) / PRICE_UNIT);
  return { screen, price, volume, size: printSize(path, minute, second), secondOfDay: minute * 60 + second };
}

function minuteOf(screen: DatedScreen, at: number): number {
  return Math.floor((at - newYorkMidnight(screen.on)) / MINUTE_MS) - 240;
}

function barEvent(
  ev: 'A' | 'AM',
  symbol: string,
  screen: DatedScreen,
  bar: PriceBar,
  startsAt: number,
  endsAt: number,
) {
  const head = { ev, sym: symbol };
  const official = screen.day === undefined ? {} : { op: rounded(screen.day.open) };
  const prices = { o: rounded(bar.open), c: rounded(bar.close), h: rounded(bar.high), l: rounded(bar.low) };
  const window = { s: startsAt, e: endsAt };
  if (symbol.startsWith('I:')) return { ...head, ...official, ...prices, ...window };
  return {
    ...head,
    v: bar.volume,
    dv: decimal(bar.volume),
    av: screen.accumulated,
    dav: decimal(screen.accumulated),
    ...official,
    vw: rounded(bar.vwap),
    ...prices,
    a: rounded(screen.day?.vwap ?? bar.vwap),
    z: Math.max(1, Math.round(bar.volume / printsOf(bar.volume))),
    ...window,
  };
}
