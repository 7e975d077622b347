import type { Calendar } from '../domain/session.ts';
import { nextSessionAlert, sessionAlertsBetween } from '../domain/session-alerts.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Alerts } from './alerts.ts';

/** What happened this long before a start is still worth telling, marked late. */
const CATCH_UP_MS = 30 * 60_000;

/** Tells `#alerts` of every change of the session, once each: the alert's id, not this loop, prevents a second one. */
export function createSessionWatch(deps: {
  calendar: Calendar;
  clock: Clock;
  alerts: Pick<Alerts, 'enqueue'>;
  log: Pick<Log, 'warn'>;
}): { start(): Promise<void>; stop(): void } {
  const { calendar, clock, alerts, log } = deps;
  let cancel: (() => void) | undefined;
  let stopped = false;

  const arm = (from: number): void => {
    const next = nextSessionAlert(calendar, from);
    if (!next || stopped) return;
    cancel = clock.at(next.at, () => {
      alerts
        .enqueue(next)
        .catch((err: unknown) => log.warn({ err, transition: next.transition }, 'session alert not kept'));
      arm(next.at);
    });
  };

  return {
    async start() {
      const now = clock.now();
      for (const missed of sessionAlertsBetween(calendar, now - CATCH_UP_MS, now)) await alerts.enqueue(missed);
      arm(now);
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
