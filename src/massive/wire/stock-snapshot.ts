import { z } from 'zod';
import { string } from './envelope.ts';

/** The single, listed and movers forms of the v2 stock snapshot; rows pass `isStockSnapshotRow` instead of zod. */
export const stockSnapshotSchema = z.looseObject({ status: string, ticker: z.unknown() });
/** The whole market, a list of tickers, or the movers. */
export const stockSnapshotsSchema = z.looseObject({ status: string, tickers: z.array(z.unknown()).nullish() });

interface OhlcRow {
  readonly o?: number | null;
  readonly h?: number | null;
  readonly l?: number | null;
  readonly c?: number | null;
  readonly v?: number | null;
  readonly vw?: number | null;
}

/** Any member may be absent, null or `{}`: by plan, and between 03:30 and 04:00 New York when the day is cleared. */
export interface StockSnapshotRow {
  readonly ticker: string;
  readonly todaysChange?: number | null;
  readonly todaysChangePerc?: number | null;
  readonly updated?: number | null;
  readonly day?: OhlcRow | null;
  readonly prevDay?: OhlcRow | null;
  readonly min?: (OhlcRow & { readonly t?: number | null }) | null;
  /** `c` are conditions; whatever is not a list of them counts as none. */
  readonly lastTrade?: { readonly p?: number | null; readonly t?: number | null; readonly c?: unknown } | null;
  /** `p`, `s` are the BID, `P`, `S` the ASK; sizes in round lots. */
  readonly lastQuote?: {
    readonly p?: number | null;
    readonly s?: number | null;
    readonly P?: number | null;
    readonly S?: number | null;
    readonly t?: number | null;
  } | null;
}

type Fields = Record<string, unknown>;

/** Hand-written and without loops over names, because the whole market is 12,000 such rows: numbers are numbers or absent. */
export function isStockSnapshotRow(row: unknown): row is StockSnapshotRow {
  if (typeof row !== 'object' || row === null) return false;
  const { ticker, todaysChange, todaysChangePerc, updated, day, prevDay, min, lastTrade, lastQuote } = row as Fields;
  return (
    typeof ticker === 'string' &&
    ticker !== '' &&
    isNumber(todaysChange) &&
    isNumber(todaysChangePerc) &&
    isNumber(updated) &&
    isOhlc(day) &&
    isOhlc(prevDay) &&
    isOhlc(min) &&
    (min == null || isNumber((min as Fields).t)) &&
    isTrade(lastTrade) &&
    isQuote(lastQuote)
  );
}

function isOhlc(part: unknown): boolean {
  if (part === undefined || part === null) return true;
  if (typeof part !== 'object') return false;
  const { o, h, l, c, v, vw } = part as Fields;
  return isNumber(o) && isNumber(h) && isNumber(l) && isNumber(c) && isNumber(v) && isNumber(vw);
}

function isTrade(part: unknown): boolean {
  if (part === undefined || part === null) return true;
  if (typeof part !== 'object') return false;
  const { p, t } = part as Fields;
  return isNumber(p) && isNumber(t);
}

function isQuote(part: unknown): boolean {
  if (part === undefined || part === null) return true;
  if (typeof part !== 'object') return false;
  const { p, s, P, S, t } = part as Fields;
  return isNumber(p) && isNumber(s) && isNumber(P) && isNumber(S) && isNumber(t);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value === undefined || value === null;
}
