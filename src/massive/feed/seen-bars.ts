import type { Bar } from '../../domain/bar.ts';

// a back-fill overlaps what was delivered before the line broke by two minutes at most
const KEPT = 3;

/** Remembers the last few minutes of each symbol, so that one that comes twice (`AM.*` and `AM.SPY`, back-fill) passes once. */
export interface SeenBars {
  /** False for an exact repeat; a revised bar is news. */
  isNews(bar: Bar): boolean;
}

/** Keeps three bars per symbol. */
export function createSeenBars(): SeenBars {
  const bySymbol = new Map<string, Bar[]>();
  return {
    isNews(bar) {
      const kept = bySymbol.get(bar.symbol);
      if (!kept) {
        bySymbol.set(bar.symbol, [bar]);
        return true;
      }
      const index = kept.findIndex((known) => known.openAt === bar.openAt);
      const known = kept[index];
      if (known && isSame(known, bar)) return false;
      if (known) kept[index] = bar;
      else kept.push(bar);
      if (kept.length > KEPT) kept.shift();
      return true;
    },
  };
}

function isSame(a: Bar, b: Bar): boolean {
  return a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume;
}
