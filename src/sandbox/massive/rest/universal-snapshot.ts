import { newYorkMidnight } from '../new-york-time.ts';
import { quoteAt } from '../quotes.ts';
import type { DatedScreen } from '../replay-market.ts';
import { printsOf } from './aggregates.ts';
import { failed, nanoseconds, ok, type RestAnswer, type RestRequest, requestId, rounded } from './answer.ts';
import { sortedBy, textPasses } from './filter.ts';
import { optionRow } from './options.ts';
import { isAnswer, pageOf } from './page.ts';
import { phaseAt, snapshotStatus } from './phase.ts';
import { changeOf, decimal, lastPrint } from './stock-snapshot.ts';

const LIMITS = { standard: 10, most: 250 };

/** `/v3/snapshot`: any mix of asset classes; a ticker that does not exist is a row that says so. */
export function universalSnapshot(request: RestRequest): RestAnswer {
  return snapshotPage(request, request.query.get('type') ?? undefined);
}

/** `/v3/snapshot/indices`. */
export function indicesSnapshot(request: RestRequest): RestAnswer {
  return snapshotPage(request, 'indices');
}

function snapshotPage(request: RestRequest, type: string | undefined): RestAnswer {
  const asked = request.query.get('ticker.any_of')?.split(',');
  if (asked !== undefined && asked.length > LIMITS.most) {
    return failed(400, "The parameter 'ticker.any_of' cannot hold more than 250 tickers");
  }
  const kinds = type === 'indices' ? ['index'] : type === 'stocks' ? ['stock', 'etf'] : ['stock', 'etf', 'index'];
  const known = request.market.symbols().filter((symbol) => kinds.includes(request.market.find(symbol)?.kind ?? ''));
  const symbols = asked ?? known.filter((symbol) => textPasses(request.query, 'ticker', symbol));
  const sorted = sortedBy(symbols, (symbol) => symbol, request.query.get('order') === 'desc');
  const page = pageOf(request, sorted, LIMITS);
  if (isAnswer(page)) return page;
  const results = page.rows.map((symbol) => {
    const row = symbol.startsWith('O:')
      ? type === undefined || type === 'options'
        ? optionRow(request, symbol)
        : undefined
      : known.includes(symbol)
        ? snapshotRow(request, symbol)
        : undefined;
    return row ?? { ticker: symbol, error: 'NOT_FOUND', message: 'Ticker not found.' };
  });
  return ok({ request_id: requestId(), status: 'OK', results, ...page.nextUrl });
}

function snapshotRow(request: RestRequest, symbol: string) {
  const { market, now } = request;
  const one = market.find(symbol);
  const screen = market.screen(symbol, now);
  if (one === undefined || screen === undefined) return undefined;
  const status = snapshotStatus(phaseAt(market, now));
  const head = { ticker: symbol, name: one.name, timeframe: 'REAL-TIME' };
  if (one.kind === 'index') {
    const value = screen.last?.price ?? screen.previous?.close;
    return {
      ...head,
      type: 'indices',
      // indices have no extended hours
      market_status: status === 'open' ? 'open' : 'closed',
      ...(value === undefined ? {} : { value: rounded(value) }),
      last_updated: nanoseconds(screen.lastAt),
      session: indexSession(screen),
    };
  }
  return {
    ...head,
    type: 'stocks',
    market_status: status,
    last_updated: nanoseconds(screen.lastAt),
    session: stockSession(screen),
    ...lastParts(request, symbol, screen),
  };
}

function indexSession(screen: DatedScreen) {
  const change = changeOf(screen);
  const day = screen.day ?? screen.previous;
  return {
    change: change.dollars,
    change_percent: change.pct,
    close: rounded(day?.close ?? 0),
    high: rounded(day?.high ?? 0),
    low: rounded(day?.low ?? 0),
    open: rounded(day?.open ?? 0),
    previous_close: rounded(screen.previous?.close ?? 0),
  };
}

function stockSession(screen: DatedScreen) {
  const before = screen.previous?.close ?? 0;
  const regular = screen.day === undefined ? 0 : screen.day.close - before;
  const early = screen.premarket === undefined ? 0 : screen.premarket - before;
  const late = screen.afterhours === undefined || screen.day === undefined ? 0 : screen.afterhours - screen.day.close;
  const pct = (dollars: number, base: number): number => (base === 0 ? 0 : rounded((dollars / base) * 100));
  const volume = screen.day?.volume ?? 0;
  const change = changeOf(screen);
  return {
    change: change.dollars,
    change_percent: change.pct,
    early_trading_change: rounded(early),
    early_trading_change_percent: pct(early, before),
    regular_trading_change: rounded(regular),
    regular_trading_change_percent: pct(regular, before),
    late_trading_change: rounded(late),
    late_trading_change_percent: pct(late, screen.day?.close ?? 0),
    open: rounded(screen.day?.open ?? 0),
    high: rounded(screen.day?.high ?? 0),
    low: rounded(screen.day?.low ?? 0),
    close: rounded(screen.day?.close ?? 0),
    ...(screen.last === undefined ? {} : { price: rounded(screen.last.price) }),
    previous_close: rounded(before),
    volume,
    decimal_volume: decimal(volume),
  };
}

function lastParts(request: RestRequest, symbol: string, screen: DatedScreen) {
  const print = lastPrint(request.market, symbol, screen);
  const quote = quoteAt(request.market, symbol, request.now, screen);
  const { minute } = screen;
  return {
    ...(print === undefined
      ? {}
      : {
          last_trade: {
            ...(print.conditions.length === 0 ? {} : { conditions: print.conditions }),
            exchange: print.venue,
            id: print.id,
            last_updated: nanoseconds(print.at),
            price: print.price,
            size: print.size,
            decimal_size: decimal(print.size),
            timeframe: 'REAL-TIME',
          },
        }),
    ...(quote === undefined
      ? {}
      : {
          last_quote: {
            ask: quote.ask,
            ask_size: Math.max(1, Math.round(quote.askSize / 100)),
            bid: quote.bid,
            bid_size: Math.max(1, Math.round(quote.bidSize / 100)),
            last_updated: nanoseconds(quote.at),
            midpoint: rounded((quote.bid + quote.ask) / 2),
            timeframe: 'REAL-TIME',
          },
        }),
    ...(minute === undefined
      ? {}
      : {
          last_minute: {
            open: rounded(minute.open),
            high: rounded(minute.high),
            low: rounded(minute.low),
            close: rounded(minute.close),
            volume: minute.volume,
            decimal_volume: decimal(minute.volume),
            vwap: rounded(minute.vwap),
            transactions: printsOf(minute.volume),
            last_updated: nanoseconds(newYorkMidnight(screen.on) + 4 * 3_600_000 + (minute.minute + 1) * 60_000),
          },
        }),
  };
}
