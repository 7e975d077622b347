import { describe, expect, it } from 'vitest';
import { PRICE_UNIT } from '../../../src/sandbox/massive/fixture.ts';
import { type MinutePath, OPEN_MINUTE, type UnitBar } from '../../../src/sandbox/massive/minute-path.ts';
import { createPaths } from '../../../src/sandbox/massive/paths.ts';
import { priceAtSecond } from '../../../src/sandbox/massive/second-path.ts';
import { replay } from './held-market.ts';

const SCENARIOS = ['2015-12-23', '2013-10-08', '2014-06-06'];

/** The regular session of a path as one bar, and how many minutes contradict themselves. */
function summed(path: MinutePath, minutes: number): UnitBar & { volume: number; broken: number } {
  const bar = { open: 0, high: 0, low: Number.POSITIVE_INFINITY, close: 0, volume: 0, broken: 0 };
  for (let minute = OPEN_MINUTE; minute < OPEN_MINUTE + minutes; minute += 1) {
    const [open = 0, high = 0, low = 0, close = 0] = [path.open, path.high, path.low, path.close].map(
      (column) => column[minute],
    );
    if (close === 0) continue;
    if (bar.open === 0) bar.open = open;
    bar.high = Math.max(bar.high, high);
    bar.low = Math.min(bar.low, low);
    bar.close = close;
    bar.volume += path.volume[minute] ?? 0;
    if (high < Math.max(open, close) || low > Math.min(open, close)) bar.broken += 1;
  }
  return bar;
}

describe('intraday paths', () => {
  it.each(SCENARIOS)('honour the day bar of every symbol on every replayed day of %s', (scenario) => {
    const market = replay(scenario);
    let checked = 0;
    const wrong: string[] = [];
    for (const symbol of market.symbols()) {
      for (const day of market.sessions) {
        const path = market.paths.of(symbol, day.on);
        const bar = market.history.bar(symbol, day.on);
        if (path === undefined || bar === undefined) {
          wrong.push(`${symbol} ${day.on} is missing`);
          continue;
        }
        const sum = summed(path, (day.closesAt - day.opensAt) / 60_000);
        const same = sum.open === bar.open && sum.high === bar.high && sum.low === bar.low && sum.close === bar.close;
        const volume = symbol.startsWith('I:') ? 0 : (bar.volume ?? 0);
        if (!same || sum.volume !== volume || sum.broken > 0) wrong.push(`${symbol} ${day.on}`);
        checked += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBe(market.symbols().length * market.sessions.length);
  });

  it('of recorded minutes add up to the daily source: open, close and volume for SPY and BAC, a cent of reach', () => {
    const market = replay('2013-10-08');
    for (const symbol of ['SPY', 'BAC']) {
      for (const [on, source] of Object.entries(market.fixture.sourceDaily[symbol] ?? {})) {
        const bar = market.history.bar(symbol, on);
        const [open = 0, high = 0, low = 0, close = 0, volume] = source;
        expect([symbol, on, bar?.open, bar?.close, bar?.volume]).toEqual([
          symbol,
          on,
          units(open),
          units(close),
          volume,
        ]);
        expect(Math.abs((bar?.high ?? 0) - units(high))).toBeLessThanOrEqual(100);
        expect(Math.abs((bar?.low ?? 0) - units(low))).toBeLessThanOrEqual(100);
      }
    }
    expect(Object.keys(market.fixture.sourceDaily.SPY ?? {})).toHaveLength(5);
  });

  it('keep IBM within about two percent of its daily volume and GOOG on its daily open and close', () => {
    for (const [on, source] of Object.entries(replay('2013-10-08').fixture.sourceDaily.IBM ?? {})) {
      const volume = replay('2013-10-08').history.bar('IBM', on)?.volume ?? 0;
      expect(Math.abs(volume / (source[4] ?? 1) - 1)).toBeLessThan(0.021);
    }
    for (const [on, source] of Object.entries(replay('2015-12-23').fixture.sourceDaily.GOOG ?? {})) {
      const bar = replay('2015-12-23').history.bar('GOOG', on);
      expect([bar?.open, bar?.close]).toEqual([units(source[0] ?? 0), units(source[3] ?? 0)]);
    }
  });

  it('are the same in a second process', () => {
    const market = replay('2015-12-23');
    const again = createPaths(market.fixture, market.history, market.calendar);
    for (const symbol of ['AAPL', 'SPY', 'I:VIX', 'XOM']) {
      expect(again.of(symbol, '2015-12-24')).toEqual(market.paths.of(symbol, '2015-12-24'));
    }
  });

  it('say which are made up: GOOG is recorded, its neighbours and every index are not', () => {
    const { paths } = replay('2015-12-23');
    expect(paths.synthesised('GOOG')).toBe(false);
    expect(paths.synthesised('GOOG', '2015-12-22')).toBe(true);
    expect(['AAPL', 'SPY', 'I:SPX', 'I:VIX'].map((symbol) => paths.synthesised(symbol))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['SPY', 'BAC', 'IBM', 'I:SPX'].map((symbol) => replay('2013-10-08').paths.synthesised(symbol))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('move together: most names follow the market minute by minute, and volatility runs against it', () => {
    const market = replay('2015-12-23');
    const steps = (symbol: string): number[] => {
      const path = market.paths.of(symbol, '2015-12-23');
      return Array.from({ length: 389 }, (_, index) => {
        const minute = OPEN_MINUTE + index + 1;
        return Math.log((path?.close[minute] ?? 1) / (path?.close[minute - 1] ?? 1));
      });
    };
    const spy = steps('SPY');
    const names = market.symbols().filter((symbol) => !symbol.startsWith('I:') && symbol !== 'GOOG');
    const alike = names.map((symbol) => correlation(spy, steps(symbol)));
    expect(alike.filter((value) => value > 0.2).length / names.length).toBeGreaterThan(0.9);
    expect(correlation(spy, steps('I:VIX'))).toBeLessThan(-0.5);
    expect(correlation(spy, steps('I:SPX'))).toBeGreaterThan(0.99);
  });

  it('are as restless as recorded ones: a minute moves about a fortieth of the day, and days do not lie flat at their extremes', () => {
    const market = replay('2015-12-23');
    const looked = market.symbols().flatMap((symbol) => {
      const path = market.paths.of(symbol, '2015-12-23');
      const bar = market.history.bar(symbol, '2015-12-23');
      if (symbol.startsWith('I:') || path === undefined || bar === undefined) return [];
      const closes = [...path.close.slice(OPEN_MINUTE, OPEN_MINUTE + 390)].filter((close) => close !== 0);
      const walked = closes.reduce((sum, close, index) => sum + Math.abs(close - (closes[index - 1] ?? close)), 0);
      const atExtreme = closes.filter((close) => close === bar.high || close === bar.low).length;
      return [{ step: walked / closes.length / (bar.high - bar.low), stuck: atExtreme / closes.length }];
    });
    const steps = looked.map((one) => one.step).sort((a, b) => a - b);
    expect(steps[Math.floor(steps.length / 2)]).toBeGreaterThan(0.017);
    expect(steps[Math.floor(steps.length / 2)]).toBeLessThan(0.035);
    expect(looked.filter((one) => one.stuck > 0.1).length / looked.length).toBeLessThan(0.05);
  });

  it('trade most at the open and the close and least around noon', () => {
    const path = replay('2015-12-23').paths.of('XOM', '2015-12-23');
    const half = (from: number): number =>
      path?.volume.slice(OPEN_MINUTE + from, OPEN_MINUTE + from + 30).reduce((a, b) => a + b, 0) ?? 0;
    expect(half(0)).toBeGreaterThan(half(180));
    expect(half(360)).toBeGreaterThan(half(180));
  });

  it("pass through every minute's open, high, low and close second by second", () => {
    const path = replay('2015-12-23').paths.of('AAPL', '2015-12-23');
    if (path === undefined) throw new Error('AAPL has no path');
    for (let minute = OPEN_MINUTE; minute < OPEN_MINUTE + 390; minute += 1) {
      const prices = Array.from({ length: 60 }, (_, second) => priceAtSecond(path, minute, second));
      expect([prices[0], Math.max(...prices), Math.min(...prices), prices[59]]).toEqual([
        path.open[minute],
        path.high[minute],
        path.low[minute],
        path.close[minute],
      ]);
    }
  });
});

function units(price: number): number {
  return Math.round(price * PRICE_UNIT);
}

function correlation(left: readonly number[], right: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [a, b] = [mean(left), mean(right)];
  let [both, one, other] = [0, 0, 0];
  for (const [index, value] of left.entries()) {
    const x = value - a;
    const y = (right[index] ?? 0) - b;
    both += x * y;
    one += x * x;
    other += y * y;
  }
  return both / Math.sqrt(one * other);
}
