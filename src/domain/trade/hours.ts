import type { SessionDay } from '../session.ts';
import { createCalendar, sessionDateOf } from '../session.ts';

const calendar = createCalendar();

// minutes come by the hundred of one session: the last answer is mostly the next
let lately: SessionDay | undefined;

/** The session that an instant belongs to: its own day's until the close, then the next. */
function sessionAt(at: number): SessionDay {
  if (lately && at >= lately.opensAt && at < lately.closesAt) return lately;
  const on = sessionDateOf(at);
  const day = calendar.day(on);
  lately = day && at < day.closesAt ? day : calendar.next(on);
  return lately;
}

/** Trades live in regular hours: extended hours are too thin to stop anybody out. */
export function inRegularHours(at: number): boolean {
  return at >= sessionAt(at).opensAt;
}

/** The close of the session that an instant belongs to. Trades of five-minute setups end there. */
export function sessionCloseAt(at: number): number {
  return sessionAt(at).closesAt;
}

const NIGHT_MS = 12 * 3_600_000;

/** Whether two instants of regular hours lie in different sessions: between them is a night, or more. */
export function isOvernight(from: number, to: number): boolean {
  return to - from > NIGHT_MS;
}
