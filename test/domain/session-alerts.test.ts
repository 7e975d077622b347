import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertIdOf } from '../../src/domain/alert.ts';
import { atNewYork, createCalendar } from '../../src/domain/session.ts';
import { nextSessionAlert, sessionAlertsBetween } from '../../src/domain/session-alerts.ts';

const calendar = createCalendar();
const told = (from: string, to: string) =>
  sessionAlertsBetween(calendar, atNewYork(from, '00:00'), atNewYork(to, '00:00')).map(
    (alert) => `${alert.on} ${alert.transition}`,
  );

describe('session alerts', () => {
  it('tell of pre-market, open and close on an ordinary day', () => {
    expect(told('2015-12-23', '2015-12-24')).toEqual(['2015-12-23 premarket', '2015-12-23 open', '2015-12-23 close']);
  });

  it('warn of the early close on Christmas Eve and of the holiday after it', () => {
    expect(told('2015-12-24', '2015-12-28')).toEqual([
      '2015-12-24 premarket',
      '2015-12-24 open',
      '2015-12-24 early_close_soon',
      '2015-12-24 close',
      '2015-12-24 holiday_ahead',
    ]);
    const soon = sessionAlertsBetween(calendar, atNewYork('2015-12-24', '12:00'), atNewYork('2015-12-24', '12:45'));
    expect(soon.map((alert) => alert.at)).toEqual([atNewYork('2015-12-24', '12:30')]);
  });

  it('announce every weekday that the exchange stays shut at the close of the last session before it', () => {
    const year = sessionAlertsBetween(calendar, atNewYork('2026-01-01', '00:00'), atNewYork('2026-12-31', '23:59'));
    expect(
      year.flatMap((alert) => (alert.holiday ? [`${alert.on}: ${alert.holiday.on} ${alert.holiday.name}`] : [])),
    ).toEqual([
      '2026-01-16: 2026-01-19 Martin Luther King Jr. Day',
      "2026-02-13: 2026-02-16 Washington's Birthday",
      '2026-04-02: 2026-04-03 Good Friday',
      '2026-05-22: 2026-05-25 Memorial Day',
      '2026-06-18: 2026-06-19 Juneteenth',
      '2026-07-02: 2026-07-03 Independence Day',
      '2026-09-04: 2026-09-07 Labor Day',
      '2026-11-25: 2026-11-26 Thanksgiving Day',
      '2026-12-24: 2026-12-25 Christmas Day',
      "2026-12-31: 2027-01-01 New Year's Day",
    ]);
  });

  it('announce a closure of several days once, by its first day', () => {
    expect(told('2001-09-10', '2001-09-17').filter((line) => line.includes('holiday'))).toEqual([
      '2001-09-10 holiday_ahead',
    ]);
  });

  it('say after the close when the next session opens, over the weekend', () => {
    const [close] = sessionAlertsBetween(calendar, atNewYork('2015-12-18', '15:00'), atNewYork('2015-12-18', '17:00'));
    expect(close).toMatchObject({ transition: 'close', on: '2015-12-18', opensAt: atNewYork('2015-12-21', '09:30') });
  });

  it('stay silent from Friday evening to Monday morning', () => {
    expect(told('2015-12-19', '2015-12-21')).toEqual([]);
  });

  it('come one by one as they come in one sweep, each with an id of its own', () => {
    const from = atNewYork('2015-12-01', '00:00');
    const to = atNewYork('2016-02-01', '00:00');
    const sweep = sessionAlertsBetween(calendar, from, to);
    expect(new Set(sweep.map(alertIdOf)).size).toBe(sweep.length);
    let at = from;
    for (const expected of sweep) {
      const next = nextSessionAlert(calendar, at);
      expect(next).toEqual(expected);
      at = expected.at;
    }
  });

  it('lose and repeat none however the time is cut', () => {
    const from = atNewYork('2015-11-20', '00:00');
    const to = atNewYork('2016-01-20', '00:00');
    const whole = sessionAlertsBetween(calendar, from, to).map(alertIdOf);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: from, max: to }), { maxLength: 20 }), (cuts) => {
        const edges = [from, ...cuts.sort((a, b) => a - b), to];
        const pieces = edges.slice(1).flatMap((end, i) => sessionAlertsBetween(calendar, edges[i] ?? from, end));
        expect(pieces.map(alertIdOf)).toEqual(whole);
      }),
    );
  });
});
