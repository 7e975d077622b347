import { holidaysOf } from './holidays.ts';
import type { Holiday } from './market.ts';

/** New York trading date, `YYYY-MM-DD`. */
export type SessionDate = string;

export type Phase = 'premarket' | 'regular' | 'aftermarket' | 'closed';

/** Regular hours of one trading day; pre-market starts 04:00 ET, after-market ends four hours after the close. */
export interface SessionDay {
  readonly on: SessionDate;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly earlyClose: boolean;
}

/** NYSE trading days from 1990 on; every `on` is a New York date. */
export interface Calendar {
  /** Undefined on weekends and holidays. */
  day(on: SessionDate): SessionDay | undefined;
  /** The first session after `on`. */
  next(on: SessionDate): SessionDay;
  /** The last session before `on`. */
  previous(on: SessionDate): SessionDay;
  /** Sessions from `from` to `to`, both included, oldest first. */
  sessionsBetween(from: SessionDate, to: SessionDate): readonly SessionDay[];
  /** The closure or early close that falls on `on`. */
  holiday(on: SessionDate): Holiday | undefined;
  /** The first closure or early close after `on`. */
  nextHoliday(on: SessionDate): Holiday;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const AFTERMARKET_MS = 4 * HOUR_MS;

const sundayOnOrAfter = (at: number): number => at + ((10 - (Math.floor(at / DAY_MS) % 7)) % 7) * DAY_MS;
const summers = new Map<number, readonly [number, number]>();

/** First and last instant of New York's daylight saving time: rules of 1987 and of 2007. */
function summerOf(year: number): readonly [number, number] {
  const known = summers.get(year);
  if (known) return known;
  const starts = sundayOnOrAfter(Date.UTC(year, year >= 2007 ? 2 : 3, year >= 2007 ? 8 : 1));
  const ends = sundayOnOrAfter(Date.UTC(year, year >= 2007 ? 10 : 9, year >= 2007 ? 1 : 25));
  const summer = [starts + 7 * HOUR_MS, ends + 6 * HOUR_MS] as const;
  summers.set(year, summer);
  return summer;
}

function offsetMs(at: number): number {
  const [from, to] = summerOf(new Date(at).getUTCFullYear());
  return at >= from && at < to ? -4 * HOUR_MS : -5 * HOUR_MS;
}

/** New York wall time of an instant; `weekday` 0 is Sunday. */
export function newYork(at: number): {
  readonly on: SessionDate;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
} {
  const wall = new Date(at + offsetMs(at));
  return {
    on: wall.toISOString().slice(0, 10),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    weekday: wall.getUTCDay(),
  };
}

/** New York wall time as `10:35`. */
export function wallClock(at: number): string {
  return new Date(at + offsetMs(at)).toISOString().slice(11, 16);
}

/** Instant of a New York wall time; the skipped hour of March reads as the hour after it, the doubled one as its first. */
export function atNewYork(on: SessionDate, time: string): number {
  const wall =
    /^\d{4}-\d{2}-\d{2}$/.test(on) && /^\d{2}:\d{2}$/.test(time) ? Date.parse(`${on}T${time}:00Z`) : Number.NaN;
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 10) !== on) {
    throw new RangeError(`"${on} ${time}" is not a date and time, needed YYYY-MM-DD and HH:MM`);
  }
  const summer = wall + 4 * HOUR_MS;
  return offsetMs(summer) === -4 * HOUR_MS ? summer : wall + 5 * HOUR_MS;
}

/** The New York date of an instant. */
export function sessionDateOf(at: number): SessionDate {
  return new Date(at + offsetMs(at)).toISOString().slice(0, 10);
}

const shift = (on: SessionDate, days: number): SessionDate =>
  new Date(Date.parse(`${on}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The NYSE calendar by rule, corrected where the provider knows better; a correction replaces the rule of its date. */
export function createCalendar(corrections: readonly Holiday[] = []): Calendar {
  const corrected = new Map(corrections.map((holiday) => [holiday.on, holiday]));
  const years = new Map<string, ReadonlyMap<SessionDate, Holiday>>();
  const days = new Map<SessionDate, SessionDay | undefined>();

  const yearOf = (on: SessionDate): ReadonlyMap<SessionDate, Holiday> => {
    const year = on.slice(0, 4);
    let holidays = years.get(year);
    if (!holidays) {
      holidays = new Map(
        holidaysOf(Number(year)).map(({ on: date, name, closesEarlyAt }) => [
          date,
          closesEarlyAt
            ? {
                on: date,
                name,
                kind: 'early-close',
                opensAt: atNewYork(date, '09:30'),
                closesAt: atNewYork(date, closesEarlyAt),
              }
            : { on: date, name, kind: 'closed' },
        ]),
      );
      years.set(year, holidays);
    }
    return holidays;
  };

  const holiday = (on: SessionDate): Holiday | undefined => corrected.get(on) ?? yearOf(on).get(on);

  const makeDay = (on: SessionDate): SessionDay | undefined => {
    const opensAt = atNewYork(on, '09:30');
    const weekday = new Date(`${on}T00:00Z`).getUTCDay();
    if (weekday === 0 || weekday === 6) return undefined;
    const special = holiday(on);
    if (!special) return { on, opensAt, closesAt: atNewYork(on, '16:00'), earlyClose: false };
    if (special.kind === 'closed') return undefined;
    return {
      on,
      opensAt: special.opensAt ?? opensAt,
      closesAt: special.closesAt ?? atNewYork(on, '13:00'),
      earlyClose: true,
    };
  };

  const day = (on: SessionDate): SessionDay | undefined => {
    if (days.has(on)) return days.get(on);
    const made = makeDay(on);
    days.set(on, made);
    return made;
  };

  const step = <T>(on: SessionDate, by: 1 | -1, find: (on: SessionDate) => T | undefined): T => {
    for (let date = shift(on, by); ; date = shift(date, by)) {
      const found = find(date);
      if (found !== undefined) return found;
    }
  };

  return {
    day,
    holiday,
    next: (on) => step(on, 1, day),
    previous: (on) => step(on, -1, day),
    nextHoliday: (on) => step(on, 1, holiday),
    sessionsBetween(from, to) {
      const sessions: SessionDay[] = [];
      for (let date = from; date <= to; date = shift(date, 1)) {
        const session = day(date);
        if (session) sessions.push(session);
      }
      return sessions;
    },
  };
}

const extended = new WeakMap<SessionDay, { readonly from: number; readonly to: number }>();

/** First instant of the pre-market and last of the after-market. */
export function extendedHours(day: SessionDay): { readonly from: number; readonly to: number } {
  const known = extended.get(day);
  if (known) return known;
  const hours = { from: atNewYork(day.on, '04:00'), to: day.closesAt + AFTERMARKET_MS };
  extended.set(day, hours);
  return hours;
}

export interface PhaseNow {
  readonly phase: Phase;
  /** Today's session, if today is a trading day. */
  readonly day?: SessionDay;
  readonly nextChangeAt: number;
  readonly nextPhase: Phase;
  /** The next session that has not closed; today's until its close. */
  readonly nextDay: SessionDay;
}

/** The market's phase at an instant; each boundary belongs to the phase that begins there. */
export function phaseAt(calendar: Calendar, at: number): PhaseNow {
  const on = sessionDateOf(at);
  const day = calendar.day(on);
  const upcoming = day && at < day.closesAt ? day : calendar.next(on);
  const today = day ? { day, nextDay: upcoming } : { nextDay: upcoming };
  if (day) {
    const { from, to } = extendedHours(day);
    if (at < from) return { ...today, phase: 'closed', nextPhase: 'premarket', nextChangeAt: from };
    if (at < day.opensAt) return { ...today, phase: 'premarket', nextPhase: 'regular', nextChangeAt: day.opensAt };
    if (at < day.closesAt) return { ...today, phase: 'regular', nextPhase: 'aftermarket', nextChangeAt: day.closesAt };
    if (at < to) return { ...today, phase: 'aftermarket', nextPhase: 'closed', nextChangeAt: to };
  }
  return { ...today, phase: 'closed', nextPhase: 'premarket', nextChangeAt: extendedHours(upcoming).from };
}
