import { ATR, EMA, RSI } from 'trading-signals';
import { describe, expect, test } from 'vitest';
import { atr, trueRange } from '../../../src/domain/indicators/atr.ts';
import { ema } from '../../../src/domain/indicators/ema.ts';
import { valuesOf } from '../../../src/domain/indicators/indicator.ts';
import { rsi } from '../../../src/domain/indicators/rsi.ts';
import { sma } from '../../../src/domain/indicators/sma.ts';
import { vwap } from '../../../src/domain/indicators/vwap.ts';
import { pivotsOf, rangeOf } from '../../../src/domain/levels.ts';
import { oracle, recording } from '../market-data.ts';

const bars = oracle('indicators/_input_bars').map((row) => ({
  symbol: 'SPY',
  timeframe: '1d' as const,
  openAt: Date.parse(row.date ?? ''),
  month: row.date?.slice(0, 7),
  open: Number(row.open),
  high: Number(row.high),
  low: Number(row.low),
  close: Number(row.close),
  volume: Number(row.volume),
}));
const closes = bars.map((bar) => bar.close);

const expected = (name: string, column = name): (number | undefined)[] =>
  oracle(`indicators/${name}`).map((row) => (row[column] ? Number(row[column]) : undefined));

/** Largest difference where both are defined; where one is and the other is not, infinite. */
function farthest(ours: readonly (number | undefined)[], theirs: readonly (number | undefined)[]): number {
  expect(ours).toHaveLength(theirs.length);
  let most = 0;
  for (const [index, value] of ours.entries()) {
    const other = theirs[index];
    if (value === undefined && other === undefined) continue;
    if (value === undefined || other === undefined) return Number.POSITIVE_INFINITY;
    most = Math.max(most, Math.abs(value - other));
  }
  return most;
}

describe('502 days of SPY read as the independent oracle reads them', () => {
  test.each([
    ['SMA 20', valuesOf(sma(20), closes), expected('sma'), 483],
    ['EMA 20', valuesOf(ema(20), closes), expected('ema'), 483],
    ['RSI 14', valuesOf(rsi(14), closes), expected('rsi'), 488],
    ['true range', valuesOf(trueRange(), bars), expected('tr'), 501],
    ['ATR 14', valuesOf(atr(14), bars), expected('atr'), 488],
    ['VWAP', valuesOf(vwap(), bars), expected('vwap'), 502],
    ['EMA 12 inside MACD', valuesOf(ema(12), closes), expected('macd', 'fastEma'), 491],
    ['EMA 26 inside MACD', valuesOf(ema(26), closes), expected('macd', 'slowEma'), 477],
  ])('%s', (_, ours, theirs, defined) => {
    expect(ours.filter((value) => value !== undefined)).toHaveLength(defined);
    expect(farthest(ours, theirs)).toBeLessThan(1e-9);
  });

  test('monthly pivots', () => {
    const rows = oracle('indicators/pivot-points');
    let compared = 0;
    for (const [index, row] of rows.entries()) {
      if (!row.pp) continue;
      const month = bars[index]?.month;
      const before = bars.findLast((bar) => (bar.month ?? '') < (month ?? ''))?.month;
      const window = bars.filter((bar) => bar.month === before);
      const range = rangeOf(window);
      const close = window.at(-1)?.close;
      if (!range || close === undefined) throw new Error('a month without bars');
      const ours = pivotsOf({ ...range, close });
      const theirs = [row.pp, row.r1, row.r2, row.s1, row.s2].map(Number);
      expect(
        farthest([ours.pivot, ours.resistance1, ours.resistance2, ours.support1, ours.support2], theirs),
      ).toBeLessThan(1e-9);
      compared += 1;
    }
    expect(compared).toBe(482);
  });
});

describe('real five-minute closes read as trading-signals reads them', () => {
  const { minutes } = recording('SPY', '2013');

  test('EMA 9 after its different seed has faded', () => {
    const theirs = new EMA(9);
    const ours = valuesOf(
      ema(9),
      minutes.map((bar) => bar.close),
    );
    const others = minutes.map((bar) => theirs.add(bar.close) ?? undefined);
    expect(farthest(ours.slice(200), others.slice(200))).toBeLessThan(1e-9);
  });

  test('RSI 14 and ATR 14 by Wilder', () => {
    const theirRsi = new RSI(14);
    const theirAtr = new ATR(14);
    const closesOf = minutes.map((bar) => bar.close);
    const rsis = closesOf.map((close) => theirRsi.add(close) ?? undefined);
    const atrs = minutes.map((bar) => theirAtr.add({ high: bar.high, low: bar.low, close: bar.close }) ?? undefined);
    expect(farthest(valuesOf(rsi(14), closesOf).slice(800), rsis.slice(800))).toBeLessThan(1e-9);
    expect(farthest(valuesOf(atr(14), minutes).slice(800), atrs.slice(800))).toBeLessThan(1e-9);
  });
});

describe('edges', () => {
  test('a market that never moved has an RSI of 50, one that only rose of 100', () => {
    expect(valuesOf(rsi(2), [5, 5, 5]).at(-1)).toBe(50);
    expect(valuesOf(rsi(2), [5, 6, 7]).at(-1)).toBe(100);
    expect(valuesOf(rsi(2), [7, 6, 5]).at(-1)).toBe(0);
  });

  test('VWAP is undefined until something trades, and prefers the bar’s own average', () => {
    const silent = { high: 2, low: 1, close: 1.5, volume: 0 };
    expect(valuesOf(vwap(), [silent, { ...silent, volume: 10, vwap: 1.25 }])).toEqual([undefined, 1.25]);
  });
});
