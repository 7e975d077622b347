import { describe, expect, it } from 'vitest';
import { createWatched } from '../../src/services/watched.ts';

function harness(lists: string[][]) {
  const held = new Map<string, number>();
  const lowest = new Map<string, number>();
  const move = (symbols: readonly string[], by: number): void => {
    for (const symbol of symbols) {
      const count = (held.get(symbol) ?? 0) + by;
      held.set(symbol, count);
      if (by < 0) lowest.set(symbol, count);
    }
  };
  const watched = createWatched({
    watchlists: { allSymbols: async () => lists.shift() ?? [] },
    feed: {
      watch(symbols) {
        move(symbols, 1);
        return () => move(symbols, -1);
      },
    },
    log: { warn: () => {} },
  });
  const active = () => [...held].filter(([, count]) => count > 0).map(([symbol]) => symbol);
  return { watched, active, lowest };
}

describe('the watched symbols', () => {
  it('are the five indices and every symbol on a watchlist', async () => {
    const { watched, active } = harness([['AAPL', 'GOOG']]);
    await watched.start();
    expect(active()).toEqual(['I:SPX', 'I:NDX', 'I:DJI', 'I:RUT', 'I:VIX', 'AAPL', 'GOOG']);
  });

  it('follow a changed watchlist without letting go of what stays', async () => {
    const { watched, active, lowest } = harness([['AAPL'], ['AAPL', 'MSFT']]);
    await watched.start();
    watched.refresh();
    await new Promise((done) => setImmediate(done));
    expect(active()).toContain('MSFT');
    expect(lowest.get('AAPL')).toBe(1);
  });

  it('are let go of at the end', async () => {
    const { watched, active } = harness([['AAPL']]);
    await watched.start();
    watched.stop();
    expect(active()).toEqual([]);
  });
});
