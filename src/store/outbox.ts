import { z } from 'zod';
import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { instant } from './rows.ts';

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
}

export interface ClaimedAlert extends OutgoingAlert {
  /** 1 for the first holder; above it, an earlier holder may have posted it. */
  readonly attempts: number;
  readonly createdAt: number;
}

/** Alerts on their way; leases run by the database's clock. */
export interface Outbox {
  /** False when the alert was known already. */
  enqueue(alert: OutgoingAlert): Promise<boolean>;
  /** Up to `n` pending alerts, oldest first, nobody else's until the lease ends. */
  claim(n: number, leaseSeconds: number): Promise<ClaimedAlert[]>;
  /** False when it was settled before. */
  settle(alertId: string, messageId: string): Promise<boolean>;
  /** Gives it back, to be claimed again after `retryInSeconds` (at once unless said), or buries it. False when it is not pending. */
  fail(
    alertId: string,
    error: string,
    options: { readonly dead: boolean; readonly retryInSeconds?: number },
  ): Promise<boolean>;
}

const claimed = z.array(
  z
    .object({
      alert_id: z.string(),
      kind: z.string(),
      channel: z.string(),
      payload: z.unknown(),
      nonce: z.string(),
      attempts: z.number(),
      created_at: instant,
    })
    .transform(
      (r): ClaimedAlert => ({
        alertId: r.alert_id,
        kind: r.kind,
        channel: r.channel,
        payload: r.payload,
        nonce: r.nonce,
        attempts: r.attempts,
        createdAt: r.created_at,
      }),
    ),
);

/** The outbox by the service key. */
export function createOutbox(client: Client): Outbox {
  return {
    enqueue: ({ alertId, kind, channel, payload, nonce }) =>
      ask(
        'outbox.enqueue',
        client.rpc('enqueue_alert', { alert_id: alertId, kind, channel, payload, nonce }),
        z.boolean(),
      ),
    async claim(n, leaseSeconds) {
      const rows = await ask('outbox.claim', client.rpc('claim_outbox', { n, lease_seconds: leaseSeconds }), claimed);
      return rows.sort((a, b) => a.createdAt - b.createdAt || (a.alertId < b.alertId ? -1 : 1));
    },
    settle: (alertId, messageId) =>
      ask('outbox.settle', client.rpc('settle_outbox', { alert_id: alertId, message_id: messageId }), z.boolean()),
    fail: (alertId, error, { dead, retryInSeconds = 0 }) =>
      ask(
        'outbox.fail',
        client.rpc('fail_outbox', { alert_id: alertId, error, dead, retry_seconds: retryInSeconds }),
        z.boolean(),
      ),
  };
}
