import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breadthOf } from '../../src/domain/breadth.ts';
import type { StockSnapshot } from '../../src/domain/market.ts';
import { topMovers } from '../../src/domain/movers.ts';

const stock = (symbol: string, change: number | undefined, volume = 100_000): StockSnapshot => ({
  symbol,
  last: 100,
  ...(change === undefined ? {} : { change, changePct: change }),
  day: { open: 100, high: 101, low: 99, close: 100, volume },
  updatedAt: 0,
});

const market = (ups: number, downs: number, flats = 0): StockSnapshot[] => [
  ...Array.from({ length: ups }, (_, index) => stock(`U${index}`, 1)),
  ...Array.from({ length: downs }, (_, index) => stock(`D${index}`, -1)),
  ...Array.from({ length: flats }, (_, index) => stock(`F${index}`, 0)),
];

describe('breadth', () => {
  test('counts who rises and falls, and where the volume is', () => {
    const up = stock('A', 2, 300);
    expect(breadthOf([up, stock('B', -1, 100), stock('C', 0, 50), stock('D', undefined)])).toEqual({
      advancing: 1,
      declining: 1,
      unchanged: 1,
      covered: 3,
      advancingPct: expect.closeTo(33.333, 3),
      advanceDeclineRatio: 1,
      upVolumePct: 75,
      sentiment: 'positive',
      symbols: ['A', 'B', 'C'],
    });
  });

  test('works the change out where the provider sends none', () => {
    const snapshot: StockSnapshot = {
      symbol: 'A',
      day: { open: 1, high: 1, low: 1, close: 9 },
      previousDay: { open: 1, high: 1, low: 1, close: 10 },
      updatedAt: 0,
    };
    expect(breadthOf([snapshot]).declining).toBe(1);
  });

  test('of nobody is neutral, and has no ratios', () => {
    expect(breadthOf([])).toEqual({
      advancing: 0,
      declining: 0,
      unchanged: 0,
      covered: 0,
      advancingPct: 0,
      sentiment: 'neutral',
      symbols: [],
    });
  });

  test.each([
    [90, 10, 'strongly positive'],
    [62, 38, 'positive'],
    [50, 50, 'neutral'],
    [38, 62, 'negative'],
    [10, 90, 'strongly negative'],
  ])('%i up and %i down is %s', (ups, downs, sentiment) => {
    expect(breadthOf(market(ups, downs)).sentiment).toBe(sentiment);
  });

  test('turned upside down it turns its word', () => {
    const opposite = { 'strongly positive': 'strongly negative', positive: 'negative', neutral: 'neutral' } as const;
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (ups, downs) => {
        const one = breadthOf(market(ups, downs)).sentiment;
        const other = breadthOf(market(downs, ups)).sentiment;
        const flipped = Object.entries(opposite).find(([up, down]) => one === up || one === down);
        expect([...(flipped ?? [])]).toContain(other);
        if (one !== 'neutral') expect(other).not.toBe(one);
      }),
      { examples: [[57, 43]] },
    );
  });

  test('counts new highs and lows against the year before', () => {
    const yearRanges = new Map([
      ['U0', { high: 100.5, low: 50 }],
      ['D0', { high: 200, low: 99.5 }],
      ['D1', { high: 101, low: 99 }],
    ]);
    expect(breadthOf(market(1, 2), { yearRanges })).toMatchObject({ newHighs: 1, newLows: 1 });
    expect(breadthOf(market(1, 2))).not.toHaveProperty('newHighs');
  });

  test('sees a thrust when a washed-out market turns within ten sessions', () => {
    const weak = Array.from({ length: 20 }, () => 0.3);
    const turn = [...weak, 0.9, 0.95, 0.9, 0.92, 0.95];
    expect(breadthOf(market(95, 5), { advancingRatios: turn }).thrust).toBe(true);
    expect(breadthOf(market(95, 5), { advancingRatios: [...weak, 0.5] }).thrust).toBe(false);
    const slow = [...weak, ...Array.from({ length: 20 }, () => 0.6)];
    expect(breadthOf(market(95, 5), { advancingRatios: slow }).thrust).toBe(false);
    expect(breadthOf(market(95, 5), { advancingRatios: weak })).not.toHaveProperty('thrust');
  });

  test('sees a thrust in closed sessions only: a morning neither makes nor breaks one', () => {
    const almost = [...Array.from({ length: 20 }, () => 0.3), 0.9, 0.95, 0.9];
    const made = [...almost, 0.92, 0.95];
    for (const morning of [market(100, 0), market(0, 100), market(1, 0), []]) {
      expect(breadthOf(morning, { advancingRatios: almost }).thrust).toBe(false);
      expect(breadthOf(morning, { advancingRatios: made }).thrust).toBe(true);
    }
  });
});

describe('movers', () => {
  const four = [stock('A', 3), stock('B', -5), stock('C', 7, 500), stock('D', 1, 900_000)];
  const symbols = (direction: 'up' | 'down' | 'active', minVolume = 0, limit = 10) =>
    topMovers(four, { direction, limit, minVolume }).map((snapshot) => snapshot.symbol);

  test('lead with the biggest change or the most dollars', () => {
    expect(symbols('up')).toEqual(['C', 'A', 'D']);
    expect(symbols('down')).toEqual(['B']);
    expect(symbols('active')).toEqual(['D', 'A', 'B', 'C']);
  });

  test('leave out what hardly traded and stop at the limit', () => {
    expect(symbols('up', 1_000)).toEqual(['A', 'D']);
    expect(symbols('up', 0, 1)).toEqual(['C']);
    expect(symbols('up', 0, 0)).toEqual([]);
  });

  test('are those that sorting everything would give, in any order of arrival', () => {
    const any = fc.uniqueArray(
      fc.record({ name: fc.nat(500), change: fc.integer({ min: -5, max: 5 }), volume: fc.nat(3) }),
      { selector: ({ name }) => name, maxLength: 60 },
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 12 }), (rows, limit) => {
        const snapshots = rows.map(({ name, change, volume }) => stock(`S${name}`, change, volume));
        const sorted = snapshots
          .filter((snapshot) => (snapshot.changePct ?? 0) > 0 && (snapshot.day?.volume ?? 0) >= 1)
          .sort((a, b) => (b.changePct ?? 0) - (a.changePct ?? 0) || (a.symbol < b.symbol ? -1 : 1))
          .slice(0, limit);
        expect(topMovers(snapshots, { direction: 'up', limit, minVolume: 1 })).toEqual(sorted);
        expect(topMovers([...snapshots].reverse(), { direction: 'up', limit, minVolume: 1 })).toEqual(sorted);
      }),
      { numRuns: 500 },
    );
  });
});
