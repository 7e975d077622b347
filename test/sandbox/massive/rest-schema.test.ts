import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type HeldMassive, startHeld } from './held-market.ts';

const spec: { paths: Record<string, { schema: object }> } = JSON.parse(
  readFileSync(new URL('../../../fixtures/specs/massive-openapi.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const STOCKS = '/v2/snapshot/locale/us/markets/stocks';

/** Path of the description, what is asked, and the recording of the provider with the same shape. */
const CASES: readonly (readonly [path: string, request: string, recording?: string])[] = [
  [
    '/v2/aggs/ticker/{stocksTicker}/range/{multiplier}/{timespan}/{from}/{to}',
    '/v2/aggs/ticker/GOOG/range/5/minute/2015-12-23/2015-12-24',
    'aggs-day',
  ],
  [
    '/v2/aggs/ticker/{stocksTicker}/range/{multiplier}/{timespan}/{from}/{to}',
    '/v2/aggs/ticker/AAPL/range/1/day/2015-11-01/2015-12-24',
    'aggs-day',
  ],
  [
    '/v2/aggs/ticker/{indicesTicker}/range/{multiplier}/{timespan}/{from}/{to}',
    '/v2/aggs/ticker/I:SPX/range/1/hour/2015-12-23/2015-12-24',
  ],
  ['/v2/aggs/ticker/{stocksTicker}/prev', '/v2/aggs/ticker/AAPL/prev', 'aggs-prev'],
  ['/v2/aggs/ticker/{indicesTicker}/prev', '/v2/aggs/ticker/I:VIX/prev'],
  [
    '/v2/aggs/grouped/locale/us/market/stocks/{date}',
    '/v2/aggs/grouped/locale/us/market/stocks/2015-12-23',
    'aggs-grouped',
  ],
  ['/v1/open-close/{stocksTicker}/{date}', '/v1/open-close/GOOG/2015-12-23', 'open-close'],
  ['/v1/open-close/{indicesTicker}/{date}', '/v1/open-close/I:SPX/2015-12-23'],
  ['/v2/last/trade/{stocksTicker}', '/v2/last/trade/GOOG', 'last-trade'],
  ['/v2/last/nbbo/{stocksTicker}', '/v2/last/nbbo/GOOG', 'last-nbbo'],
  [`${STOCKS}/tickers`, `${STOCKS}/tickers`, 'snapshot-tickers'],
  [`${STOCKS}/tickers`, `${STOCKS}/tickers?tickers=GOOG,AAPL`, 'snapshot-tickers'],
  [`${STOCKS}/tickers/{stocksTicker}`, `${STOCKS}/tickers/GOOG`, 'snapshot-ticker'],
  [`${STOCKS}/{direction}`, `${STOCKS}/gainers`, 'gainers'],
  [`${STOCKS}/{direction}`, `${STOCKS}/losers`, 'gainers'],
  ['/v3/snapshot', '/v3/snapshot?ticker.any_of=GOOG,I:VIX,NOPE,O:GOOG160115C00750000'],
  ['/v3/snapshot/indices', '/v3/snapshot/indices?ticker.any_of=I:SPX,I:NOPE', 'snapshot-indices'],
  ['/v1/marketstatus/now', '/v1/marketstatus/now', 'marketstatus-now'],
  ['/v1/marketstatus/upcoming', '/v1/marketstatus/upcoming', 'marketstatus-upcoming'],
  ['/v2/reference/news', '/v2/reference/news?ticker=AAPL', 'news'],
  ['/v3/reference/tickers', '/v3/reference/tickers', 'tickers'],
  ['/v3/reference/tickers/{ticker}', '/v3/reference/tickers/GOOG', 'ticker-details'],
  ['/v3/reference/exchanges', '/v3/reference/exchanges', 'exchanges'],
  ['/v3/reference/conditions', '/v3/reference/conditions?asset_class=stocks', 'conditions'],
  ['/v3/reference/splits', '/v3/reference/splits', 'splits'],
  ['/v3/reference/dividends', '/v3/reference/dividends', 'dividends'],
  ['/stocks/v1/splits', '/stocks/v1/splits'],
  ['/stocks/v1/dividends', '/stocks/v1/dividends?ticker=SPY'],
  ['/v3/snapshot/options/{underlyingAsset}', '/v3/snapshot/options/GOOG?limit=250', 'snapshot-options'],
  ['/v3/snapshot/options/{underlyingAsset}/{optionContract}', '/v3/snapshot/options/GOOG/O:GOOG160115C00750000'],
  ['/v3/reference/options/contracts', '/v3/reference/options/contracts?underlying_ticker=GOOG', 'options-contracts'],
  ['/v3/reference/options/contracts/{options_ticker}', '/v3/reference/options/contracts/O:GOOG160115C00750000'],
];

const ASKED = CASES.map(([path, request]) => ({ path, request }));
const RECORDED = CASES.flatMap(([path, request, recording]) =>
  recording === undefined ? [] : [{ path, request, recording }],
);

/** Where the description is wrong about the wire, each seen in a recording or a dated capture. */
const SPEC_IS_WRONG: readonly (readonly [path: RegExp, error: RegExp, reason: string])[] = [
  [
    /stocks\/(tickers|\{direction)/,
    /lastTrade\/c must be array/,
    'a print without conditions has null in every recording',
  ],
  [/open-close/, /preMarket must be integer/, 'the recording has 123.45'],
  [
    /snapshot\/options/,
    /\/(day|last_trade) must have required property/,
    'captured live: {} for a contract that has not traded',
  ],
  [/snapshot\/options/, /must have required property 'last_quote'/, 'absent without a quote'],
];

/** Members of recordings that this replay leaves out, each with its reason. */
const NOT_CARRIED: Readonly<Record<string, readonly string[]>> = {
  // plan dependent or undated facts that no licensed source gives
  'snapshot-ticker': ['ticker.fmv'],
  'snapshot-tickers': ['tickers[].fmv'],
  'last-trade': ['results.r', 'results.f'],
  news: [
    'results[].amp_url',
    'results[].image_url',
    'results[].description',
    'results[].keywords',
    'results[].publisher.favicon_url',
  ],
  tickers: ['results[].primary_exchange', 'results[].composite_figi', 'results[].share_class_figi'],
  'ticker-details': [
    'results.primary_exchange',
    'results.composite_figi',
    'results.share_class_figi',
    'results.market_cap',
    'results.phone_number',
    'results.address.address1',
    'results.address.postal_code',
    'results.description',
    'results.sic_code',
    'results.homepage_url',
    'results.total_employees',
    'results.list_date',
    'results.branding',
    'results.branding.logo_url',
    'results.branding.icon_url',
    'results.share_class_shares_outstanding',
    'results.weighted_shares_outstanding',
  ],
  dividends: ['results[].declaration_date', 'results[].pay_date', 'results[].record_date'],
  // one recorded day has no previous close, and no model values
  'snapshot-options': [
    'results[].greeks',
    'results[].implied_volatility',
    'results[].fmv',
    'results[].last_trade.conditions',
    'results[].last_trade.conditions[]',
    ...['change', 'change_percent', 'previous_close'].map((key) => `results[].day.${key}`),
  ],
};

let massive: HeldMassive;
beforeAll(async () => {
  massive = await startHeld('2015-12-23', at('2015-12-23', '2015-12-24', 130));
});
afterAll(() => massive.stop());

describe('REST answers', () => {
  it.each(ASKED)("$path fits the provider's own description: $request", async ({ path, request }) => {
    const { status, body } = await massive.get(request);
    expect(status).toBe(200);
    const validate = ajv.compile(spec.paths[path]?.schema ?? false);
    validate(body);
    const errors = (validate.errors ?? [])
      .map((error) => `${error.instancePath} ${error.message}`)
      .filter((text) => !SPEC_IS_WRONG.some(([where, error]) => where.test(path) && error.test(text)));
    expect(errors.slice(0, 5)).toEqual([]);
  });

  it.each(RECORDED)("$path has the shape of the provider's recording: $request", async ({ request, recording }) => {
    const recorded: unknown = JSON.parse(
      readFileSync(new URL(`../../../fixtures/massive-mocks/${recording}.json`, import.meta.url), 'utf8'),
    );
    const theirs = shapeOf(recorded);
    const ours = shapeOf((await massive.get(request)).body);
    const missing = [...theirs.keys()].filter((key) => !ours.has(key));
    const leftOut = missing.filter(
      (key) => !(NOT_CARRIED[recording] ?? []).some((known) => key === known || key.startsWith(`${known}.`)),
    );
    expect(leftOut.filter((key) => key !== 'next_url')).toEqual([]);
    const differing = [...ours].filter(([key, types]) => {
      const their = theirs.get(key);
      return (
        their !== undefined &&
        [...types].every((type) => !their.has(type)) &&
        [...their].some((type) => type !== 'null')
      );
    });
    expect(differing).toEqual([]);
  });
});

/** Every member's path (`results[].t`) with the JSON types seen there. */
function shapeOf(value: unknown, path = '', found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  if (path !== '') found.set(path, (found.get(path) ?? new Set()).add(typeName(value)));
  if (Array.isArray(value)) for (const item of value) shapeOf(item, `${path}[]`, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) shapeOf(member, path === '' ? key : `${path}.${key}`, found);
  }
  return found;
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
