import type { Bar } from '../../domain/bar.ts';
import type { Answer } from '../../domain/market.ts';
import type { SessionDate } from '../../domain/session.ts';
import { MassiveError } from '../errors.ts';
import { asOfBars, type BarSpan, timeframeOf, toBar } from '../map/bars.ts';
import { newYorkMidnight } from '../map/time.ts';
import { TTL_MS } from '../ttl.ts';
import { type AggregateRow, aggregatesSchema, isAggregateRow } from '../wire/aggregates.ts';
import { admit, parseAs } from '../wire/envelope.ts';
import type { Ask } from './answers.ts';
import { isDelayedStatus, pathSymbol, type RestDeps, scopeOf } from './deps.ts';

/** Price history. */
export interface BarMethods {
  /** Split-adjusted bars, oldest first, ends included; epoch ms or New York dates. A window without trades has no bar. */
  bars(
    symbol: string,
    span: BarSpan,
    from: number | SessionDate,
    to: number | SessionDate,
    ask?: Ask,
  ): Promise<Answer<readonly Bar[]>>;
  /** The last completed session's day bar; `not_found` when the provider has none. */
  previousBar(symbol: string, ask?: Ask): Promise<Answer<Bar>>;
  /** Day bars of every US stock on this date; empty on a day without a session. */
  groupedDaily(on: SessionDate, ask?: Ask): Promise<Answer<readonly Bar[]>>;
}

// counts base minutes or days and not rows: 50,000 is the provider's largest
const LIMIT = 50_000;

/** Price history over HTTP. */
export function barMethods({ http, cached, now, dropRows }: RestDeps): BarMethods {
  const rowsOf = (results: readonly unknown[], endpoint: string): AggregateRow[] => {
    const rows = results.filter(isAggregateRow);
    admit(results.length, rows.length, endpoint, dropRows(endpoint));
    return rows;
  };

  return {
    async bars(symbol, span, from, to, ask = {}) {
      const endpoint = 'bars';
      const timeframe = timeframeOf(span);
      const range = `${span.multiplier}/${span.timespan}/${pathTime(from, endpoint)}/${pathTime(to, endpoint)}`;
      const path = `/v2/aggs/ticker/${pathSymbol(symbol, endpoint)}/range/${range}`;
      const ttlMs = isPast(to, now()) ? TTL_MS.barsPast : TTL_MS.barsToday;
      return cached(path, ttlMs, ask, async () => {
        const bars: Bar[] = [];
        let delayed = false;
        const call = {
          endpoint,
          scope: scopeOf(endpoint, symbol),
          path,
          query: { adjusted: true, sort: 'asc', limit: LIMIT },
        };
        for await (const body of http.pages(priced(call, ask))) {
          const page = parseAs(aggregatesSchema, body, endpoint);
          delayed ||= isDelayedStatus(page);
          for (const row of rowsOf(page.results ?? [], endpoint)) {
            const bar = toBar(symbol, timeframe, row);
            if (bar) bars.push(bar);
          }
        }
        return { value: bars, asOf: asOfBars(bars, now()), delayed };
      });
    },

    async previousBar(symbol, ask = {}) {
      const endpoint = 'previous_bar';
      const path = `/v2/aggs/ticker/${pathSymbol(symbol, endpoint)}/prev`;
      return cached(path, TTL_MS.previousBar, ask, async () => {
        const call = { endpoint, scope: scopeOf(endpoint, symbol), path, query: { adjusted: true } };
        const body = parseAs(aggregatesSchema, await http.get(priced(call, ask)), endpoint);
        const row = rowsOf(body.results ?? [], endpoint)[0];
        const bar = row && toBar(symbol, '1d', row);
        if (!bar) throw new MassiveError('not_found', endpoint, `Massive has no previous session for ${symbol}`);
        return { value: bar, asOf: asOfBars([bar], now()), delayed: isDelayedStatus(body) };
      });
    },

    async groupedDaily(on, ask = {}) {
      const endpoint = 'grouped_daily';
      const path = `/v2/aggs/grouped/locale/us/market/stocks/${pathTime(on, endpoint)}`;
      const ttlMs = isPast(on, now()) ? TTL_MS.groupedDaily : TTL_MS.barsToday;
      return cached(path, ttlMs, ask, async () => {
        const call = { endpoint, path, query: { adjusted: true } };
        const body = parseAs(aggregatesSchema, await http.get(priced(call, ask)), endpoint);
        const bars: Bar[] = [];
        for (const row of rowsOf(body.results ?? [], endpoint)) {
          const bar = row.T === undefined ? undefined : toBar(row.T, '1d', row);
          if (bar) bars.push(bar);
        }
        return { value: bars, asOf: asOfBars(bars, now()), delayed: isDelayedStatus(body) };
      });
    },
  };
}

/** The call with the asker's place in the queue. */
export function priced<C extends object>(call: C, { priority }: Ask): C & Pick<Ask, 'priority'> {
  return priority === undefined ? call : { ...call, priority };
}

/** A date or epoch ms, safe to stand in a path. */
function pathTime(time: number | SessionDate, endpoint: string): string {
  const text = String(time);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) || (Number.isInteger(time) && Number(time) > 0)) return text;
  throw new MassiveError('not_found', endpoint, `"${text.slice(0, 24)}" is neither a date nor epoch milliseconds`);
}

/** Whether this end lies before today in New York, so that the answer cannot change within the day. */
function isPast(to: number | SessionDate, now: number): boolean {
  const today = newYorkMidnight(now);
  return typeof to === 'number' ? to < today : Date.parse(to) < today - 24 * 3_600_000;
}
