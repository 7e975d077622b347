import { type ChainRow, type ChainSnapshot, type OptionsFixture, readOptions } from '../fixture.ts';
import { newYorkDate } from '../new-york-time.ts';
import type { ReplayMarket } from '../replay-market.ts';
import { nanoseconds, notFound, ok, type RestAnswer, type RestRequest, requestId, rounded } from './answer.ts';
import { numberPasses, sortedBy, textPasses } from './filter.ts';
import { isAnswer, pageOf } from './page.ts';

const CHAIN_LIMITS = { standard: 10, most: 250 };
const CONTRACT_LIMITS = { standard: 10, most: 1_000 };
const MINUTE_MS = 60_000;
const optionsOf = new WeakMap<ReplayMarket, OptionsFixture>();

interface Contract {
  readonly ticker: string;
  readonly row: ChainRow;
}

/** `/v3/snapshot/options/{underlying}`: the last recorded chain that is not later than now; no greeks are recorded. */
export function optionsChain(request: RestRequest, underlying: string): RestAnswer {
  const chain = chainAt(request, underlying);
  const page = pageOf(request, chain === undefined ? [] : contracts(request, chain), CHAIN_LIMITS);
  if (isAnswer(page)) return page;
  const results = chain === undefined ? [] : page.rows.map((contract) => chainRow(request, chain, contract));
  return ok({ request_id: requestId(), results, status: 'OK', ...page.nextUrl });
}

/** `/v3/snapshot/options/{underlying}/{contract}`. */
export function optionSnapshot(request: RestRequest, underlying: string, ticker: string): RestAnswer {
  const found = contractAt(request, ticker);
  if (found === undefined || found.chain.underlying !== underlying) return notFound();
  return ok({ request_id: requestId(), results: chainRow(request, found.chain, found.contract), status: 'OK' });
}

/** `/v3/reference/options/contracts`: unexpired contracts of the recorded chain. */
export function optionContracts(request: RestRequest): RestAnswer {
  const { query } = request;
  const underlying = query.get('underlying_ticker') ?? 'GOOG';
  const chain = query.get('expired') === 'true' ? undefined : chainAt(request, underlying);
  const page = pageOf(request, chain === undefined ? [] : contracts(request, chain), CONTRACT_LIMITS);
  if (isAnswer(page)) return page;
  const results = page.rows.map((contract) => contractRow(contract, underlying));
  return ok({ results, status: 'OK', request_id: requestId(), ...page.nextUrl });
}

/** `/v3/reference/options/contracts/{ticker}`. */
export function optionContract(request: RestRequest, ticker: string): RestAnswer {
  const found = contractAt(request, ticker);
  if (found === undefined) return notFound();
  return ok({ results: contractRow(found.contract, found.chain.underlying), status: 'OK', request_id: requestId() });
}

/** One contract as a row of `/v3/snapshot`. */
export function optionRow(request: RestRequest, ticker: string) {
  const found = contractAt(request, ticker);
  if (found === undefined) return undefined;
  const { day, details, last_trade: _, ...rest } = chainRow(request, found.chain, found.contract);
  const { ticker: symbol, ...described } = details;
  return { ticker: symbol, type: 'options', timeframe: 'REAL-TIME', details: described, ...rest };
}

function recorded(request: RestRequest): OptionsFixture {
  const known = optionsOf.get(request.market) ?? readOptions(request.market.fixture.scenario);
  optionsOf.set(request.market, known);
  return known;
}

/** A contract's traded minutes of the running day that are over. */
function tradedMinutes(request: RestRequest, row: ChainRow) {
  const today = request.market.calendar.screenDay(request.now);
  return recorded(request).minutes.filter(
    ([at, expiresOn, right, strike]) =>
      strike === row[2] &&
      right === row[1] &&
      expiresOn === row[0] &&
      at + MINUTE_MS <= request.now &&
      newYorkDate(at) === today,
  );
}

function chainAt(request: RestRequest, underlying: string): ChainSnapshot | undefined {
  return recorded(request).chains.findLast((chain) => chain.underlying === underlying && chain.at <= request.now);
}

function contractAt(request: RestRequest, ticker: string): { chain: ChainSnapshot; contract: Contract } | undefined {
  const underlying = /^O:([A-Z.]+)\d{6}[CP]\d{8}$/.exec(ticker)?.[1];
  const chain = underlying === undefined ? undefined : chainAt(request, underlying);
  const row = chain?.rows.find((one) => tickerOf(chain.underlying, one) === ticker);
  return chain === undefined || row === undefined ? undefined : { chain, contract: { ticker, row } };
}

function contracts(request: RestRequest, chain: ChainSnapshot): Contract[] {
  const { query } = request;
  const today = newYorkDate(request.now);
  const rows = chain.rows
    .filter((row) => row[0] >= today && passes(query, row))
    .map((row) => ({ ticker: tickerOf(chain.underlying, row), row }));
  const keys: Record<string, (contract: Contract) => string | number> = {
    strike_price: (contract) => contract.row[2],
    expiration_date: (contract) => contract.row[0],
  };
  const key = keys[query.get('sort') ?? ''] ?? ((contract: Contract) => contract.ticker);
  return sortedBy(rows, key, query.get('order') === 'desc');
}

function passes(query: URLSearchParams, row: ChainRow): boolean {
  const type = query.get('contract_type');
  return (
    textPasses(query, 'expiration_date', row[0]) &&
    numberPasses(query, 'strike_price', row[2]) &&
    (type === null || type === rightOf(row))
  );
}

function chainRow(request: RestRequest, chain: ChainSnapshot, { ticker, row }: Contract) {
  const [expiresOn, right, strike, bid, bidSize, ask, askSize, last, , openInterest] = row;
  const middle = bid === null || ask === null ? (last ?? 0) : (bid + ask) / 2;
  const breakEven = right === 'C' ? strike + middle : strike - middle;
  const price = request.market.screen(chain.underlying, request.now)?.last?.price ?? chain.underlyingPrice;
  return {
    break_even_price: rounded(breakEven),
    day: sessionOf(request, row),
    details: {
      contract_type: rightOf(row),
      exercise_style: 'american',
      expiration_date: expiresOn,
      shares_per_contract: 100,
      strike_price: strike,
      ticker,
    },
    ...(bid === null || ask === null
      ? {}
      : {
          last_quote: {
            ask,
            ask_size: askSize ?? 0,
            bid,
            bid_size: bidSize ?? 0,
            last_updated: nanoseconds(chain.at),
            midpoint: rounded(middle),
            timeframe: 'REAL-TIME',
          },
        }),
    last_trade: lastTradeOf(request, row),
    open_interest: openInterest,
    underlying_asset: {
      change_to_break_even: rounded(breakEven - price),
      last_updated: nanoseconds(chain.at),
      price: rounded(price),
      ticker: chain.underlying,
      timeframe: 'REAL-TIME',
    },
  };
}

/** The contract's session from its traded minutes; the provider sends `{}` for one that has not traded. */
function sessionOf(request: RestRequest, row: ChainRow) {
  const minutes = tradedMinutes(request, row);
  const last = minutes.at(-1);
  if (last === undefined) return {};
  const volume = minutes.reduce((sum, minute) => sum + minute[8], 0);
  const turnover = minutes.reduce(
    (sum, [, , , , , high, low, close, size]) => sum + ((high + low + close) / 3) * size,
    0,
  );
  return {
    open: minutes[0]?.[4] ?? 0,
    high: Math.max(...minutes.map((minute) => minute[5])),
    low: Math.min(...minutes.map((minute) => minute[6])),
    close: last[7],
    volume,
    vwap: rounded(turnover / volume),
    last_updated: nanoseconds(last[0] + MINUTE_MS),
  };
}

function lastTradeOf(request: RestRequest, row: ChainRow) {
  const last = tradedMinutes(request, row).at(-1);
  if (last === undefined) return {};
  return {
    exchange: 302,
    price: last[7],
    sip_timestamp: nanoseconds(last[0] + MINUTE_MS - 1),
    size: 1,
    timeframe: 'REAL-TIME',
  };
}

function contractRow({ ticker, row }: Contract, underlying: string) {
  return {
    cfi: row[1] === 'C' ? 'OCASPS' : 'OPASPS',
    contract_type: rightOf(row),
    exercise_style: 'american',
    expiration_date: row[0],
    primary_exchange: 'BATO',
    shares_per_contract: 100,
    strike_price: row[2],
    ticker,
    underlying_ticker: underlying,
  };
}

function rightOf(row: ChainRow): 'call' | 'put' {
  return row[1] === 'C' ? 'call' : 'put';
}

function tickerOf(underlying: string, row: ChainRow): string {
  const strike = String(Math.round(row[2] * 1000)).padStart(8, '0');
  return `O:${underlying}${row[0].slice(2).replaceAll('-', '')}${row[1]}${strike}`;
}
