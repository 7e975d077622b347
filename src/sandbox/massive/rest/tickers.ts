import type { FixtureSymbol } from '../fixture.ts';
import { newYorkDate } from '../new-york-time.ts';
import { notFound, ok, type RestAnswer, type RestRequest, requestId } from './answer.ts';
import { sortedBy, textPasses } from './filter.ts';
import { isAnswer, pageOf } from './page.ts';

const LIMITS = { standard: 100, most: 1_000 };

/** `/v3/reference/tickers`: `search` looks at the start of the symbol and anywhere in the name. */
export function tickers(request: RestRequest): RestAnswer {
  const { query, market } = request;
  const search = query.get('search')?.toLowerCase();
  const rows = market.fixture.symbols.filter(
    (one) =>
      query.get('active') !== 'false' &&
      textPasses(query, 'ticker', one.symbol) &&
      textPasses(query, 'type', typeOf(one) ?? '') &&
      textPasses(query, 'market', one.kind === 'index' ? 'indices' : 'stocks') &&
      (search === undefined || matches(one, search)),
  );
  const key = query.get('sort') === 'name' ? (one: FixtureSymbol) => one.name : (one: FixtureSymbol) => one.symbol;
  const page = pageOf(request, sortedBy(rows, key, query.get('order') === 'desc'), LIMITS);
  if (isAnswer(page)) return page;
  const day = newYorkDate(request.now);
  return ok({
    results: page.rows.map((one) => ({ ...tickerRow(one), last_updated_utc: `${day}T00:00:00Z` })),
    status: 'OK',
    request_id: requestId(),
    count: page.rows.length,
    ...page.nextUrl,
  });
}

/** `/v3/reference/tickers/{T}`: only what is recorded; the rest of the members stays absent. */
export function tickerDetails(request: RestRequest, symbol: string): RestAnswer {
  const one = request.market.find(symbol);
  if (one === undefined) return notFound('Ticker not found.');
  const [city, state] = (one.headquarters ?? '').split(', ');
  return ok({
    request_id: requestId(),
    results: {
      ...tickerRow(one),
      ...(one.industry === undefined ? {} : { sic_description: one.industry.toUpperCase() }),
      ...(city ? { address: { city: city.toUpperCase(), ...(state ? { state: state.toUpperCase() } : {}) } } : {}),
      ...(one.kind === 'index' ? {} : { ticker_root: symbol.split('.')[0] ?? symbol, round_lot: 100 }),
    },
    status: 'OK',
  });
}

function tickerRow(one: FixtureSymbol) {
  const type = typeOf(one);
  return {
    ticker: one.symbol,
    name: one.name,
    market: one.kind === 'index' ? 'indices' : 'stocks',
    locale: 'us',
    ...(type === undefined ? {} : { type }),
    active: true,
    currency_name: 'usd',
    ...(one.cik === undefined ? {} : { cik: one.cik }),
  };
}

function typeOf(one: FixtureSymbol): 'CS' | 'ETF' | undefined {
  return one.kind === 'index' ? undefined : one.kind === 'etf' ? 'ETF' : 'CS';
}

function matches(one: FixtureSymbol, search: string): boolean {
  const bare = one.symbol.replace(/^I:/, '').toLowerCase();
  return (
    bare.startsWith(search) || one.symbol.toLowerCase().startsWith(search) || one.name.toLowerCase().includes(search)
  );
}
