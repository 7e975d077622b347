import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holidaysOf } from '../../src/domain/holidays.ts';
import { atNewYork, createCalendar, extendedHours, newYork, phaseAt, sessionDateOf } from '../../src/domain/session.ts';
import { oracle } from './market-data.ts';

const calendar = createCalendar();

describe('New York time', () => {
  const wall = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'America/New_York',
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });

  test('agrees with the time zone database for every hour of spring and autumn from 1990 to 2040', () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    let hours = 0;
    for (let year = 1990; year <= 2040; year += 1) {
      for (const month of [2, 3, 9, 10]) {
        for (let at = Date.UTC(year, month, 1); at < Date.UTC(year, month + 1, 1); at += 3_600_000) {
          const { on, hour, minute, second } = newYork(at);
          if (wall.format(at) !== `${on}, ${two(hour)}:${two(minute)}:${two(second)}`) throw new Error(wall.format(at));
          hours += 1;
        }
      }
    }
    expect(hours).toBe(149_328);
  }, 60_000);

  test('wall time and instant go both ways', () => {
    const minuteOf1990to2040 = fc.integer({ min: 10_519_200, max: 37_343_520 });
    fc.assert(
      fc.property(minuteOf1990to2040, (minutes) => {
        const at = minutes * 60_000;
        const { on, hour, minute } = newYork(at);
        const back = atNewYork(on, `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
        // the hour that autumn repeats reads as its first
        expect([at, at - 3_600_000]).toContain(back);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the hour that March skips reads as the one after it', () => {
    expect(new Date(atNewYork('2015-03-08', '02:30')).toISOString()).toBe('2015-03-08T07:30:00.000Z');
    expect(newYork(atNewYork('2015-03-08', '02:30'))).toMatchObject({ hour: 3, minute: 30 });
  });

  test('a date that does not exist is a surprise', () => {
    for (const on of ['2015-02-30', '2015-13-01', '15-01-01', ''])
      expect(() => atNewYork(on, '09:30')).toThrow(RangeError);
    expect(() => atNewYork('2015-01-02', '25:00')).toThrow(RangeError);
  });

  test('Sunday is weekday 0', () => {
    expect(newYork(atNewYork('2015-12-27', '12:00')).weekday).toBe(0);
  });
});

describe('trading days', () => {
  const official = oracle('calendar/xnys_sessions_2013_2022');

  test('agree with the exchange from 2013 to 2022, open and close to the minute', () => {
    const ours = calendar.sessionsBetween('2013-01-01', '2022-12-31');
    expect(ours.map((day) => [day.on, day.opensAt, day.closesAt, day.earlyClose])).toEqual(
      official.map((row) => [
        row.date,
        Date.parse(row.open_utc ?? ''),
        Date.parse(row.close_utc ?? ''),
        row.early_close === '1',
      ]),
    );
    expect(ours).toHaveLength(2_518);
  });

  test('are the days on which SPY traded from 1998 to March 2021', () => {
    const traded = oracle('calendar/spy_sessions_1998_2021');
    const ours = calendar.sessionsBetween('1998-01-01', '2021-03-31');
    expect(ours.map((day) => day.on)).toEqual(traded.map((row) => row.date));
    expect(ours).toHaveLength(5_849);
    const short = traded.filter((row) => (row.last_hour ?? '') < '15:00');
    expect(short).toHaveLength(43);
    for (const { date = '' } of short) expect(calendar.day(date)).toMatchObject({ on: date, earlyClose: true });
  });

  test.each([
    ['2025-01-09', 'Mourning for President Carter'],
    ['2001-09-12', 'September 11 attacks'],
    ['2012-10-30', 'Hurricane Sandy'],
    ['1994-04-27', 'Mourning for President Nixon'],
    ['2022-06-20', 'Juneteenth'],
    ['2024-03-29', 'Good Friday'],
    ['2021-12-24', 'Christmas Day'],
    ['2023-01-02', "New Year's Day"],
    ['2026-07-03', 'Independence Day'],
  ])('%s is closed: %s', (on, name) => {
    expect(calendar.day(on)).toBeUndefined();
    expect(calendar.holiday(on)).toEqual({ on, name, kind: 'closed' });
  });

  test.each(['2021-06-18', '2021-12-31', '1997-01-20', '2013-07-05', '1990-07-03'])('%s is a whole session', (on) => {
    expect(calendar.day(on)).toMatchObject({ earlyClose: false });
  });

  test.each([
    ['2015-12-24', '13:00'],
    ['2002-07-05', '13:00'],
    ['2025-07-03', '13:00'],
    ['2003-12-26', '13:00'],
    ['1992-11-27', '14:00'],
  ])('%s closes at %s', (on, time) => {
    expect(calendar.day(on)).toMatchObject({ earlyClose: true, closesAt: atNewYork(on, time) });
  });

  test('belong to their own year, in order, each date once', () => {
    for (let year = 1990; year <= 2040; year += 1) {
      const dates = holidaysOf(year).map((rule) => rule.on);
      expect(dates.every((on) => on.startsWith(String(year)))).toBe(true);
      expect(dates).toEqual([...new Set(dates)].sort());
    }
  });

  test('follow one another across weekends and holidays', () => {
    expect(calendar.next('2015-12-24').on).toBe('2015-12-28');
    expect(calendar.previous('2015-12-28').on).toBe('2015-12-24');
    expect(calendar.next('2001-09-10').on).toBe('2001-09-17');
    expect(calendar.nextHoliday('2015-12-23')).toMatchObject({ on: '2015-12-24', kind: 'early-close' });
    expect(calendar.nextHoliday('2015-12-25')).toMatchObject({ on: '2016-01-01', kind: 'closed' });
  });

  test('yield to what the provider knows better', () => {
    const on = '2026-03-04';
    const closed = createCalendar([{ on, name: 'Mourning', kind: 'closed' }]);
    expect(closed.day(on)).toBeUndefined();
    expect(closed.next('2026-03-03').on).toBe('2026-03-05');
    const closesAt = atNewYork(on, '12:00');
    const short = createCalendar([{ on, name: 'Half day', kind: 'early-close', closesAt }]);
    expect(short.day(on)).toMatchObject({ closesAt, earlyClose: true });
    expect(short.nextHoliday('2026-03-03').name).toBe('Half day');
  });
});

describe('phases', () => {
  const phasesOf = (on: string, times: readonly string[]) =>
    times.map((time) => phaseAt(calendar, atNewYork(on, time)).phase);

  test('change at 04:00, 09:30, 16:00 and 20:00', () => {
    expect(phasesOf('2015-12-23', ['03:59', '04:00', '09:29', '09:30', '15:59', '16:00', '19:59', '20:00'])).toEqual([
      'closed',
      'premarket',
      'premarket',
      'regular',
      'regular',
      'aftermarket',
      'aftermarket',
      'closed',
    ]);
  });

  test('end four hours after an early close', () => {
    expect(phasesOf('2015-12-24', ['12:59', '13:00', '16:59', '17:00'])).toEqual([
      'regular',
      'aftermarket',
      'aftermarket',
      'closed',
    ]);
  });

  test('the next session is today until its close', () => {
    const nextOf = (on: string, time: string) => phaseAt(calendar, atNewYork(on, time)).nextDay.on;
    expect(nextOf('2015-12-24', '12:59')).toBe('2015-12-24');
    expect(nextOf('2015-12-24', '13:00')).toBe('2015-12-28');
    expect(nextOf('2015-12-26', '13:00')).toBe('2015-12-28');
    expect(phaseAt(calendar, atNewYork('2015-12-25', '11:00')).day).toBeUndefined();
  });

  test('hold exactly until the change that they announce', () => {
    const instant = fc.integer({ min: Date.UTC(1990, 0, 2), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instant, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (at, part) => {
        const now = phaseAt(calendar, at);
        expect(now.nextChangeAt).toBeGreaterThan(at);
        const within = at + Math.floor((now.nextChangeAt - 1 - at) * part);
        expect(phaseAt(calendar, within)).toMatchObject({ phase: now.phase, nextChangeAt: now.nextChangeAt });
        expect(phaseAt(calendar, now.nextChangeAt - 1).phase).toBe(now.phase);
        expect(phaseAt(calendar, now.nextChangeAt).phase).toBe(now.nextPhase);
        expect(now.nextPhase).not.toBe(now.phase);
        expect(now.nextDay.closesAt).toBeGreaterThan(at);
      }),
      { numRuns: 3_000 },
    );
  });

  test('walk through a year in the order of a day', () => {
    const order = { closed: 'premarket', premarket: 'regular', regular: 'aftermarket', aftermarket: 'closed' };
    let at = Date.UTC(2015, 0, 1);
    let opens = 0;
    while (at < Date.UTC(2016, 0, 1)) {
      const { phase, nextPhase, nextChangeAt } = phaseAt(calendar, at);
      expect(nextPhase).toBe(order[phase]);
      if (nextPhase === 'regular') opens += 1;
      at = nextChangeAt;
    }
    expect(opens).toBe(252);
  });

  test('fall on one date of New York', () => {
    for (const day of calendar.sessionsBetween('2015-01-01', '2015-12-31')) {
      const { from, to } = extendedHours(day);
      expect([sessionDateOf(from), sessionDateOf(to - 1)]).toEqual([day.on, day.on]);
    }
  });
});
