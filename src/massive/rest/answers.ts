import type { Answer } from '../../domain/market.ts';
import type { Priority } from '../../kit/limiter.ts';
import type { TtlCache } from '../../kit/ttl-cache.ts';
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

/** Answers from the cache, one call for all who ask at once, and the last known good only for those who accept it. */
export function createCached(cache: Pick<TtlCache, 'get'>): Cached {
  const failures = new Map<string, unknown>();
  return async <T>(key: string, ttlMs: number, ask: Ask, load: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    if (ask.fresh) return load();
    const kept = await cache.get(key, ttlMs, async () => {
      try {
        const answer = await load();
        failures.delete(key);
        return answer;
      } catch (error) {
        failures.set(key, error);
        throw error;
      }
    });
    if (!kept.stale) return kept.value;
    const failure = failures.get(key);
    const isFinal = failure instanceof MassiveError && FINAL.has(failure.kind);
    if (isFinal || !ask.acceptStale) throw failure;
    return { ...kept.value, stale: true };
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
