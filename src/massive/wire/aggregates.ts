import { z } from 'zod';
import { string } from './envelope.ts';

/** One aggregate row after the guard; `T` only on previous-day and grouped rows, no volume on indices. */
export interface AggregateRow {
  readonly T?: string;
  readonly t: number;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v?: number;
  readonly vw?: number;
}

/** Range, previous day and grouped daily; an empty range has no `results` at all. */
export const aggregatesSchema = z.looseObject({
  status: string,
  ticker: string,
  results: z.array(z.unknown()).nullish(),
  next_url: string,
});

/** Hand-written because 12,000 rows come at once and zod per row costs as much as JSON.parse. */
export function isAggregateRow(row: unknown): row is AggregateRow {
  if (typeof row !== 'object' || row === null) return false;
  const { t, o, h, l, c, v, vw, T } = row as Record<string, unknown>;
  return (
    Number.isFinite(t) &&
    isPrice(o) &&
    isPrice(h) &&
    isPrice(l) &&
    isPrice(c) &&
    (h as number) >= (l as number) &&
    isAmountOrAbsent(v) &&
    isAmountOrAbsent(vw) &&
    (T === undefined || typeof T === 'string')
  );
}

/** A price that can be traded on: finite and above zero. */
export function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
}

function isAmountOrAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'number' && value >= 0 && Number.isFinite(value));
}
