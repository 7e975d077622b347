import type { DayStats, StockSnapshot } from '../../domain/market.ts';
import { isAggregateRow } from '../wire/aggregates.ts';
import type { StockSnapshotRow } from '../wire/stock-snapshot.ts';
import { toBar } from './bars.ts';
import { finite, positive, present } from './present.ts';
import { epochMs } from './time.ts';

const SHARES_PER_LOT = 100;

/** A v2 row in the house's words: zeros of a cleared day become absent, lots become shares. */
export function toStockSnapshot(row: StockSnapshotRow, now: number): StockSnapshot {
  const day = dayStats(row.day);
  const previousDay = dayStats(row.prevDay);
  const minute = isAggregateRow(row.min) ? toBar(row.ticker, '1m', row.min) : undefined;
  const quote = row.lastQuote;
  // before the first trade of a day the provider says a change of 0 against nothing
  const traded = day !== undefined || positive(row.updated) !== undefined;
  return {
    symbol: row.ticker,
    ...present({
      last: positive(row.lastTrade?.p) ?? minute?.close ?? day?.close,
      bid: positive(quote?.p),
      ask: positive(quote?.P),
      bidSize: lots(quote?.s),
      askSize: lots(quote?.S),
      change: traded ? finite(row.todaysChange) : undefined,
      changePct: traded ? finite(row.todaysChangePerc) : undefined,
      previousClose: previousDay?.close,
      day,
      previousDay,
      minute,
    }),
    updatedAt: newestOf(row.updated, row.lastTrade?.t, row.lastQuote?.t) ?? minute?.openAt ?? now,
  };
}

/** Open to close of one day, only when all four prices are there. */
export function dayStats(
  row:
    | {
        readonly o?: number | null;
        readonly h?: number | null;
        readonly l?: number | null;
        readonly c?: number | null;
        readonly v?: number | null;
        readonly vw?: number | null;
      }
    | null
    | undefined,
): DayStats | undefined {
  const open = positive(row?.o);
  const high = positive(row?.h);
  const low = positive(row?.l);
  const close = positive(row?.c);
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  return { open, high, low, close, ...present({ volume: finite(row?.v), vwap: positive(row?.vw) }) };
}

/** The newest of several provider times in any unit. */
export function newestOf(...times: readonly (number | null | undefined)[]): number | undefined {
  let newest: number | undefined;
  for (const time of times) {
    const at = epochMs(time);
    if (at !== undefined && (newest === undefined || at > newest)) newest = at;
  }
  return newest;
}

/** Round lots as shares; undefined for none. */
export function lots(size: number | null | undefined): number | undefined {
  const known = positive(size);
  return known === undefined ? undefined : known * SHARES_PER_LOT;
}
