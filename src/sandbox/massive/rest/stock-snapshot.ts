import { newYorkMidnight } from '../new-york-time.ts';
import { conditionsOf, venueOf } from '../prints.ts';
import { quoteAt } from '../quotes.ts';
import type { DatedScreen, ReplayMarket } from '../replay-market.ts';
import type { PriceBar } from '../screen.ts';
import { printSize } from '../second-path.ts';
import { printsOf } from './aggregates.ts';
import { nanoseconds, notFound, ok, type RestAnswer, type RestRequest, requestId, rounded } from './answer.ts';

const MOVERS = 20;
const LEAST_VOLUME = 10_000;

/** `/v2/snapshot/.../tickers/{T}`. */
export function oneSnapshot(request: RestRequest, symbol: string): RestAnswer {
  const ticker = isStock(request.market, symbol) ? stockRow(request.market, symbol, request.now) : undefined;
  return ticker === undefined ? notFound('Ticker not found.') : ok({ request_id: requestId(), status: 'OK', ticker });
}

/** `/v2/snapshot/.../tickers`: all, or those of `tickers=A,B`. */
export function allSnapshots(request: RestRequest): RestAnswer {
  const asked = request.query.get('tickers');
  const symbols = asked === null || asked === '' ? request.market.symbols() : asked.split(',');
  const tickers = symbols.flatMap((symbol) => {
    const row = isStock(request.market, symbol) ? stockRow(request.market, symbol, request.now) : undefined;
    return row === undefined ? [] : [row];
  });
  return ok({ count: tickers.length, status: 'OK', tickers });
}

/** `/v2/snapshot/.../gainers|losers`: the top 20 with at least 10,000 shares. */
export function movers(request: RestRequest, direction: string): RestAnswer {
  const sign = direction === 'gainers' ? 1 : -1;
  const rows = request.market.symbols().flatMap((symbol) => {
    if (!isStock(request.market, symbol)) return [];
    const screen = request.market.screen(symbol, request.now);
    if (screen === undefined || screen.accumulated < LEAST_VOLUME) return [];
    const changePct = changeOf(screen).pct * sign;
    return changePct > 0 ? [{ symbol, changePct }] : [];
  });
  rows.sort((a, b) => b.changePct - a.changePct || (a.symbol < b.symbol ? -1 : 1));
  const tickers = rows.slice(0, MOVERS).map(({ symbol }) => stockRow(request.market, symbol, request.now));
  return ok({ status: 'OK', tickers });
}

function isStock(market: ReplayMarket, symbol: string): boolean {
  const kind = market.find(symbol)?.kind;
  return kind === 'stock' || kind === 'etf';
}

/** Dollars and percent from the previous close to the last print; zero before the first print. */
export function changeOf(screen: DatedScreen): { dollars: number; pct: number } {
  const before = screen.previous?.close;
  if (before === undefined || screen.last === undefined) return { dollars: 0, pct: 0 };
  const dollars = screen.last.price - before;
  return { dollars: rounded(dollars), pct: rounded((dollars / before) * 100) };
}

/** The last print of a screen with its venue and size; absent before the first one. */
export function lastPrint(market: ReplayMarket, symbol: string, screen: DatedScreen) {
  const path = market.paths.of(symbol, screen.on);
  if (screen.last === undefined || path === undefined) return undefined;
  const { price, minute, second } = screen.last;
  const hours = market.calendar.hours(screen.on);
  const size = printSize(path, minute, second);
  const regular = screen.lastAt >= hours.opensAt && screen.lastAt < hours.closesAt;
  return {
    price: rounded(price),
    size,
    at: screen.lastAt,
    venue: venueOf(symbol, minute * 60 + second),
    conditions: conditionsOf(size, regular),
    id: String(minute * 60 + second + 1),
  };
}

function stockRow(market: ReplayMarket, symbol: string, now: number) {
  const screen = market.screen(symbol, now);
  if (screen === undefined) return undefined;
  const change = changeOf(screen);
  const print = lastPrint(market, symbol, screen);
  const quote = quoteAt(market, symbol, now, screen);
  return {
    ticker: symbol,
    todaysChange: change.dollars,
    todaysChangePerc: change.pct,
    updated: nanoseconds(Math.max(screen.lastAt, quote?.at ?? 0)),
    day: { ...priceFields(screen.day), v: screen.day?.volume ?? 0, dv: decimal(screen.day?.volume ?? 0) },
    ...(quote === undefined
      ? {}
      : {
          lastQuote: {
            P: quote.ask,
            S: Math.max(1, Math.round(quote.askSize / 100)),
            p: quote.bid,
            s: Math.max(1, Math.round(quote.bidSize / 100)),
            t: nanoseconds(quote.at),
          },
        }),
    ...(print === undefined
      ? {}
      : {
          lastTrade: {
            c: print.conditions.length === 0 ? null : print.conditions,
            ds: decimal(print.size),
            i: print.id,
            p: print.price,
            s: print.size,
            t: nanoseconds(print.at),
            x: print.venue,
          },
        }),
    min: minuteFields(screen),
    prevDay: { ...priceFields(screen.previous), v: screen.previous?.volume ?? 0 },
  };
}

/** Before a window has traded the provider sends zeros, not absence. */
function priceFields(bar: PriceBar | undefined) {
  return {
    o: rounded(bar?.open ?? 0),
    h: rounded(bar?.high ?? 0),
    l: rounded(bar?.low ?? 0),
    c: rounded(bar?.close ?? 0),
    vw: rounded(bar?.vwap ?? 0),
  };
}

function minuteFields(screen: DatedScreen) {
  const { minute } = screen;
  const volume = minute?.volume ?? 0;
  return {
    ...priceFields(minute),
    v: volume,
    dv: decimal(volume),
    av: screen.accumulated,
    dav: decimal(screen.accumulated),
    n: minute === undefined ? 0 : printsOf(volume),
    t: minute === undefined ? 0 : newYorkMidnight(screen.on) + 4 * 3_600_000 + minute.minute * 60_000,
  };
}

/** Exact decimal strings beside the numbers. */
export function decimal(value: number): string {
  return value.toFixed(1);
}
