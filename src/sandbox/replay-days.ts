import type { Phase, SessionDay } from '../domain/session.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** 04:00 New York time of a session day. */
export function premarketAt(day: SessionDay): number {
  return day.opensAt - 5.5 * HOUR_MS;
}

/** Four hours after the close. */
export function aftermarketEndsAt(day: SessionDay): number {
  return day.closesAt + 4 * HOUR_MS;
}

/** The replayed day that an instant belongs to: the last one whose pre-market has begun, else the first. */
function sessionOf(sessions: readonly SessionDay[], at: number): SessionDay | undefined {
  return sessions.findLast((day) => premarketAt(day) <= at) ?? sessions[0];
}

/** Phase and session date of an instant within the replayed days. */
export function phaseOf(sessions: readonly SessionDay[], at: number): { phase: Phase; on: string } {
  const day = sessionOf(sessions, at);
  if (day === undefined) return { phase: 'closed', on: '' };
  const phase =
    at < premarketAt(day) || at >= aftermarketEndsAt(day)
      ? 'closed'
      : at < day.opensAt
        ? 'premarket'
        : at < day.closesAt
          ? 'regular'
          : 'aftermarket';
  return { phase, on: day.on };
}

/** When phase or session date change next; undefined after the last of the days. */
export function nextPhaseAt(sessions: readonly SessionDay[], at: number): number | undefined {
  return sessions
    .flatMap((day) => [premarketAt(day), day.opensAt, day.closesAt, aftermarketEndsAt(day)])
    .find((moment) => moment > at);
}

/** When the running day's after-market ends; before the first pre-market, the first day's. */
export function dayEndsAt(sessions: readonly SessionDay[], at: number): number {
  const day = sessionOf(sessions, at);
  const next = day && sessions[sessions.indexOf(day) + 1];
  if (day === undefined) return at;
  // between two days the clock is already on its way to the next one
  return at > aftermarketEndsAt(day) && next !== undefined ? aftermarketEndsAt(next) : aftermarketEndsAt(day);
}

/** One market minute before the next regular open or close that lies ahead. */
export function nextMoment(
  sessions: readonly SessionDay[],
  at: number,
  target: 'next_open' | 'next_close',
): number | undefined {
  return sessions
    .map((day) => (target === 'next_open' ? day.opensAt : day.closesAt) - MINUTE_MS)
    .find((moment) => moment > at);
}
