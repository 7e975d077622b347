import type { StockSnapshot } from '../../../src/domain/market.ts';

/** What anyone would write first: a filter or reduce per number. */
export function breadthByChains(rows: readonly StockSnapshot[]): {
  readonly advancing: number;
  readonly declining: number;
  readonly unchanged: number;
  readonly upVolumePct: number;
} {
  const known = rows.filter((row) => row.change !== undefined);
  const up = known.filter((row) => (row.change ?? 0) > 0);
  const down = known.filter((row) => (row.change ?? 0) < 0);
  const volume = (some: readonly StockSnapshot[]): number =>
    some.map((row) => row.day?.volume ?? 0).reduce((sum, each) => sum + each, 0);
  return {
    advancing: up.length,
    declining: down.length,
    unchanged: known.filter((row) => row.change === 0).length,
    upVolumePct: (volume(up) / (volume(up) + volume(down))) * 100,
  };
}

/** The whole market sorted for its first `limit`. */
export function gainersBySorting(rows: readonly StockSnapshot[], limit: number): StockSnapshot[] {
  return rows
    .filter((row) => (row.changePct ?? 0) > 0)
    .sort((a, b) => (b.changePct ?? 0) - (a.changePct ?? 0) || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, limit);
}
