import type { IndexSnapshot, StockSnapshot } from '../../domain/market.ts';
import type { UnifiedRow } from '../wire/unified-snapshot.ts';
import { isOffMarket } from './conditions.ts';
import { finite, positive, present } from './present.ts';
import { dayStats, lots, newestOf } from './stock-snapshot.ts';
import { newYorkMidnight } from './time.ts';

/** Why a symbol that was asked for has no snapshot. */
export interface MissingSymbol {
  readonly symbol: string;
  readonly reason: 'not_found' | 'not_entitled' | 'no_data';
}

/** One v3 row: a snapshot of its kind, or the reason for none. Options come as stocks do, in contracts. */
export type UnifiedEntry =
  | { readonly kind: 'stock'; readonly stock: StockSnapshot; readonly delayed: boolean }
  | { readonly kind: 'index'; readonly index: IndexSnapshot; readonly delayed: boolean }
  | { readonly kind: 'missing'; readonly missing: MissingSymbol };

/** Reads one row; never throws. */
export function toUnified(row: UnifiedRow, now: number): UnifiedEntry {
  if (row.error) {
    const reason = row.error === 'NOT_ENTITLED' ? 'not_entitled' : 'not_found';
    return { kind: 'missing', missing: { symbol: row.ticker, reason } };
  }
  if (row.type === 'indices' || row.ticker.startsWith('I:')) {
    const index = toIndexSnapshot(row, now);
    if (index) return { kind: 'index', index, delayed: isDelayed(row) };
    return { kind: 'missing', missing: { symbol: indexSymbol(row.ticker), reason: 'no_data' } };
  }
  return { kind: 'stock', stock: toStock(row, now), delayed: isDelayed(row) };
}

/** Undefined when the row has no value at all. */
export function toIndexSnapshot(row: UnifiedRow, now: number): IndexSnapshot | undefined {
  const value = positive(row.value) ?? positive(row.session?.close);
  if (value === undefined) return undefined;
  const symbol = indexSymbol(row.ticker);
  const day = sessionStats(row);
  const previousClose = positive(row.session?.previous_close);
  return {
    symbol,
    name: row.name ?? symbol,
    value,
    ...present({
      change: finite(row.session?.change),
      changePct: finite(row.session?.change_percent),
      session: day && { ...day, ...present({ previousClose }) },
    }),
    updatedAt: newestOf(row.last_updated) ?? newYorkMidnight(now),
  };
}

/** The provider's own word for a delayed plan, on the row or on its newest members. */
export function isDelayed(row: UnifiedRow): boolean {
  const word = row.timeframe ?? row.last_trade?.timeframe ?? row.last_quote?.timeframe;
  return word === 'DELAYED';
}

function toStock(row: UnifiedRow, now: number): StockSnapshot {
  const { last_trade: trade, last_quote: quote } = row;
  const day = sessionStats(row);
  const tradeAt = newestOf(trade?.sip_timestamp, trade?.last_updated);
  return {
    symbol: row.ticker,
    ...present({
      last:
        (isOffMarket(row.ticker, trade?.conditions) ? undefined : positive(trade?.price)) ??
        positive(row.price) ??
        day?.close,
      bid: positive(quote?.bid),
      ask: positive(quote?.ask),
      bidSize: sizeOf(row, quote?.bid_size),
      askSize: sizeOf(row, quote?.ask_size),
      change: finite(row.session?.change),
      changePct: finite(row.session?.change_percent),
      previousClose: positive(row.session?.previous_close),
      day,
    }),
    updatedAt: newestOf(row.last_updated, tradeAt, quote?.last_updated) ?? newYorkMidnight(now),
  };
}

/** Round lots of a stock become shares; contracts stay contracts. */
function sizeOf(row: UnifiedRow, size: number | null | undefined): number | undefined {
  return row.ticker.startsWith('O:') ? positive(size) : lots(size);
}

function sessionStats({ session }: UnifiedRow): ReturnType<typeof dayStats> {
  if (!session) return undefined;
  const { open = null, high = null, low = null, close = null, volume = null } = session;
  return dayStats({ o: open, h: high, l: low, c: close, v: volume });
}

// older index rows come without their prefix
function indexSymbol(ticker: string): string {
  return ticker.startsWith('I:') ? ticker : `I:${ticker}`;
}
