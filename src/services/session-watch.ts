import type { Calendar } from '../domain/session.ts';
import { nextSessionAlert, sessionAlertsBetween } from '../domain/session-alerts.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Alerts } from './alerts.ts';

/** What happened this long before a start is still worth telling, marked late. */
const CATCH_UP_MS = 30 * 60_000;
/** Real time between two tries while the database is away. */
const RETRY_MS = 5_000;

/** Tells `#alerts` of every change of the session, once each: the alert's id, not this loop, prevents a second one. */
export function createSessionWatch(deps: {
  calendar: Calendar;
  /** Market time. */
  clock: Clock;
  /** Real time, for the retries; the machine's own unless given. */
  wall?: Pick<Clock, 'now' | 'at'>;
  alerts: Pick<Alerts, 'enqueue'>;
  log: Pick<Log, 'warn'>;
}): { start(): Promise<void>; stop(): void } {
  const { calendar, clock, alerts, log, wall = systemClock } = deps;
  let cancelNext: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let stopped = false;
  let isAway = false;
  /** Market time up to which every change is kept, or on its way to be. */
  let toldTo = 0;

  const tell = async (): Promise<void> => {
    const from = toldTo;
    const to = clock.now();
    toldTo = to;
    try {
      for (const due of sessionAlertsBetween(calendar, from, to)) {
        await alerts.enqueue(due);
        isAway = false;
      }
    } catch (err) {
      toldTo = Math.min(toldTo, from);
      retry(err);
    }
  };

  const retry = (err: unknown): void => {
    if (stopped || cancelRetry) return;
    if (!isAway) log.warn({ err }, 'session alert not kept, tried again until it is');
    isAway = true;
    cancelRetry = wall.at(wall.now() + RETRY_MS, () => {
      cancelRetry = undefined;
      void tell();
    });
  };

  const arm = (): void => {
    const next = nextSessionAlert(calendar, clock.now());
    if (!next || stopped) return;
    cancelNext = clock.at(next.at, () => {
      void tell();
      arm();
    });
  };

  return {
    async start() {
      toldTo = clock.now() - CATCH_UP_MS;
      arm();
      await tell();
    },
    stop() {
      stopped = true;
      cancelNext?.();
      cancelRetry?.();
    },
  };
}
