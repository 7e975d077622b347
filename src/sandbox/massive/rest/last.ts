import { sequenceOf, tapeOf } from '../prints.ts';
import { quoteAt } from '../quotes.ts';
import { nanoseconds, notFound, ok, type RestAnswer, type RestRequest, requestId } from './answer.ts';
import { decimal, lastPrint } from './stock-snapshot.ts';

/** `/v2/last/trade/{T}`, stocks only. */
export function lastTrade(request: RestRequest, symbol: string): RestAnswer {
  const screen = symbol.startsWith('I:') ? undefined : request.market.screen(symbol, request.now);
  const print = screen === undefined ? undefined : lastPrint(request.market, symbol, screen);
  if (print === undefined) return notFound();
  return ok({
    request_id: requestId(),
    status: 'OK',
    results: {
      T: symbol,
      ...(print.conditions.length === 0 ? {} : { c: print.conditions }),
      i: print.id,
      p: print.price,
      s: print.size,
      ds: decimal(print.size),
      x: print.venue,
      z: tapeOf(symbol),
      q: sequenceOf(print.at, 'trade'),
      t: nanoseconds(print.at),
      y: nanoseconds(print.at),
    },
  });
}

/** `/v2/last/nbbo/{T}`, stocks only: lower case is the bid, upper case the ask, sizes are shares. */
export function lastQuote(request: RestRequest, symbol: string): RestAnswer {
  const screen = symbol.startsWith('I:') ? undefined : request.market.screen(symbol, request.now);
  const quote = screen === undefined ? undefined : quoteAt(request.market, symbol, request.now, screen);
  if (quote === undefined) return notFound();
  return ok({
    request_id: requestId(),
    status: 'OK',
    results: {
      T: symbol,
      p: quote.bid,
      s: quote.bidSize,
      x: 11,
      P: quote.ask,
      S: quote.askSize,
      X: 12,
      z: tapeOf(symbol),
      q: sequenceOf(quote.at, 'quote'),
      t: nanoseconds(quote.at),
      y: nanoseconds(quote.at),
    },
  });
}
