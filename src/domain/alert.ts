import { hashOf } from './canonical.ts';
import type { SessionDate } from './session.ts';

/** A change of the market's day that `#alerts` is told of. */
export interface SessionAlert {
  readonly kind: 'session';
  readonly transition: 'premarket' | 'open' | 'early_close_soon' | 'close' | 'holiday_ahead';
  /** The session it speaks of. */
  readonly on: SessionDate;
  /** When it is due, epoch ms. */
  readonly at: number;
  /** Regular hours of that session; the next one's for `close` and `holiday_ahead`. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly earlyClose: boolean;
  /** Of `holiday_ahead`: the closed weekday before the next session, the first where there are several. */
  readonly holiday?: { readonly on: SessionDate; readonly name: string };
}

export type Alert = SessionAlert;

/** The same alert has the same id in every process: posting twice is then impossible to do unnoticed. */
export function alertIdOf(alert: Alert): string {
  return hashOf({ kind: alert.kind, transition: alert.transition, on: alert.on });
}

/** What a posted alert says of itself in its last line, so that it can be found again in the channel. */
export function alertTagOf(alertId: string): string {
  return `alert ${alertId.slice(0, 8)}`;
}

/** Discord's nonce has room for 25 characters. */
export function nonceOf(alertId: string): string {
  return alertId.slice(0, 25);
}
