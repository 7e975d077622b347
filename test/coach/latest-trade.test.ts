import { expect, it } from 'vitest';
import { latestTrade } from '../../src/coach/trade-sentences.ts';

const trade = (symbol: string, armedAt: number, more: object = {}) =>
  ({ trade: { tradeId: symbol, planId: symbol, symbol, direction: 'long', armedAt, ...more } }) as Parameters<
    typeof latestTrade
  >[0]['trades'][number];
const FILLED = { fill: { price: 10, at: 1 } };

it.each([
  ['the newest that was entered, not a newer one that never was', [trade('JPM', 1, FILLED), trade('GE', 2)], 'JPM'],
  [
    'what ended last, which counts like what began last',
    [trade('A', 1, { ...FILLED, closedAt: 9 }), trade('B', 5, FILLED)],
    'A',
  ],
  ['one that waits, where none was entered', [trade('GE', 2)], 'GE'],
])('how did my trade go speaks of %s', (_what, trades, expected) => {
  expect(latestTrade({ trades })?.symbol).toBe(expected);
});

it('speaks of the symbol that is named, entered or not', () => {
  expect(latestTrade({ trades: [trade('JPM', 1, FILLED), trade('GE', 2)] }, 'GE')?.symbol).toBe('GE');
});
