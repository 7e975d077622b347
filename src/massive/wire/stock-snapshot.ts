import { z } from 'zod';
import { string } from './envelope.ts';

/** The single, listed and movers forms of the v2 stock snapshot; rows pass `isStockSnapshotRow` instead of zod. */
export const stockSnapshotSchema = z.looseObject({ status: string, ticker: z.unknown() });
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
  readonly lastTrade?: { readonly p?: number | null; readonly t?: number | null } | null;
  /** `p`, `s` are the BID, `P`, `S` the ASK; sizes in round lots. */
  readonly lastQuote?: {
    readonly p?: number | null;
    readonly s?: number | null;
    readonly P?: number | null;
    readonly S?: number | null;
    readonly t?: number | null;
  } | null;
}

const PARTS = {
  day: ['o', 'h', 'l', 'c', 'v', 'vw'],
  prevDay: ['o', 'h', 'l', 'c', 'v', 'vw'],
  min: ['o', 'h', 'l', 'c', 'v', 'vw', 't'],
  lastTrade: ['p', 't'],
  lastQuote: ['p', 's', 'P', 'S', 't'],
} as const;
const PART_LIST = Object.entries(PARTS);
const NUMBERS = ['todaysChange', 'todaysChangePerc', 'updated'] as const;

/** Hand-written because the whole market is 12,000 such rows: numbers are numbers or absent, nothing more. */
export function isStockSnapshotRow(row: unknown): row is StockSnapshotRow {
  if (typeof row !== 'object' || row === null) return false;
  const record = row as Record<string, unknown>;
  if (typeof record.ticker !== 'string' || record.ticker === '') return false;
  for (const key of NUMBERS) if (!isNumberOrAbsent(record[key])) return false;
  for (const [part, keys] of PART_LIST) {
    const value = record[part];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'object') return false;
    for (const key of keys) if (!isNumberOrAbsent((value as Record<string, unknown>)[key])) return false;
  }
  return true;
}

function isNumberOrAbsent(value: unknown): boolean {
  return typeof value === 'number' || value === undefined || value === null;
}
