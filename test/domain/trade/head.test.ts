import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, advanceAll } from '../../../src/domain/trade/advance.ts';
import { headOf, tradeHeadSchema } from '../../../src/domain/trade/head.ts';
import type { Trade, TradeEvent } from '../../../src/domain/trade.ts';
import { openTrade } from '../../../src/domain/trade.ts';
import { armed, at, FILLED, follow, shortPlan, taken } from './table.ts';

const tick = (price: number, time: string, ms = 0): TradeEvent => ({
  kind: 'tick',
  tick: { symbol: 'TEST', price, eventAt: at(time) + ms },
});

describe('the head of a trade', () => {
  test('waits for the trigger and says how far it is', () => {
    expect(headOf(armed(), 99.7)).toEqual({
      state: 'armed',
      suspended: false,
      lastPrice: 99.7,
      remainingShares: 0,
      realisedR: 0,
      openR: 0,
      next: { name: 'trigger', price: 100, distance: 0.3, distanceR: 0.3 },
      stop: { name: 'stop', price: 99, distance: 0.7, distanceR: 0.7 },
    });
  });

  test('says how far the market must come back once it ran past the limit', () => {
    expect(headOf(armed(), 100.5).next).toEqual({ name: 'limit', price: 100.2, distance: 0.3, distanceR: 0.3 });
  });

  test('adds what the rest would bring', () => {
    const scaled = follow(armed(), [FILLED, ['10:31', 100.4, 101.1, 100.3, 101]]).trade;
    expect(headOf(scaled, 101.5)).toMatchObject({
      state: 'scaled',
      fillPrice: 100,
      remainingShares: 40,
      realisedR: 0.5,
      openR: 0.75,
      next: { name: 'T2', price: 102, distance: 0.5 },
      stop: { price: 100, distance: 1.5 },
    });
  });

  test('of a short counts the other way', () => {
    expect(headOf(openTrade(shortPlan, taken), 100.3)).toMatchObject({
      next: { name: 'trigger', price: 100, distance: 0.3 },
      stop: { price: 101, distance: 0.7 },
    });
  });

  test('has no levels after the end, and is what its schema says', () => {
    const { trade } = follow(armed(), [FILLED, ['10:31', 100, 100, 98.9, 99]]);
    const head = headOf(trade, 99);
    expect(head).toMatchObject({ state: 'closed', closedAs: 'stopped', realisedR: -1, openR: 0 });
    expect(head.next ?? head.stop).toBeUndefined();
    expect(tradeHeadSchema.parse(head)).toEqual(head);
  });
});

describe('prints of the open minute', () => {
  const open = follow(armed(), [FILLED]).trade;
  const seen = (trade: Trade, events: readonly TradeEvent[]) => headOf(advanceAll(trade, events).trade, 100).sighted;

  test('sight a level when two agree, and never move the trade', () => {
    expect(seen(open, [tick(98.9, '10:31', 5)])).toBeUndefined();
    expect(seen(open, [tick(98.9, '10:31', 5), tick(98.9, '10:31', 5)])).toBeUndefined();
    expect(seen(open, [tick(98.9, '10:31', 5), tick(98.8, '10:31', 9)])).toBe('stop');
    expect(seen(open, [tick(101, '10:31', 5), tick(101.1, '10:31', 9)])).toBe('T1');
    expect(seen(armed(), [tick(100, '10:31', 5), tick(100.1, '10:31', 9)])).toBe('trigger');
    expect(advanceAll(open, [tick(90, '10:31', 1), tick(90, '10:31', 2)]).steps).toEqual([]);
  });

  test('are forgotten with their minute', () => {
    const sighted = advanceAll(open, [tick(98.9, '10:31', 5), tick(98.8, '10:31', 9)]).trade;
    expect(headOf(follow(sighted, [['10:31', 100.4, 100.5, 99.5, 100]]).trade, 100).sighted).toBeUndefined();
    expect(seen(sighted, [tick(98.9, '10:32', 5)])).toBeUndefined();
    expect(advance(open, tick(98.9, '10:29', 5)).trade).toBe(open);
    expect(advance(open, tick(98.9, '17:00', 5)).trade).toBe(open);
  });

  test('say the same in any order and any number', () => {
    const print = fc.record({ price: fc.integer({ min: 980, max: 1_020 }), ms: fc.integer({ min: 0, max: 59_999 }) });
    fc.assert(
      fc.property(fc.array(print, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (prints, order) => {
        const events = prints.map(({ price, ms }) => tick(price / 10, '10:31', ms));
        const shuffled = [...events, ...events]
          .map((event) => ({ event, by: order.next().value ?? 0 }))
          .sort((a, b) => a.by - b.by)
          .map(({ event }) => event);
        expect(advanceAll(open, shuffled)).toEqual(advanceAll(open, events));
      }),
      { numRuns: 500 },
    );
  });
});
