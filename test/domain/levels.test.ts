import { describe, expect, test } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import type { Level } from '../../src/domain/levels.ts';
import { keyLevels, levelPrice, levelSchema } from '../../src/domain/levels.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { frozen } from './detectors/contract.ts';
import { calendar, recording, recordings } from './market-data.ts';

const MINUTE_MS = 60_000;
const spy = recording('SPY', '2013');
const day = calendar.day('2013-10-08');
if (!day) throw new Error('8 October 2013 is a session');

const levelsAt = (time: string, more: Partial<Parameters<typeof keyLevels>[0]> = {}): Level[] =>
  keyLevels({ daily: spy.daily, minutes: spy.minutes, day, asOf: atNewYork(day.on, time), ...more });

const names = (levels: readonly Level[]): string => levels.map((level) => level.name).join(' ');

describe('SPY on 8 October 2013', () => {
  test('begins with the day before and its pivots', () => {
    const levels = levelsAt('03:00');
    expect(names(levels)).toBe('PDH PDL PDC P R1 R2 S1 S2');
    // the daily file's row of 7 October
    expect(levels.slice(0, 3).map((level) => level.price)).toEqual([168.45, 167.25, 167.42]);
  });

  test('adds the pre-market as it trades, the opening range after 15 minutes, VWAP from the open', () => {
    expect(names(levelsAt('09:29'))).toBe('PDH PDL PDC PMH PML P R1 R2 S1 S2');
    expect(names(levelsAt('09:31'))).toBe('PDH PDL PDC PMH PML VWAP P R1 R2 S1 S2');
    expect(names(levelsAt('09:44'))).not.toContain('OR');
    expect(names(levelsAt('09:45'))).toBe('PDH PDL PDC PMH PML ORH ORL VWAP P R1 R2 S1 S2');
    expect(names(levelsAt('09:35', { openingRangeMinutes: 5 }))).toContain('ORH ORL');
  });

  test('has the opening range of its first 15 minutes for the rest of the day', () => {
    const first = spy.minutes.filter((bar) => bar.openAt >= day.opensAt && bar.openAt < day.opensAt + 15 * MINUTE_MS);
    expect(first).toHaveLength(15);
    for (const time of ['09:45', '12:00', '20:00']) {
      expect(levelPrice(levelsAt(time), 'openingRangeHigh')).toBe(Math.max(...first.map((bar) => bar.high)));
      expect(levelPrice(levelsAt(time), 'openingRangeLow')).toBe(Math.min(...first.map((bar) => bar.low)));
    }
  });

  test('has a VWAP that weighs the session by volume', () => {
    const regular = spy.minutes.filter((bar) => bar.openAt >= day.opensAt && bar.openAt < day.closesAt);
    const volume = regular.reduce((sum, bar) => sum + (bar.volume ?? 0), 0);
    const dollars = regular.reduce((sum, bar) => sum + ((bar.high + bar.low + bar.close) / 3) * (bar.volume ?? 0), 0);
    expect(levelPrice(levelsAt('20:00'), 'vwap')).toBeCloseTo(dollars / volume, 2);
  });
});

test('levels know nothing of the future, whatever is loaded', () => {
  let asked = 0;
  for (const { days, minutes, daily } of recordings().map(frozen)) {
    for (const session of days) {
      for (let asOf = session.opensAt - 90 * MINUTE_MS; asOf <= session.closesAt; asOf += 37 * MINUTE_MS) {
        const all = keyLevels({ daily, minutes, day: session, asOf });
        const past = {
          daily: daily.filter((bar) => bar.openAt < atNewYork(session.on, '00:00')),
          minutes: minutes.filter(
            (bar) => bar.openAt + MINUTE_MS <= asOf && bar.openAt >= atNewYork(session.on, '04:00'),
          ),
        };
        expect(all).toEqual(keyLevels({ ...past, day: session, asOf }));
        asked += 1;
      }
    }
  }
  expect(asked).toBeGreaterThan(200);
});

test('a minute that holds prices from both sides of a split makes no level', () => {
  const apple = recording('AAPL', '2014');
  const split = calendar.day('2014-06-09');
  if (!split) throw new Error('9 June 2014 is a session');
  const first = apple.minutes.find((bar) => bar.openAt >= atNewYork(split.on, '04:00'));
  expect([first?.high, first?.low]).toEqual([645.57, 92.23]);
  const levels = keyLevels({ daily: [], minutes: apple.minutes, day: split, asOf: split.opensAt });
  expect(levelPrice(levels, 'premarketHigh')).toBeLessThan(94);
});

test('a bad bar makes no level', () => {
  const [first] = spy.minutes.filter((bar) => bar.openAt >= day.opensAt);
  if (!first) throw new Error('SPY trades');
  const bad: Bar[] = [
    { ...first, high: 9_999, low: Number.NaN },
    { ...first, low: 0 },
  ];
  const clean = levelsAt('10:00');
  expect(levelsAt('10:00', { minutes: [...spy.minutes, ...bad] })).toEqual(clean);
  const last = spy.daily.filter((bar) => bar.openAt < day.opensAt).at(-1);
  const zeros = { ...last, openAt: day.opensAt - 12 * 3_600_000, open: 0, high: 0, low: 0, close: 0 } as Bar;
  expect(levelsAt('10:00', { daily: [...spy.daily.filter((bar) => bar.openAt < zeros.openAt), zeros] })).toEqual(clean);
});

test('without history there are no levels, without minutes only those of the day before', () => {
  expect(levelsAt('12:00', { daily: [], minutes: [] })).toEqual([]);
  expect(names(levelsAt('12:00', { minutes: [] }))).toBe('PDH PDL PDC P R1 R2 S1 S2');
});

test('an index without volume has no VWAP', () => {
  const minutes = spy.minutes.map(({ volume: _, ...bar }) => bar);
  expect(names(levelsAt('12:00', { minutes }))).not.toContain('VWAP');
});

test('prices are on the tick and fit the schema', () => {
  for (const level of levelsAt('12:00')) {
    expect(levelSchema.parse(level)).toEqual(level);
    expect(Math.abs(level.price * 100 - Math.round(level.price * 100))).toBeLessThan(1e-6);
  }
});
