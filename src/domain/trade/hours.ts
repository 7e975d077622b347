import { createCalendar, phaseAt, sessionDateOf } from '../session.ts';

const calendar = createCalendar();

/** Trades live in regular hours: extended hours are too thin to stop anybody out. */
export function inRegularHours(at: number): boolean {
  const day = calendar.day(sessionDateOf(at));
  return day !== undefined && at >= day.opensAt && at < day.closesAt;
}

/** The close of the session that an instant belongs to, the next session's after it. Trades of five-minute setups end there. */
export function sessionCloseAt(at: number): number {
  return phaseAt(calendar, at).nextDay.closesAt;
}
