import type { Alert } from '../domain/alert.ts';
import { alertIdOf, alertTagOf, nonceOf } from '../domain/alert.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ClaimedAlert } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';

/** Posts what the outbox holds: enqueue is idempotent, and the nonce makes a repeated post the same message. */
export interface Alerts {
  enqueue(alert: Alert): Promise<void>;
  /** Posts everything that is due; resolves when the outbox has nothing more to give. */
  pump(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export interface AlertPost {
  readonly alert: Alert;
  readonly nonce: string;
  /** How long after the event this try is: market time until it was seen, then real time until now. */
  readonly lateMs: number;
}

/** What the outbox holds for an alert. */
interface Kept {
  readonly alert: Alert;
  /** Market time, epoch ms. */
  readonly seenAt: number;
}

const CLAIM_SIZE = 10;
const LEASE_SECONDS = 30;
const PUMP_EVERY_MS = 5_000;
const GIVE_UP_ATTEMPTS = 20;
const LONGEST_RETRY_SECONDS = 60;
/** Discord forgets a nonce after a few minutes: an older alert is looked for in the channel first. */
const NONCE_SURE_MS = 2 * 60_000;

export function createAlerts(deps: {
  outbox: Pick<Store['system']['outbox'], 'enqueue' | 'claim' | 'settle' | 'fail'>;
  /** Resolves with the id of the posted message. */
  post: (entry: AlertPost) => Promise<{ readonly messageId: string }>;
  /** The message in the alerts' channel whose last line holds this tag. */
  find: (tag: string) => Promise<string | undefined>;
  /** Market time. */
  clock: Pick<Clock, 'now'>;
  wallNow: () => number;
  log: Pick<Log, 'warn'>;
}): Alerts {
  const { outbox, post, find, clock, wallNow, log } = deps;
  let pumping: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  /** Message ids of alerts that stand in the channel while the outbox does not know it yet. */
  const posted = new Map<string, string>();

  /** The id of the alert's message, which is posted only when nobody has done so. */
  const messageOf = async (row: ClaimedAlert): Promise<string> => {
    const ageMs = wallNow() - row.createdAt;
    const mayStand = row.attempts > 1 || ageMs > NONCE_SURE_MS;
    const standing = posted.get(row.alertId) ?? (mayStand ? await find(alertTagOf(row.alertId)) : undefined);
    if (standing !== undefined) return standing;
    const { alert, seenAt } = row.payload as Kept;
    const lateMs = Math.max(0, seenAt - alert.at) + Math.max(0, ageMs);
    return (await post({ alert, nonce: row.nonce, lateMs })).messageId;
  };

  const deliver = async (row: ClaimedAlert): Promise<void> => {
    try {
      const messageId = await messageOf(row);
      posted.set(row.alertId, messageId);
      await outbox.settle(row.alertId, messageId);
      posted.delete(row.alertId);
    } catch (err) {
      const dead = row.attempts >= GIVE_UP_ATTEMPTS && !posted.has(row.alertId);
      log.warn({ alertId: row.alertId, attempts: row.attempts, dead, err }, 'alert not posted');
      const retryInSeconds = Math.min(2 ** row.attempts, LONGEST_RETRY_SECONDS);
      await outbox.fail(row.alertId, err instanceof Error ? err.message : String(err), { dead, retryInSeconds });
    }
  };

  const drain = async (): Promise<void> => {
    do {
      again = false;
      for (;;) {
        const rows = await outbox.claim(CLAIM_SIZE, LEASE_SECONDS);
        // one after the other: session alerts must stand in the channel in the order in which they happened
        for (const row of rows) await deliver(row);
        if (rows.length < CLAIM_SIZE) break;
      }
    } while (again);
  };

  const pump = (): Promise<void> => {
    if (pumping) {
      again = true;
      return pumping;
    }
    pumping = drain()
      .catch((err: unknown) => log.warn({ err }, 'outbox not readable'))
      .finally(() => {
        pumping = undefined;
      });
    return pumping;
  };

  return {
    async enqueue(alert) {
      const alertId = alertIdOf(alert);
      const payload: Kept = { alert, seenAt: clock.now() };
      await outbox.enqueue({ alertId, kind: alert.kind, channel: 'alerts', payload, nonce: nonceOf(alertId) });
      void pump();
    },
    pump,
    start() {
      timer = setInterval(() => void pump(), PUMP_EVERY_MS);
      void pump();
    },
    async stop() {
      clearInterval(timer);
      await pumping;
    },
  };
}
