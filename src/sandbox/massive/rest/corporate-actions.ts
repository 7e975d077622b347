import { createHash } from 'node:crypto';
import type { FixtureDividend, FixtureSplit } from '../fixture.ts';
import { addDays, newYorkDate } from '../new-york-time.ts';
import { ok, type RestAnswer, type RestRequest, requestId, rounded } from './answer.ts';
import { sortedBy, textPasses } from './filter.ts';
import { isAnswer, pageOf } from './page.ts';

const OLD_LIMITS = { standard: 10, most: 1_000 };
const NEW_LIMITS = { standard: 100, most: 5_000 };
/** Splits and dividends are announced at least this long before they take effect. */
const ANNOUNCED_DAYS = 14;

/** `/v3/reference/splits`, newest first. */
export function oldSplits(request: RestRequest): RestAnswer {
  const rows = sortedBy(announcedSplits(request), (split) => split.on, request.query.get('order') !== 'asc');
  return listed(request, rows, OLD_LIMITS, (split) => splitRow(split));
}

/** `/stocks/v1/splits`: `sort=field.asc|desc`, no `order`. */
export function newSplits(request: RestRequest): RestAnswer {
  const [key, descending] = newSort(request, 'execution_date.desc');
  const rows = sortedBy(announcedSplits(request), (split) => (key === 'ticker' ? split.symbol : split.on), descending);
  const today = newYorkDate(request.now);
  return listed(request, rows, NEW_LIMITS, (split) => ({
    ...splitRow(split),
    adjustment_type: split.newPerOld >= 1 ? 'forward_split' : 'reverse_split',
    historical_adjustment_factor:
      1 / request.market.ratio(split.symbol, addDays(split.on, -1), split.on > today ? split.on : today),
  }));
}

/** `/v3/reference/dividends`, newest first. */
export function oldDividends(request: RestRequest): RestAnswer {
  const rows = sortedBy(announcedDividends(request), (dividend) => dividend.on, request.query.get('order') !== 'asc');
  return listed(request, rows, OLD_LIMITS, (dividend) => ({ ...dividendRow(dividend), dividend_type: 'CD' }));
}

/** `/stocks/v1/dividends`: `sort=field.asc|desc`, by ticker unless asked otherwise. */
export function newDividends(request: RestRequest): RestAnswer {
  const [key, descending] = newSort(request, 'ticker.asc');
  const rows = sortedBy(announcedDividends(request), (one) => (key === 'ticker' ? one.symbol : one.on), descending);
  const today = newYorkDate(request.now);
  return listed(request, rows, NEW_LIMITS, (dividend) => ({
    ...dividendRow(dividend),
    currency: 'USD',
    distribution_type: 'recurring',
    split_adjusted_cash_amount: rounded(dividend.cash / request.market.ratio(dividend.symbol, dividend.on, today)),
  }));
}

function listed<T>(
  request: RestRequest,
  rows: readonly T[],
  limits: { standard: number; most: number },
  row: (item: T) => object,
): RestAnswer {
  const page = pageOf(request, rows, limits);
  if (isAnswer(page)) return page;
  return ok({ results: page.rows.map(row), status: 'OK', request_id: requestId(), ...page.nextUrl });
}

function announcedSplits(request: RestRequest): FixtureSplit[] {
  const until = addDays(newYorkDate(request.now), ANNOUNCED_DAYS);
  return request.market.fixture.splits.filter(
    (split) =>
      split.on <= until &&
      textPasses(request.query, 'ticker', split.symbol) &&
      textPasses(request.query, 'execution_date', split.on),
  );
}

function announcedDividends(request: RestRequest): FixtureDividend[] {
  const until = addDays(newYorkDate(request.now), ANNOUNCED_DAYS);
  return request.market.fixture.dividends.filter(
    (dividend) =>
      dividend.on <= until &&
      textPasses(request.query, 'ticker', dividend.symbol) &&
      textPasses(request.query, 'ex_dividend_date', dividend.on),
  );
}

function newSort(request: RestRequest, standard: string): [key: string, descending: boolean] {
  const [key = '', direction] = (request.query.get('sort') ?? standard).split(',')[0]?.split('.') ?? [];
  return [key, direction === 'desc'];
}

function splitRow(split: FixtureSplit) {
  return {
    id: `E${hash(`split ${split.symbol} ${split.on}`)}`,
    ticker: split.symbol,
    execution_date: split.on,
    split_from: 1,
    split_to: split.newPerOld,
  };
}

function dividendRow(dividend: FixtureDividend) {
  return {
    id: `E${hash(`dividend ${dividend.symbol} ${dividend.on}`)}`,
    ticker: dividend.symbol,
    cash_amount: dividend.cash,
    ex_dividend_date: dividend.on,
    frequency: 4,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
