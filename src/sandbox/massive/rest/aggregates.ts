import { newYorkDate, newYorkMidnight } from '../new-york-time.ts';
import { failed, notEntitled, ok, type RestAnswer, type RestRequest, requestId, rounded } from './answer.ts';
import { type BarRange, type BaseBar, dayBars, minuteBars } from './base-bars.ts';
import { limitOf } from './page.ts';
import { merged, TIMESPANS, type Timespan, windowStart } from './windows.ts';

const LIMITS = { standard: 5_000, most: 50_000 };
const DAY_MS = 86_400_000;
const DAY_TIMESPANS: readonly Timespan[] = ['day', 'week', 'month', 'quarter', 'year'];

/** `/v2/aggs/ticker/{T}/range/...`: `limit` counts base aggregates, and the next page's address moves the range itself. */
export function aggregates(
  request: RestRequest,
  symbol: string,
  multiplierText: string,
  timespanText: string,
  fromText: string,
  toText: string,
): RestAnswer {
  const fromAt = timeOf(fromText, false);
  if (fromAt === undefined) return badTime('from');
  const toAt = timeOf(toText, true);
  if (toAt === undefined) return badTime('to');
  if (toAt < fromAt) return failed(400, "The parameter 'to' cannot be a time that occurs before 'from'");
  if (timespanText === 'second')
    return notEntitled('You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing');
  const timespan = TIMESPANS.find((known) => known === timespanText);
  const multiplier = Number(multiplierText);
  if (timespan === undefined || !Number.isInteger(multiplier) || multiplier < 1) {
    return failed(400, `Could not parse the range: '${multiplierText} ${timespanText}'`);
  }
  if (newYorkDate(fromAt) > newYorkDate(request.now)) {
    return notEntitled(
      "Your plan doesn't include this data timeframe. Please upgrade your plan at https://massive.com/pricing",
    );
  }
  const limit = limitOf(request, LIMITS);
  if (typeof limit !== 'number') return limit;
  const adjusted = request.query.get('adjusted') !== 'false';
  const descending = request.query.get('sort') === 'desc';
  const range: BarRange = { symbol, fromAt, toAt, now: request.now, adjusted, descending };
  const bars = DAY_TIMESPANS.includes(timespan) ? dayBars(request.market, range) : minuteBars(request.market, range);
  const { base, more } = firstOf(bars, limit);
  const windows = windowsOf(base, (bar) => windowStart(bar.at, multiplier, timespan, fromAt));
  const nextAt =
    more === undefined
      ? undefined
      : nextPageStart(windows, more, (bar) => windowStart(bar.at, multiplier, timespan, fromAt));
  const shown = nextAt?.dropLast === true ? windows.slice(0, -1) : windows;
  const rows = shown.map((window) =>
    row(symbol, merged(window.at, descending ? window.bars.toReversed() : window.bars)),
  );
  return ok({
    ticker: symbol,
    queryCount: base.length,
    resultsCount: rows.length,
    ...(symbol.startsWith('I:') ? {} : { adjusted }),
    ...(rows.length === 0 ? {} : { results: rows }),
    status: 'OK',
    request_id: requestId(),
    count: rows.length,
    ...(nextAt === undefined
      ? {}
      : { next_url: nextUrl(request, [symbol, multiplierText, timespan], nextAt.at, fromText, toText, descending) }),
  });
}

interface Window {
  readonly at: number;
  readonly bars: BaseBar[];
}

function firstOf(bars: Generator<BaseBar>, limit: number): { base: BaseBar[]; more: BaseBar | undefined } {
  const base: BaseBar[] = [];
  for (const bar of bars) {
    if (base.length === limit) return { base, more: bar };
    base.push(bar);
  }
  return { base, more: undefined };
}

function windowsOf(base: readonly BaseBar[], startOf: (bar: BaseBar) => number): Window[] {
  const windows: Window[] = [];
  for (const bar of base) {
    const at = startOf(bar);
    const last = windows.at(-1);
    if (last?.at === at) last.bars.push(bar);
    else windows.push({ at, bars: [bar] });
  }
  return windows;
}

/** Where the next page begins; a window that the limit has cut is left whole for it. */
function nextPageStart(
  windows: readonly Window[],
  more: BaseBar,
  startOf: (bar: BaseBar) => number,
): { at: number; dropLast: boolean } {
  const last = windows.at(-1);
  const cut = last !== undefined && windows.length > 1 && last.at === startOf(more);
  return cut ? { at: last.bars[0]?.at ?? more.at, dropLast: true } : { at: more.at, dropLast: false };
}

function nextUrl(
  request: RestRequest,
  what: readonly string[],
  at: number,
  fromText: string,
  toText: string,
  descending: boolean,
): string {
  const kept = new URLSearchParams(request.query);
  for (const secret of ['apiKey', 'cursor']) kept.delete(secret);
  const cursor = Buffer.from(kept.toString()).toString('base64url');
  const [symbol = '', ...span] = what;
  const bounds = descending ? [fromText, String(at)] : [String(at), toText];
  const path = ['/v2/aggs/ticker', encodeURIComponent(symbol).replaceAll('%3A', ':'), 'range', ...span, ...bounds].join(
    '/',
  );
  return `${request.origin}${path}?cursor=${cursor}`;
}

function row(symbol: string, bar: BaseBar) {
  const prices = { o: rounded(bar.open), c: rounded(bar.close), h: rounded(bar.high), l: rounded(bar.low), t: bar.at };
  if (symbol.startsWith('I:')) return prices;
  return { v: bar.volume, vw: rounded(bar.vwap), ...prices, n: printsOf(bar.volume) };
}

/** The recorded data does not count prints; hundred-share prints are the round answer. */
export function printsOf(volume: number): number {
  return Math.max(1, Math.ceil(volume / 100));
}

/** `YYYY-MM-DD` (its first or last moment in New York) or epoch milliseconds. */
function timeOf(text: string, end: boolean): number | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const midnight = newYorkMidnight(text);
    return Number.isNaN(midnight) ? undefined : midnight + (end ? DAY_MS - 1 : 0);
  }
  return /^\d{9,14}$/.test(text) ? Number(text) : undefined;
}

function badTime(name: 'from' | 'to'): RestAnswer {
  return failed(400, `Could not parse the time parameter: '${name}'. Use YYYY-MM-DD or Unix MS Timestamps`);
}
