import type { DayStats, StockSnapshot } from '../../domain/market.ts';
import { isAggregateRow } from '../wire/aggregates.ts';
import type { StockSnapshotRow } from '../wire/stock-snapshot.ts';
import { toBar } from './bars.ts';
import { isOffMarket } from './conditions.ts';
import { finite, positive } from './present.ts';
import { epochMs, newYorkMidnight } from './time.ts';

const SHARES_PER_LOT = 100;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A v2 row in the house's words: zeros of a cleared day become absent, lots become shares; without a time of its own it is as old as its day. */
export function toStockSnapshot(row: StockSnapshotRow, now: number): StockSnapshot {
  const { lastTrade, lastQuote } = row;
  const day = dayStats(row.day);
  const previousDay = dayStats(row.prevDay);
  const minute = isAggregateRow(row.min) ? toBar(row.ticker, '1m', row.min) : undefined;
  const updatedAt = newestOf(row.updated, lastTrade?.t, lastQuote?.t) ?? minute?.openAt ?? newYorkMidnight(now);
  const snapshot: Mutable<StockSnapshot> = { symbol: row.ticker, updatedAt };
  // assigned one by one, since a market of 12,000 rows feels every helper
  const traded = isOffMarket(row.ticker, lastTrade?.c) ? undefined : positive(lastTrade?.p);
  const last = traded ?? minute?.close ?? day?.close;
  if (last !== undefined) snapshot.last = last;
  const bid = positive(lastQuote?.p);
  if (bid !== undefined) snapshot.bid = bid;
  const ask = positive(lastQuote?.P);
  if (ask !== undefined) snapshot.ask = ask;
  const bidSize = lots(lastQuote?.s);
  if (bidSize !== undefined) snapshot.bidSize = bidSize;
  const askSize = lots(lastQuote?.S);
  if (askSize !== undefined) snapshot.askSize = askSize;
  // before the first trade of a day the provider says a change of 0 against nothing
  if (day || positive(row.updated) !== undefined) {
    const change = finite(row.todaysChange);
    if (change !== undefined) snapshot.change = change;
    const changePct = finite(row.todaysChangePerc);
    if (changePct !== undefined) snapshot.changePct = changePct;
  }
  if (previousDay) {
    snapshot.previousClose = previousDay.close;
    snapshot.previousDay = previousDay;
  }
  if (day) snapshot.day = day;
  if (minute) snapshot.minute = minute;
  return snapshot;
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
  const stats: Mutable<DayStats> = { open, high, low, close };
  const volume = finite(row?.v);
  if (volume !== undefined) stats.volume = volume;
  const vwap = positive(row?.vw);
  if (vwap !== undefined) stats.vwap = vwap;
  return stats;
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
