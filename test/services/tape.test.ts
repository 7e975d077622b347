import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketEvent } from '../../src/domain/bar.ts';
import { createTape } from '../../src/services/tape.ts';

const trade = (eventAt: number, price: number): MarketEvent => ({
  kind: 'trade',
  trade: { symbol: 'SPY', price, size: 100, conditions: [], exchange: 1, eventAt, receivedAt: eventAt + 5 },
});
const minute = (openAt: number, close: number): MarketEvent => ({
  kind: 'bar',
  bar: { symbol: 'SPY', timeframe: '1m', openAt, open: close, high: close, low: close, close },
  receivedAt: openAt + 60_000,
});

describe('the tape', () => {
  it('knows nothing of a symbol that never traded', () => {
    expect(createTape().last('SPY')).toBeUndefined();
    expect(createTape().lastEventAt()).toBeUndefined();
  });

  it('keeps the newest trade whatever order the trades arrive in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 1 }), (order) => {
        const tape = createTape();
        for (const at of order) tape.apply([trade(at * 1000, 100 + at)]);
        expect(tape.last('SPY')?.trade?.price).toBe(100 + Math.max(...order));
        expect(tape.lastEventAt()).toBe(Math.max(...order) * 1000);
      }),
    );
  });

  it('leaves a trade off the market out of the last price, and counts it', () => {
    const slot = { count: 0 };
    const tape = createTape({ hot: () => ({ inc() {}, slot: () => slot }) });
    tape.apply([trade(1_000, 100)]);
    const odd: MarketEvent = trade(2_000, 86);
    if (odd.kind === 'trade') tape.apply([{ kind: 'trade', trade: { ...odd.trade, offMarket: true } }]);
    expect(tape.last('SPY')?.trade?.price).toBe(100);
    expect(tape.lastEventAt()).toBe(2_000);
    expect(slot.count).toBe(1);
  });

  it('hands every closed minute on, the back-filled one too, and keeps the latest as the last', () => {
    const tape = createTape();
    expect(tape.apply([minute(120_000, 11), trade(1, 9)]).map((bar) => bar.openAt)).toEqual([120_000]);
    expect(tape.apply([minute(60_000, 10)]).map((bar) => bar.openAt)).toEqual([60_000]);
    expect(tape.last('SPY')?.bar?.openAt).toBe(120_000);
  });
});
