import { readFileSync } from 'node:fs';
import { aggregates } from './aggregates.ts';
import { noSuchRoute, notEntitled, type RestAnswer, type RestRequest } from './answer.ts';
import { newDividends, newSplits, oldDividends, oldSplits } from './corporate-actions.ts';
import { groupedDay, openClose, previousDay } from './day-summaries.ts';
import { lastQuote, lastTrade } from './last.ts';
import { statusNow, statusUpcoming } from './market-status.ts';
import { news } from './news.ts';
import { optionContract, optionContracts, optionSnapshot, optionsChain } from './options.ts';
import { conditions, exchanges } from './reference.ts';
import { allSnapshots, movers, oneSnapshot } from './stock-snapshot.ts';
import { tickerDetails, tickers } from './tickers.ts';
import { indicesSnapshot, universalSnapshot } from './universal-snapshot.ts';

type Endpoint = (request: RestRequest, ...parts: string[]) => RestAnswer;

const SNAPSHOT = '/v2/snapshot/locale/us/markets/stocks';

/** Served paths; `*` is one path part, handed to the endpoint in order. */
const ROUTES: readonly (readonly [string, Endpoint])[] = [
  [
    '/v2/aggs/ticker/*/range/*/*/*/*',
    (request, ...[symbol = '', multiplier = '', timespan = '', from = '', to = '']) =>
      aggregates(request, symbol, multiplier, timespan, from, to),
  ],
  ['/v2/aggs/ticker/*/prev', (request, symbol = '') => previousDay(request, symbol)],
  ['/v2/aggs/grouped/locale/us/market/stocks/*', (request, on = '') => groupedDay(request, on)],
  ['/v1/open-close/*/*', (request, symbol = '', on = '') => openClose(request, symbol, on)],
  ['/v2/last/trade/*', (request, symbol = '') => lastTrade(request, symbol)],
  ['/v2/last/nbbo/*', (request, symbol = '') => lastQuote(request, symbol)],
  [`${SNAPSHOT}/tickers`, allSnapshots],
  [`${SNAPSHOT}/tickers/*`, (request, symbol = '') => oneSnapshot(request, symbol)],
  [`${SNAPSHOT}/gainers`, (request) => movers(request, 'gainers')],
  [`${SNAPSHOT}/losers`, (request) => movers(request, 'losers')],
  ['/v3/snapshot', universalSnapshot],
  ['/v3/snapshot/indices', indicesSnapshot],
  ['/v3/snapshot/options/*', (request, underlying = '') => optionsChain(request, underlying)],
  [
    '/v3/snapshot/options/*/*',
    (request, underlying = '', contract = '') => optionSnapshot(request, underlying, contract),
  ],
  ['/v1/marketstatus/now', statusNow],
  ['/v1/marketstatus/upcoming', statusUpcoming],
  ['/v2/reference/news', news],
  ['/v3/reference/tickers', tickers],
  ['/v3/reference/tickers/types', notInPlan],
  ['/v3/reference/tickers/*', (request, symbol = '') => tickerDetails(request, symbol)],
  ['/v3/reference/exchanges', exchanges],
  ['/v3/reference/conditions', conditions],
  ['/v3/reference/splits', oldSplits],
  ['/v3/reference/dividends', oldDividends],
  ['/stocks/v1/splits', newSplits],
  ['/stocks/v1/dividends', newDividends],
  ['/v3/reference/options/contracts', optionContracts],
  ['/v3/reference/options/contracts/*', (request, ticker = '') => optionContract(request, ticker)],
];

const served = ROUTES.map(([pattern, endpoint]) => ({ matches: matcherOf(pattern), endpoint }));
let known: readonly RegExp[] | undefined;

/** The answer of the endpoint at the request's path; a real path that is not replayed is a plan limit. */
export function route(request: RestRequest): RestAnswer {
  for (const { matches, endpoint } of served) {
    const match = matches.exec(request.path);
    if (match !== null) return endpoint(request, ...match.slice(1).map(decodeURIComponent));
  }
  known ??= knownPaths().map(matcherOf);
  return known.some((pattern) => pattern.test(request.path)) ? notInPlan() : noSuchRoute();
}

function notInPlan(): RestAnswer {
  return notEntitled('You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing');
}

function matcherOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => (part === '*' ? '([^/]+)' : part.replaceAll('.', '\\.')));
  return new RegExp(`^${parts.join('/')}$`);
}

/** Every other path of the provider's own description. */
function knownPaths(): string[] {
  const file = new URL('../../../../fixtures/specs/massive-openapi.json', import.meta.url);
  const spec: { known: string[] } = JSON.parse(readFileSync(file, 'utf8'));
  return spec.known.map((path) => path.replaceAll(/\{[^}]+\}/g, '*'));
}
