import type { MarketEvent } from '../../domain/bar.ts';
import type { IndexSnapshot, StockSnapshot } from '../../domain/market.ts';
import type { UnifiedSnapshots } from '../rest/snapshots.ts';

/** Turns polled snapshots into the events the stream would have sent. */
export interface PolledEvents {
  /** Only what is newer than the last poll; a price comes as a trade of size 0, since nobody saw its print. */
  read(snapshots: UnifiedSnapshots, receivedAt: number): MarketEvent[];
}

/** Remembers per symbol how new the last answer was. */
export function createPolledEvents(): PolledEvents {
  const updatedAt = new Map<string, number>();
  const isNews = (row: { readonly symbol: string; readonly updatedAt: number }): boolean => {
    if (row.updatedAt <= (updatedAt.get(row.symbol) ?? Number.NEGATIVE_INFINITY)) return false;
    updatedAt.set(row.symbol, row.updatedAt);
    return true;
  };
  return {
    read({ stocks, indices }, receivedAt) {
      const ofStocks = stocks.filter(isNews).flatMap((row) => stockEvents(row, receivedAt));
      return [...ofStocks, ...indices.filter(isNews).map((row) => indexEvent(row, receivedAt))];
    },
  };
}

function stockEvents(
  { symbol, last, bid, ask, bidSize, askSize, updatedAt }: StockSnapshot,
  receivedAt: number,
): MarketEvent[] {
  const stamp = { symbol, eventAt: updatedAt, receivedAt };
  const events: MarketEvent[] = [];
  if (last !== undefined) {
    events.push({ kind: 'trade', trade: { ...stamp, price: last, size: 0, conditions: [], exchange: 0 } });
  }
  if (bid !== undefined && ask !== undefined) {
    events.push({ kind: 'quote', quote: { ...stamp, bid, ask, bidSize: bidSize ?? 0, askSize: askSize ?? 0 } });
  }
  return events;
}

function indexEvent({ symbol, value, updatedAt }: IndexSnapshot, receivedAt: number): MarketEvent {
  return { kind: 'index', index: { symbol, value, eventAt: updatedAt, receivedAt } };
}
