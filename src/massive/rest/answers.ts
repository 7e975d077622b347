import type { Answer } from '../../domain/market.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Priority } from '../../kit/limiter.ts';
import { createTtlCache, type TtlCache } from '../../kit/ttl-cache.ts';
import { MassiveError } from '../errors.ts';

/** How the caller wants to be answered. */
export interface Ask {
  /** When the source fails, take the last known good, marked `stale`, over an error. */
  readonly acceptStale?: boolean;
  /** Past the cache, for callers that must see the very latest. */
  readonly fresh?: boolean;
  /** 1 is a member who waits, 5 is housekeeping; 2 unless given. */
  readonly priority?: Priority;
}

/** Asks the cache for this key first; `load` is the way to the wire. */
export type Cached = <T>(key: string, ttlMs: number, ask: Ask, load: () => Promise<Answer<T>>) => Promise<Answer<T>>;

// these are the provider's considered answer about this question, so an older one would be a lie
const FINAL: ReadonlySet<string> = new Set(['unauthorized', 'not_found', 'plan_limit']);

// measured: 220 bytes a bar and 870 a snapshot, of which one answer has all 12,000
const MAX_ROWS = 200_000;
const MAX_ANSWERS = 2_000;
const MAX_STALE_MS = 30 * 60_000;

/** Where answers are kept: bounded by the rows they hold, and gone half an hour after they are good for nothing else. */
export function createAnswerCache(now: Clock['now']): TtlCache {
  return createTtlCache({ max: MAX_ANSWERS, maxWeight: MAX_ROWS, weigh: rowsIn, now, maxStaleMs: MAX_STALE_MS });
}

/** Bars, snapshots, headlines and whatever else an answer lists; one for an answer that is a single thing. */
export function rowsIn(answer: unknown): number {
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : answer;
  const lists = Array.isArray(value) ? [value] : Object.values(value ?? {}).filter(Array.isArray);
  return Math.max(
    1,
    lists.reduce((rows, list) => rows + list.length, 0),
  );
}

/** Answers from the cache, one call for all who ask at once, and the last known good only for those who accept it. */
export function createCached(cache: Pick<TtlCache, 'get'>): Cached {
  return async <T>(key: string, ttlMs: number, ask: Ask, load: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    if (ask.fresh) return load();
    const { value, stale, error } = await cache.get(key, ttlMs, load);
    if (!stale) return value;
    const isFinal = error instanceof MassiveError && FINAL.has(error.kind);
    if (isFinal || !ask.acceptStale) throw error;
    return { ...value, stale: true };
  };
}

/** The newest of these times, or `otherwise` when there are none. */
export function newest<T>(rows: readonly T[], timeOf: (row: T) => number, otherwise: number): number {
  let at: number | undefined;
  for (const row of rows) {
    const time = timeOf(row);
    if (at === undefined || time > at) at = time;
  }
  return at ?? otherwise;
}
