import type { Bar, Timeframe } from '../../domain/bar.ts';
import type { AggregateRow } from '../wire/aggregates.ts';
import { epochMs, newYorkMidnight } from './time.ts';

/** The spans this house knows, as the provider writes them. */
export type BarSpan =
  | { readonly multiplier: 1 | 5 | 15; readonly timespan: 'minute' }
  | { readonly multiplier: 1; readonly timespan: 'hour' | 'day' };

/** Each timeframe in the provider's words. */
export const SPAN_OF: Readonly<Record<Timeframe, BarSpan>> = {
  '1m': { multiplier: 1, timespan: 'minute' },
  '5m': { multiplier: 5, timespan: 'minute' },
  '15m': { multiplier: 15, timespan: 'minute' },
  '1h': { multiplier: 1, timespan: 'hour' },
  '1d': { multiplier: 1, timespan: 'day' },
};

const LENGTH_MS: Readonly<Record<Timeframe, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  // a session's last regular price is of 16:00, sixteen hours into its New York day
  '1d': 16 * 3_600_000,
};

/** The house name of a span. */
export function timeframeOf(span: BarSpan): Timeframe {
  if (span.timespan === 'minute') return `${span.multiplier}m`;
  return span.timespan === 'hour' ? '1h' : '1d';
}

/** A domain bar of one guarded row; day rows are moved to 00:00 New York whatever hour the provider wrote. */
export function toBar(symbol: string, timeframe: Timeframe, row: AggregateRow): Bar | undefined {
  const at = epochMs(row.t);
  if (at === undefined) return undefined;
  const bar: { -readonly [K in keyof Bar]: Bar[K] } = {
    symbol,
    timeframe,
    openAt: timeframe === '1d' ? newYorkMidnight(at) : at,
    open: row.o,
    high: row.h,
    low: row.l,
    close: row.c,
  };
  if (typeof row.v === 'number') bar.volume = row.v;
  if (row.vw) bar.vwap = row.vw;
  return bar;
}

/** When the newest of these bars was complete, but never later than `now`; `now` when there are none. */
export function asOfBars(bars: readonly Bar[], now: number): number {
  let newest: number | undefined;
  for (const bar of bars) {
    const closesAt = bar.openAt + LENGTH_MS[bar.timeframe];
    if (newest === undefined || closesAt > newest) newest = closesAt;
  }
  return newest === undefined ? now : Math.min(now, newest);
}
