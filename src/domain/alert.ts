import { hashOf } from './canonical.ts';
import type { SessionDate } from './session.ts';

/** A change of the market's day that `#alerts` is told of. */
export interface SessionAlert {
  readonly kind: 'session';
  readonly transition: 'premarket' | 'open' | 'early_close_soon' | 'close' | 'holiday_tomorrow';
  /** The session it speaks of. */
  readonly on: SessionDate;
  /** When it is due, epoch ms. */
  readonly at: number;
  /** Regular hours of that session; the next one's for `close` and `holiday_tomorrow`. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly earlyClose: boolean;
  /** Why the market is closed tomorrow. */
  readonly holiday?: string;
}

export type Alert = SessionAlert;

/** The same alert has the same id in every process: posting twice is then impossible to do unnoticed. */
export function alertIdOf(alert: Alert): string {
  return hashOf({ kind: alert.kind, transition: alert.transition, on: alert.on });
}

/** Discord's nonce has room for 25 characters. */
export function nonceOf(alertId: string): string {
  return alertId.slice(0, 25);
}
