import { describe, expect, it } from 'vitest';
import type { IndexSnapshot, StockSnapshot } from '../../src/domain/market.ts';
import { AppError } from '../../src/kit/errors.ts';
import { MassiveError } from '../../src/massive/errors.ts';
import { toStockSnapshot } from '../../src/massive/map/stock-snapshot.ts';
import { createMarket } from '../../src/services/market.ts';
import type { TapeEntry } from '../../src/services/tape.ts';

const goog = { instrument: { kind: 'stock', symbol: 'GOOG' }, symbol: 'GOOG', name: 'Alphabet' } as const;
const spx = { instrument: { kind: 'index', symbol: 'I:SPX', root: 'SPX' }, symbol: 'I:SPX', name: 'S&P 500' } as const;

const snapshot: StockSnapshot = {
  symbol: 'GOOG',
  last: 750,
  bid: 749.9,
  ask: 750.1,
  day: { open: 753, high: 754, low: 749, close: 750, volume: 1_000_000 },
  previousDay: { open: 746, high: 752, low: 745, close: 748, volume: 1_500_000 },
  updatedAt: 1_000,
};
const index: IndexSnapshot = {
  symbol: 'I:SPX',
  name: 'S&P 500',
  value: 2_060,
  session: { open: 2_050, high: 2_061, low: 2_049, close: 2_060, previousClose: 2_040 },
  updatedAt: 1_000,
};

function market(
  over: {
    tape?: TapeEntry;
    stocks?: () => Promise<never>;
    all?: StockSnapshot[];
    one?: StockSnapshot;
    usual?: number;
    stale?: boolean;
    /** The stream does not deliver. */
    isDeaf?: boolean;
  } = {},
) {
  const answer = <T>(value: T) => ({ value, asOf: 1_000, delayed: false, ...(over.stale ? { stale: true } : {}) });
  return createMarket({
    rest: {
      stockSnapshot: over.stocks ?? (async () => answer(over.one ?? snapshot)),
      stockSnapshots: async () => answer(over.all ?? [snapshot]),
      indexSnapshots: async () => answer([index]),
      news: async () => answer([]),
    },
    tape: { last: () => over.tape },
    feed: { heardTo: () => (over.isDeaf ? undefined : 2_000) },
    panel: { breadthHistory: () => ({}), usualVolume: () => over.usual },
  });
}

const trade = (price: number, eventAt: number): TapeEntry => ({
  trade: { symbol: 'GOOG', price, size: 1, conditions: [], exchange: 1, eventAt, receivedAt: eventAt },
});

describe('the price of a stock', () => {
  it('comes from the snapshot with its spread and its change since the previous close', async () => {
    const { value, asOf } = await market().price(goog);
    expect(value).toMatchObject({ last: 750, change: 2, previousClose: 748 });
    expect(value?.changePct).toBeCloseTo(0.2674, 4);
    expect(value?.spreadBps).toBeCloseTo(2.6667, 4);
    expect(asOf).toBe(1_000);
  });

  it('follows a newer trade of the stream, and stretches the day range with it', async () => {
    const { value, asOf } = await market({ tape: trade(755, 2_000) }).price(goog);
    expect(value).toMatchObject({ last: 755, change: 7, day: { high: 755, low: 749 } });
    expect(asOf).toBe(2_000);
  });

  it('ignores a trade of the stream that is older than the snapshot', async () => {
    const { value } = await market({ tape: trade(700, 500) }).price(goog);
    expect(value?.last).toBe(750);
  });

  it('is the last known good only until the stream that delivers knows a later one', async () => {
    expect((await market({ stale: true }).price(goog)).stale).toBe(true);
    expect((await market({ stale: true, tape: trade(755, 2_000) }).price(goog)).stale).toBeUndefined();
    expect((await market({ stale: true, tape: trade(755, 2_000), isDeaf: true }).price(goog)).stale).toBe(true);
  });

  it('shows no spread when the quote is crossed', async () => {
    const quote = { symbol: 'GOOG', bid: 751, ask: 750, bidSize: 1, askSize: 1, eventAt: 2_000, receivedAt: 2_000 };
    const { value } = await market({ tape: { quote } }).price(goog);
    expect(value?.spreadBps).toBeUndefined();
    expect(value?.bid).toBeUndefined();
  });

  it("is unknown before the day's first trade: yesterday's close is no price of today", async () => {
    const row = { ticker: 'GOOG', prevDay: { o: 746, h: 752, l: 745, c: 748, v: 1_500_000, vw: 748 }, updated: 0 };
    const now = Date.parse('2026-03-04T13:50:00Z');
    const quiet = toStockSnapshot(row, now);
    expect(quiet.previousDay?.close).toBe(748);
    expect(quiet.updatedAt).toBe(Date.parse('2026-03-04T05:00:00Z'));
    const { value, asOf } = await market({ one: quiet }).price(goog);
    expect(value).toBeUndefined();
    expect(asOf).toBeLessThan(now);
  });

  it('says in one sentence that the data plan has no such data', async () => {
    const stocks = () => Promise.reject(new MassiveError('plan_limit', 'stock_snapshot', 'not entitled'));
    await expect(market({ stocks }).price(goog)).rejects.toSatisfy(
      (err) => err instanceof AppError && err.code === 'unavailable' && err.message.includes('data plan'),
    );
  });
});

describe('the level of an index', () => {
  it('has a change but neither quote nor volume', async () => {
    const { value } = await market().price(spx);
    expect(value).toMatchObject({ last: 2_060, change: 20, previousClose: 2_040 });
    expect(value?.bid).toBeUndefined();
    expect(value?.day?.volume).toBeUndefined();
  });
});

describe('the prices of a list', () => {
  it('are as old as the newest of them', async () => {
    const { value, asOf } = await market({ all: [snapshot, { ...snapshot, symbol: 'IBM', updatedAt: 900 }] }).prices([
      'GOOG',
      'IBM',
    ]);
    expect([...value.keys()]).toEqual(['GOOG', 'IBM']);
    expect(asOf).toBe(1_000);
  });

  it('are as old as the answer when no symbol of it is known', async () => {
    expect(await market({ all: [] }).prices(['GONE'])).toEqual({ value: new Map(), asOf: 1_000, delayed: false });
  });
});

describe('a usual day', () => {
  it('is unknown until the year has been read', () => {
    expect(market().volumeRatio('GOOG', 100)).toBeUndefined();
    expect(market({ usual: 50 }).volumeRatio('GOOG', 100)).toBe(2);
  });
});
