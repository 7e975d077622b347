import type { OutgoingAlert } from './outbox.ts';

/** An alert as the database's functions read it. */
export function toAlertRow(alert: OutgoingAlert) {
  const { alertId, kind, channel, payload, nonce, stream, priority } = alert;
  return { alert_id: alertId, kind, channel, payload, nonce, stream, priority };
}
