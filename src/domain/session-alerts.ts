import type { SessionAlert } from './alert.ts';
import type { Holiday } from './market.ts';
import type { Calendar, SessionDay } from './session.ts';
import { atNewYork, sessionDateOf } from './session.ts';

const EARLY_CLOSE_NOTICE_MS = 30 * 60_000;
const DAY_MS = 86_400_000;

/** Every change of the market's day after `from` and up to `to` (epoch ms), in order of time. */
export function sessionAlertsBetween(calendar: Calendar, from: number, to: number): readonly SessionAlert[] {
  const alerts: SessionAlert[] = [];
  let day: SessionDay | undefined = calendar.day(sessionDateOf(from)) ?? calendar.next(sessionDateOf(from));
  while (day && atNewYork(day.on, '04:00') <= to) {
    alerts.push(...alertsOf(calendar, day));
    day = calendar.next(day.on);
  }
  return alerts.filter((alert) => alert.at > from && alert.at <= to).sort((a, b) => a.at - b.at);
}

/** The first change after `from`. */
export function nextSessionAlert(calendar: Calendar, from: number): SessionAlert | undefined {
  // the longest stretch without a session since 1990 was six days (September 2001)
  return sessionAlertsBetween(calendar, from, from + 10 * DAY_MS)[0];
}

function alertsOf(calendar: Calendar, day: SessionDay): SessionAlert[] {
  const about = ({ on, opensAt, closesAt, earlyClose }: SessionDay) => ({ on, opensAt, closesAt, earlyClose });
  const next = calendar.next(day.on);
  const holiday = closureBefore(calendar, day, next);
  const alerts: SessionAlert[] = [
    { kind: 'session', transition: 'premarket', at: atNewYork(day.on, '04:00'), ...about(day) },
    { kind: 'session', transition: 'open', at: day.opensAt, ...about(day) },
    { kind: 'session', transition: 'close', at: day.closesAt, ...about(next), on: day.on },
  ];
  if (day.earlyClose) {
    alerts.push({
      kind: 'session',
      transition: 'early_close_soon',
      at: day.closesAt - EARLY_CLOSE_NOTICE_MS,
      ...about(day),
    });
  }
  if (holiday) {
    // a second after the close, so that the two read in this order
    alerts.push({
      kind: 'session',
      transition: 'holiday_ahead',
      at: day.closesAt + 1_000,
      ...about(next),
      on: day.on,
      holiday: { on: holiday.on, name: holiday.name },
    });
  }
  return alerts;
}

/** The first holiday without trading between two sessions that follow each other. */
function closureBefore(calendar: Calendar, day: SessionDay, next: SessionDay): Holiday | undefined {
  let holiday = calendar.nextHoliday(day.on);
  // an early close that a provider reports for a weekend is none
  while (holiday.on < next.on && holiday.kind !== 'closed') holiday = calendar.nextHoliday(holiday.on);
  return holiday.on < next.on ? holiday : undefined;
}
