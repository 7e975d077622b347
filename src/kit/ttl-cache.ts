import { LRUCache } from 'lru-cache';

interface Cached<T> {
  readonly value: T;
  /** On the cache's own clock. */
  readonly storedAt: number;
  /** The source failed and this is the last known good. */
  readonly stale: boolean;
  /** With a stale value: why the source failed. */
  readonly error?: unknown;
}

interface CacheStats {
  /** Entries. */
  readonly size: number;
  /** Of all entries together, in the unit of `weigh`; 0 without one. */
  readonly weight: number;
  readonly hits: number;
  /** Joined a load that was already under way. */
  readonly shared: number;
  readonly misses: number;
  readonly staleAnswers: number;
  /** Of all reads, those that cost no load; 0 before the first read. */
  readonly hitRatio: number;
}

export interface TtlCacheOptions {
  /** Entries; the least recently used leave first. */
  readonly max?: number;
  /** Most that all entries may weigh together; one that outweighs it alone is answered and not kept. */
  readonly maxWeight?: number;
  /** A whole number of one at least; asked once per entry, and needed for `maxWeight`. */
  readonly weigh?: (value: unknown) => number;
  /** Epoch or monotonic milliseconds; the market's clock when lifetimes follow the market. */
  readonly now: () => number;
  /** How old an answer may be to stand in for a source that fails; it dies after that. No bound unless given. */
  readonly maxStaleMs?: number;
  /** Whether this error lets an old answer stand in; all do unless given. */
  readonly staleOn?: (error: unknown) => boolean;
}

export interface TtlCache {
  /** The kept answer, or `load`'s (once for all who ask meanwhile); throws load's error when nothing may stand in. */
  get<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<Cached<T>>;
  /** Forgets the keys with this prefix, all without one; says how many. A load under way is not kept either. */
  clear(prefix?: string): number;
  stats(): CacheStats;
}

interface Entry {
  readonly value: unknown;
  readonly storedAt: number;
}

const SWEEP_EVERY_MS = 60_000;

/** Answers kept for a while, one load per key at a time, the last known good when the source fails. */
export function createTtlCache(options: TtlCacheOptions): TtlCache {
  const { max = 5_000, now, maxStaleMs = Number.POSITIVE_INFINITY, staleOn = () => true, maxWeight, weigh } = options;
  const entries = new LRUCache<string, Entry>({
    max,
    perf: { now },
    // it would otherwise remember the time by a real timer, and this clock may run faster
    ttlResolution: 0,
    ...(maxWeight && weigh ? { maxSize: maxWeight, sizeCalculation: ({ value }) => weigh(value) } : {}),
  });
  const loads = new Map<string, Promise<Entry>>();
  let hits = 0;
  let shared = 0;
  let misses = 0;
  let staleAnswers = 0;
  let sweptAt = now();

  const keep = (key: string, entry: Entry, ttlMs: number): void => {
    entries.set(key, entry, { ttl: Math.max(ttlMs, maxStaleMs) });
    // keys that name a minute are never asked for again, so nobody would find them dead
    if (Math.abs(now() - sweptAt) < SWEEP_EVERY_MS) return;
    sweptAt = now();
    entries.purgeStale();
  };

  const begin = (key: string, ttlMs: number, load: () => Promise<unknown>): Promise<Entry> => {
    const settle = async (): Promise<Entry> => {
      const entry = { value: await load(), storedAt: now() };
      if (loads.get(key) === loading) keep(key, entry, ttlMs);
      return entry;
    };
    // starts a tick later, so that a load that throws at once finds itself under way like any other
    const loading: Promise<Entry> = Promise.resolve()
      .then(settle)
      .finally(() => {
        if (loads.get(key) === loading) loads.delete(key);
      });
    loads.set(key, loading);
    return loading;
  };

  return {
    async get<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<Cached<T>> {
      // what sits under a key was put there by a load of the same key, so it has the caller's type
      const as = (entry: Entry): { value: T; storedAt: number } => entry as { value: T; storedAt: number };
      const kept = entries.get(key);
      const ageMs = kept ? now() - kept.storedAt : Number.NaN;
      // a negative age means that the clock went back; such an entry is not fresh
      if (kept && ageMs >= 0 && ageMs < ttlMs) {
        hits++;
        return { ...as(kept), stale: false };
      }
      const underWay = loads.get(key);
      if (underWay) shared++;
      else misses++;
      try {
        return { ...as(await (underWay ?? begin(key, ttlMs, load))), stale: false };
      } catch (error) {
        const last = entries.get(key);
        if (!last || now() - last.storedAt > maxStaleMs || !staleOn(error)) throw error;
        staleAnswers++;
        return { ...as(last), stale: true, error };
      }
    },
    clear(prefix = '') {
      const doomed = [...entries.keys()].filter((key) => key.startsWith(prefix));
      for (const key of doomed) entries.delete(key);
      for (const key of [...loads.keys()]) if (key.startsWith(prefix)) loads.delete(key);
      return doomed.length;
    },
    stats() {
      const reads = hits + shared + misses;
      const hitRatio = reads === 0 ? 0 : (hits + shared) / reads;
      return { size: entries.size, weight: entries.calculatedSize, hits, shared, misses, staleAnswers, hitRatio };
    },
  };
}
