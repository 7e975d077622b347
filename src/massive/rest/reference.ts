import type { Answer, Holiday, MarketStatus, NewsItem, TickerDetails, TickerMatch } from '../../domain/market.ts';
import { toHolidays, toMarketStatus } from '../map/calendar.ts';
import { toNewsItem, toTickerDetails, toTickerMatch } from '../map/reference.ts';
import { TTL_MS } from '../ttl.ts';
import { holidayRowSchema, holidaysSchema, marketStatusSchema } from '../wire/calendar.ts';
import { fittingRows, parseAs } from '../wire/envelope.ts';
import { listSchema, newsRowSchema, tickerDetailsSchema, tickerRowSchema } from '../wire/reference.ts';
import type { Ask } from './answers.ts';
import { priced } from './bars.ts';
import { pathSymbol, type RestDeps, scopeOf } from './deps.ts';

/** What is asked for by name and not by price; `asOf` is the time of the answer. */
export interface ReferenceMethods {
  marketStatus(ask?: Ask): Promise<Answer<MarketStatus>>;
  /** Upcoming only, one per date, soonest first. */
  holidays(ask?: Ask): Promise<Answer<readonly Holiday[]>>;
  /** Newest first. Without a symbol: the whole market, without sentiments. */
  news(about: { readonly symbol?: string; readonly limit: number }, ask?: Ask): Promise<Answer<readonly NewsItem[]>>;
  /** Active stocks and indices whose symbol or name fits, best fit first. */
  searchTickers(text: string, limit: number, ask?: Ask): Promise<Answer<readonly TickerMatch[]>>;
  tickerDetails(symbol: string, ask?: Ask): Promise<Answer<TickerDetails>>;
}

const SEARCH_PAGE = 100;
const LONGEST_SEARCH = 40;

/** Calendar, news, search and details over HTTP. */
export function referenceMethods({ http, cached, now, dropRows }: RestDeps): ReferenceMethods {
  const tickerRows = async (query: Record<string, string>, ask: Ask): Promise<TickerMatch[]> => {
    const endpoint = 'ticker_search';
    const call = { endpoint, path: '/v3/reference/tickers', query: { ...query, active: true, limit: SEARCH_PAGE } };
    const body = parseAs(listSchema, await http.get(priced(call, ask)), endpoint);
    const rows = fittingRows(tickerRowSchema, body.results ?? [], endpoint, dropRows(endpoint));
    return rows.flatMap((row) => (row.active === false ? [] : (toTickerMatch(row) ?? [])));
  };

  return {
    marketStatus(ask = {}) {
      const endpoint = 'market_status';
      return cached(endpoint, TTL_MS.marketStatus, ask, async () => {
        const body = await http.get(priced({ endpoint, path: '/v1/marketstatus/now' }, ask));
        const value = toMarketStatus(parseAs(marketStatusSchema, body, endpoint), now());
        return { value, asOf: value.serverAt, delayed: false };
      });
    },

    holidays(ask = {}) {
      const endpoint = 'holidays';
      return cached(endpoint, TTL_MS.holidays, ask, async () => {
        const body = await http.get(priced({ endpoint, path: '/v1/marketstatus/upcoming' }, ask));
        const rows = fittingRows(
          holidayRowSchema,
          parseAs(holidaysSchema, body, endpoint),
          endpoint,
          dropRows(endpoint),
        );
        return { value: toHolidays(rows), asOf: now(), delayed: false };
      });
    },

    async news({ symbol, limit }, ask = {}) {
      const endpoint = 'news';
      const ticker = symbol === undefined ? undefined : pathSymbol(symbol, endpoint);
      return cached(`${endpoint} ${ticker ?? ''} ${limit}`, TTL_MS.news, ask, async () => {
        const query = { ticker, limit, sort: 'published_utc', order: 'desc' };
        const body = await http.get(priced({ endpoint, path: '/v2/reference/news', query }, ask));
        const list = parseAs(listSchema, body, endpoint);
        const rows = fittingRows(newsRowSchema, list.results ?? [], endpoint, dropRows(endpoint));
        const items = rows.flatMap((row) => toNewsItem(row, symbol) ?? []);
        items.sort((a, b) => b.publishedAt - a.publishedAt);
        return { value: items.slice(0, limit), asOf: now(), delayed: false };
      });
    },

    async searchTickers(text, limit, ask = {}) {
      const wanted = text.trim().slice(0, LONGEST_SEARCH).toUpperCase();
      if (wanted === '') return { value: [], asOf: now(), delayed: false };
      const all = await cached(`ticker_search ${wanted}`, TTL_MS.tickerSearch, ask, async () => {
        // the search answers in alphabetical order, so a one-letter symbol drowns in it: ask by prefix too
        const answers = await Promise.all([
          tickerRows({ 'ticker.gte': wanted, 'ticker.lt': `${wanted}~` }, ask),
          tickerRows({ search: wanted }, ask),
        ]);
        return { value: ranked(answers.flat(), wanted), asOf: now(), delayed: false };
      });
      return { ...all, value: all.value.slice(0, limit) };
    },

    async tickerDetails(symbol, ask = {}) {
      const endpoint = 'ticker_details';
      const path = `/v3/reference/tickers/${pathSymbol(symbol, endpoint)}`;
      return cached(path, TTL_MS.tickerDetails, ask, async () => {
        const call = { endpoint, scope: scopeOf(endpoint, symbol), path };
        const body = parseAs(tickerDetailsSchema, await http.get(priced(call, ask)), endpoint);
        return { value: toTickerDetails(body.results), asOf: now(), delayed: false };
      });
    },
  };
}

/** Exact symbol, then symbols and then names that start so, then symbols and names that contain it. */
function ranked(matches: readonly TickerMatch[], wanted: string): TickerMatch[] {
  const rankOf = ({ symbol, name }: TickerMatch): number => {
    const bare = symbol.startsWith('I:') ? symbol.slice(2) : symbol;
    const upper = name.toUpperCase();
    if (symbol === wanted || bare === wanted) return 0;
    if (symbol.startsWith(wanted) || bare.startsWith(wanted)) return 1;
    if (upper.startsWith(wanted)) return 2;
    return upper.includes(wanted) || symbol.includes(wanted) ? 3 : 4;
  };
  const bySymbol = new Map(matches.map((match) => [match.symbol, match]));
  return [...bySymbol.values()]
    .map((match) => ({ match, rank: rankOf(match) }))
    .filter(({ rank }) => rank < 4)
    .sort((a, b) => a.rank - b.rank || (a.match.symbol < b.match.symbol ? -1 : 1))
    .map(({ match }) => match);
}
