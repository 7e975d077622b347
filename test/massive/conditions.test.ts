import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { TradeTick } from '../../src/domain/bar.ts';
import { isOffMarket } from '../../src/massive/map/conditions.ts';
import { toStockSnapshot } from '../../src/massive/map/stock-snapshot.ts';
import { readEvent } from '../../src/massive/stream/events.ts';
import { createMarket } from '../../src/services/market.ts';
import { createTape } from '../../src/services/tape.ts';

const NOW = Date.parse('2026-03-03T15:00:00Z');

const recorded = z
  .object({
    results: z.array(
      z.object({
        id: z.number(),
        name: z.string(),
        update_rules: z.object({ consolidated: z.object({ updates_open_close: z.boolean() }) }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/massive-mocks/conditions.json', import.meta.url), 'utf8')));

const print = (conditions: number[], more: object = {}): TradeTick => {
  const read = readEvent({ ev: 'T', sym: 'GOOG', p: 610, s: 100, c: conditions, x: 4, t: NOW, ...more }, NOW);
  if (read.kind !== 'event' || read.event.kind !== 'trade') throw new Error('not a trade');
  return read.event.trade;
};

describe('a trade that may not become the last price', () => {
  it("is told by the provider's own list of conditions", () => {
    expect(recorded.results).toHaveLength(10);
    for (const { id, name, update_rules } of recorded.results) {
      expect([name, isOffMarket('GOOG', [id])]).toEqual([name, !update_rules.consolidated.updates_open_close]);
    }
  });

  it('is one of an odd lot, and one bad condition among good ones is enough', () => {
    expect(isOffMarket('GOOG', [14, 37, 41])).toBe(true);
    expect(isOffMarket('GOOG', [14, 41])).toBe(false);
    expect(isOffMarket('GOOG', [])).toBe(false);
    expect(isOffMarket('GOOG', undefined)).toBe(false);
  });

  it('is not one of the pre-market, where every trade is a Form T', () => {
    expect(isOffMarket('GOOG', [12])).toBe(false);
    expect(isOffMarket('GOOG', [12, 37])).toBe(true);
  });

  it('is not told of options, which have other numbers', () => {
    expect(isOffMarket('O:SPY260220C00600000', [37])).toBe(false);
  });

  it('keeps its print, its size and its conditions for the flow', () => {
    expect(print([2])).toMatchObject({ price: 610, size: 100, conditions: [2], offMarket: true });
    expect(print([14])).not.toHaveProperty('offMarket');
  });

  it('moves neither the price nor the range of the day', async () => {
    const tape = createTape();
    tape.apply([{ kind: 'trade', trade: print([2]) }]);
    const day = { open: 753, high: 754, low: 749, close: 750 };
    const market = createMarket({
      rest: {
        stockSnapshot: async () => ({
          value: { symbol: 'GOOG', last: 750, day, updatedAt: NOW - 1_000 },
          asOf: NOW,
          delayed: false,
        }),
        stockSnapshots: async () => ({ value: [], asOf: NOW, delayed: false }),
        indexSnapshots: async () => ({ value: [], asOf: NOW, delayed: false }),
        news: async () => ({ value: [], asOf: NOW, delayed: false }),
      },
      tape,
      feed: { heardTo: () => NOW },
      panel: { breadthHistory: () => ({}), usualVolume: () => undefined },
    });
    const known = { instrument: { kind: 'stock', symbol: 'GOOG' }, symbol: 'GOOG', name: 'Alphabet' } as const;
    const { value } = await market.price(known);
    expect(value).toMatchObject({ last: 750, day: { high: 754, low: 749 } });
    tape.apply([{ kind: 'trade', trade: print([14]) }]);
    expect((await market.price(known)).value?.last).toBe(610);
  });

  it('is passed over for the last minute when it is the last of a snapshot', () => {
    const minute = { o: 750, h: 751, l: 749, c: 750.5, v: 900, vw: 750, t: NOW - 60_000 };
    const row = { ticker: 'GOOG', min: minute, lastTrade: { p: 610, t: NOW * 1e6, c: [37] } };
    expect(toStockSnapshot(row, NOW).last).toBe(750.5);
    expect(toStockSnapshot({ ...row, lastTrade: { p: 610, t: NOW * 1e6, c: [14] } }, NOW).last).toBe(610);
  });
});
