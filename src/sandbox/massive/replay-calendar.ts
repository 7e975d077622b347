import type { SessionDay } from '../../domain/session.ts';
import type { SessionFixture } from './fixture.ts';
import { addDays, newYorkDate, newYorkMidnight } from './new-york-time.ts';

const HOUR_MS = 3_600_000;
/** 03:30 New York time. */
const CLEARED_BEFORE_OPEN_MS = 6 * HOUR_MS;

/** Trading days known to a replay, earlier and later ones included. */
export interface ReplayCalendar {
  /** Oldest first. */
  readonly days: readonly string[];
  isOpen(on: string): boolean;
  /** Regular hours of a trading day. */
  hours(on: string): SessionDay;
  before(on: string): string | undefined;
  /** The trading day whose numbers are on the screen: they are cleared at 03:30 New York time of the next one. */
  screenDay(now: number): string | undefined;
  /** Days from one date through another. */
  between(from: string, to: string): readonly string[];
}

export function createReplayCalendar(fixture: Pick<SessionFixture, 'calendar' | 'days'>): ReplayCalendar {
  const days = [...new Set([...fixture.days, ...fixture.calendar.on])].sort();
  const known = new Set(days);
  const early = new Set(fixture.calendar.earlyClose);
  const firstFrom = (on: string): number => {
    let low = 0;
    let high = days.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((days[middle] ?? '') < on) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const hours = new Map<string, SessionDay>();
  const hoursOf = (on: string): SessionDay => {
    const found = hours.get(on) ?? regularHours(on, early.has(on));
    hours.set(on, found);
    return found;
  };
  const clearedAt = (index: number): number => {
    const on = days[index];
    if (on !== undefined) return hoursOf(on).opensAt - CLEARED_BEFORE_OPEN_MS;
    return index < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  };
  let screen: { on: string | undefined; from: number; until: number } = { on: undefined, from: 0, until: 0 };
  return {
    days,
    isOpen: (on) => known.has(on),
    hours: hoursOf,
    before: (on) => days[firstFrom(on) - 1],
    screenDay(now) {
      if (now >= screen.from && now < screen.until) return screen.on;
      let index = firstFrom(addDays(newYorkDate(now), 1)) - 1;
      while (index >= 0 && clearedAt(index) > now) index -= 1;
      screen = { on: days[index], from: clearedAt(index), until: clearedAt(index + 1) };
      return screen.on;
    },
    between(from, to) {
      const start = firstFrom(from);
      const end = firstFrom(to);
      return days.slice(start, known.has(to) ? end + 1 : end);
    },
  };
}

function regularHours(on: string, earlyClose: boolean): SessionDay {
  const midnight = newYorkMidnight(on);
  return { on, opensAt: midnight + 9.5 * HOUR_MS, closesAt: midnight + (earlyClose ? 13 : 16) * HOUR_MS, earlyClose };
}
