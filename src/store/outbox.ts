import { z } from 'zod';
import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { toAlertRow } from './outbox-rows.ts';
import { instant, toInstant } from './rows.ts';

/** An alert to post once. */
export interface OutgoingAlert {
  /** A function of the event, so that the same event enqueued twice is one alert. */
  readonly alertId: string;
  readonly kind: string;
  /** The house's name of the channel, not Discord's id. */
  readonly channel: string;
  /** JSON. */
  readonly payload: unknown;
  /** At most 25 characters; Discord drops a second message with the same one within its window. */
  readonly nonce: string;
  /** Alerts of one stream leave strictly one after the other. */
  readonly stream: string;
  /** Which stream goes first: 0 what happens to trades, 2 digests. */
  readonly priority: 0 | 1 | 2;
}

export interface ClaimedAlert extends OutgoingAlert {
  /** 1 for the first holder; above it, an earlier holder may have posted it. The fence of settle and fail. */
  readonly attempts: number;
  /** Grows with every alert. */
  readonly position: number;
  readonly createdAt: number;
}

/** An alert that was posted. */
interface SentAlert {
  readonly alertId: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly sentAt: number;
}

/** Alerts on their way; leases run by the database's clock. */
export interface Outbox {
  /** False when the alert was known already. */
  enqueue(alert: OutgoingAlert): Promise<boolean>;
  /**
   * Up to `n` alerts by priority, then position, nobody else's until the lease ends: of each stream its first pending one, and none
   * while that is leased or waits for its next try. `maxPriority` 0 asks for what happens to trades alone.
   */
  claim(n: number, leaseSeconds: number, maxPriority?: OutgoingAlert['priority']): Promise<ClaimedAlert[]>;
  /** False when it is not pending any more or somebody else has claimed it since: `fence` is the claim's `attempts`. */
  settle(alertId: string, messageId: string, fence: number): Promise<boolean>;
  /** Gives it back, to be claimed again after `retryInSeconds` (at once unless said), or buries it. False like `settle`. */
  fail(
    alertId: string,
    error: string,
    options: { readonly dead: boolean; readonly retryInSeconds?: number; readonly fence: number },
  ): Promise<boolean>;
  /** Posted at or after `at` (the database's clock), newest first. */
  sentSince(at: number, limit: number): Promise<SentAlert[]>;
  /** How many are on their way. */
  depth(): Promise<number>;
}

const priority = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const claimed = z.array(
  z
    .object({
      alert_id: z.string(),
      kind: z.string(),
      channel: z.string(),
      payload: z.unknown(),
      nonce: z.string(),
      stream: z.string(),
      priority,
      attempts: z.number(),
      position: z.number(),
      created_at: instant,
    })
    .transform(
      ({ alert_id, created_at, ...same }): ClaimedAlert => ({ alertId: alert_id, ...same, createdAt: created_at }),
    ),
);
const sent = z.array(
  z
    .object({ alert_id: z.string(), kind: z.string(), payload: z.unknown(), sent_at: instant })
    .transform(({ alert_id, sent_at, ...same }): SentAlert => ({ alertId: alert_id, ...same, sentAt: sent_at })),
);

/** The outbox by the service key. */
export function createOutbox(client: Client): Outbox {
  return {
    enqueue: (alert) => ask('outbox.enqueue', client.rpc('enqueue_alert', toAlertRow(alert)), z.boolean()),
    async claim(n, leaseSeconds, maxPriority = 2) {
      const wanted = { n, lease_seconds: leaseSeconds, max_priority: maxPriority };
      const rows = await ask('outbox.claim', client.rpc('claim_outbox', wanted), claimed);
      return rows.sort((a, b) => a.priority - b.priority || a.position - b.position);
    },
    settle: (alertId, messageId, fence) =>
      ask(
        'outbox.settle',
        client.rpc('settle_outbox', { alert_id: alertId, message_id: messageId, fence }),
        z.boolean(),
      ),
    fail: (alertId, error, { dead, fence, retryInSeconds = 0 }) =>
      ask(
        'outbox.fail',
        client.rpc('fail_outbox', { alert_id: alertId, error, dead, fence, retry_seconds: retryInSeconds }),
        z.boolean(),
      ),
    sentSince(at, limit) {
      const query = client.from('outbox').select('alert_id,kind,payload,sent_at').eq('state', 'sent');
      const newest = query.gte('sent_at', toInstant(at)).order('sent_at', { ascending: false }).order('alert_id');
      return ask('outbox.sentSince', newest.limit(limit), sent);
    },
    depth: () => ask('outbox.depth', client.rpc('outbox_depth'), z.number()),
  };
}
