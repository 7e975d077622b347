import { type Alert, alertIdOf, channelOf, nonceOf, priorityOf, streamOf } from '../domain/alert.ts';
import type { OutgoingAlert } from '../store/outbox.ts';

/** When an event reached this process and when it was decided to tell of it. */
export interface Seen {
  /** Market time, epoch ms. */
  readonly seenAt: number;
  /** Real time of the same moment. */
  readonly seenWallAt: number;
  /** Real time. */
  readonly decidedWallAt: number;
}

/** What the outbox holds for an alert. */
export interface Kept extends Seen {
  readonly alert: Alert;
}

/** The outbox row of an alert, for a call that writes it together with what it tells of. */
export function outgoing(alert: Alert, seen: Seen): OutgoingAlert {
  const { seenAt, seenWallAt, decidedWallAt } = seen;
  const alertId = alertIdOf(alert);
  const payload: Kept = { alert, seenAt, seenWallAt, decidedWallAt };
  return {
    alertId,
    kind: alert.kind,
    channel: channelOf(alert),
    stream: streamOf(alert),
    priority: priorityOf(alert),
    payload,
    nonce: nonceOf(alertId),
  };
}

/** Milliseconds from an event until a later real moment, as its reader lives them; `speed` is market time per real time. */
export function delayOf({ alert, seenAt, seenWallAt }: Kept, wallAt: number, speed = 1): number {
  return Math.max(0, seenAt - alert.at) / speed + Math.max(0, wallAt - seenWallAt);
}
