import type { QuoteTick, TradeTick } from '../../domain/bar.ts';
import type { Answer } from '../../domain/market.ts';
import { MassiveError } from '../errors.ts';
import { toQuoteTick, toTradeTick } from '../map/last.ts';
import { TTL_MS } from '../ttl.ts';
import { parseAs } from '../wire/envelope.ts';
import { lastQuoteSchema, lastTradeSchema } from '../wire/last.ts';
import type { Ask } from './answers.ts';
import { priced } from './bars.ts';
import { isDelayedStatus, pathSymbol, type RestDeps, scopeOf } from './deps.ts';

/** The newest trade and the newest quote of one symbol. */
export interface LastMethods {
  /** Stocks and options; an index has no trades and is refused without a call. */
  lastTrade(symbol: string, ask?: Ask): Promise<Answer<TradeTick>>;
  /** Stocks only; `not_found` while one side of the book is empty. */
  lastQuote(symbol: string, ask?: Ask): Promise<Answer<QuoteTick>>;
}

/** Last trade and quote over HTTP. */
export function lastMethods({ http, cached, now }: RestDeps): LastMethods {
  const refuse = (endpoint: string, symbol: string, what: string): never => {
    throw new MassiveError('not_found', endpoint, `Massive has no ${what} of ${symbol}`);
  };
  return {
    async lastTrade(symbol, ask = {}) {
      const endpoint = 'last_trade';
      if (symbol.startsWith('I:')) refuse(endpoint, symbol, 'trades');
      const path = `/v2/last/trade/${pathSymbol(symbol, endpoint)}`;
      return cached(path, TTL_MS.last, ask, async () => {
        const call = { endpoint, scope: scopeOf(endpoint, symbol), path };
        const body = parseAs(lastTradeSchema, await http.get(priced(call, ask)), endpoint);
        const value = toTradeTick(symbol, body.results, now()) ?? refuse(endpoint, symbol, 'usable last trade');
        return { value, asOf: value.eventAt, delayed: isDelayedStatus(body) };
      });
    },
    async lastQuote(symbol, ask = {}) {
      const endpoint = 'last_quote';
      if (symbol.includes(':')) refuse(endpoint, symbol, 'last quote');
      const path = `/v2/last/nbbo/${pathSymbol(symbol, endpoint)}`;
      return cached(path, TTL_MS.last, ask, async () => {
        const body = parseAs(lastQuoteSchema, await http.get(priced({ endpoint, path }, ask)), endpoint);
        const value = toQuoteTick(symbol, body.results, now()) ?? refuse(endpoint, symbol, 'two-sided quote');
        return { value, asOf: value.eventAt, delayed: isDelayedStatus(body) };
      });
    },
  };
}
