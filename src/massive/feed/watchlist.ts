import type { Cluster } from '../stream.ts';
import { clusterOf, type Line } from './line.ts';

interface Entry {
  holders: number;
  activeHolders: number;
  readonly releases: (() => void)[];
}

/** Who is watched, counted, and the subscriptions that this takes. */
export interface Watchlist {
  add(symbols: readonly string[], active: boolean): () => void;
  /** Active symbols before the others, each group in the order of its arrival. */
  symbols(): string[];
  symbolsOf(cluster: Cluster): string[];
  isActive(symbol: string): boolean;
  /** Second bars for all of this line's symbols, now and later: the plan has no ticks. */
  takeSeconds(line: Line): void;
}

/** Subscribes on the first watcher of a symbol and unsubscribes after the last. */
export function createWatchlist(deps: {
  readonly lines: ReadonlyMap<Cluster, Line>;
  readonly onAdded: (symbol: string) => void;
  readonly onRemoved: (symbol: string) => void;
}): Watchlist {
  const entries = new Map<string, Entry>();

  const hold = (line: Line, entry: Entry, pairs: readonly string[]): void => {
    const release = line.stream?.subscribe(pairs);
    if (release) entry.releases.push(release);
  };
  const begin = (symbol: string): Entry => {
    const entry: Entry = { holders: 0, activeHolders: 0, releases: [] };
    entries.set(symbol, entry);
    const line = deps.lines.get(clusterOf(symbol));
    if (line) hold(line, entry, line.pairs(symbol));
    deps.onAdded(symbol);
    return entry;
  };
  const leave = (symbol: string, active: boolean): void => {
    const entry = entries.get(symbol);
    if (!entry) return;
    entry.holders--;
    if (active) entry.activeHolders--;
    if (entry.holders > 0) return;
    for (const release of entry.releases) release();
    entries.delete(symbol);
    deps.onRemoved(symbol);
  };

  return {
    add(symbols, active) {
      const mine = new Set(symbols);
      for (const symbol of mine) {
        const entry = entries.get(symbol) ?? begin(symbol);
        entry.holders++;
        if (active) entry.activeHolders++;
      }
      return () => {
        for (const symbol of mine) leave(symbol, active);
        mine.clear();
      };
    },
    symbols() {
      const all = [...entries];
      const isActive = ([, entry]: [string, Entry]): boolean => entry.activeHolders > 0;
      return [...all.filter(isActive), ...all.filter((pair) => !isActive(pair))].map(([symbol]) => symbol);
    },
    symbolsOf: (cluster) => [...entries.keys()].filter((symbol) => clusterOf(symbol) === cluster),
    isActive: (symbol) => (entries.get(symbol)?.activeHolders ?? 0) > 0,
    takeSeconds(line) {
      if (line.usesSeconds) return;
      line.usesSeconds = true;
      for (const [symbol, entry] of entries) {
        if (clusterOf(symbol) === line.cluster) hold(line, entry, [`A.${symbol}`]);
      }
    },
  };
}
