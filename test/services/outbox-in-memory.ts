import type { ClaimedAlert, OutgoingAlert } from '../../src/store/outbox.ts';

interface Row extends ClaimedAlert {
  readonly state: 'pending' | 'sent' | 'dead';
  /** Leased, or waiting for the next try, until then. */
  readonly dueAt: number;
  readonly messageId?: string;
  readonly error?: string;
}

/** The outbox's rules without a database: streams in order, one holder at a time, fences. */
export function createOutboxInMemory(now: () => number) {
  const rows = new Map<string, Row>();

  const change = (alertId: string, fence: number, part: Partial<Row>): boolean => {
    const row = rows.get(alertId);
    if (row?.state !== 'pending' || row.attempts !== fence) return false;
    rows.set(alertId, { ...row, ...part });
    return true;
  };

  const heads = (): Row[] => {
    const first = new Map<string, Row>();
    for (const row of rows.values()) {
      if (row.state === 'pending' && !first.has(row.stream)) first.set(row.stream, row);
    }
    return [...first.values()].sort((a, b) => a.priority - b.priority || a.position - b.position);
  };

  return {
    rows,
    states: () => [...rows.values()].map(({ state }) => state),
    pending: () => [...rows.values()].filter(({ state }) => state === 'pending').length,
    async enqueue(alert: OutgoingAlert) {
      if (rows.has(alert.alertId)) return false;
      const at = now();
      rows.set(alert.alertId, {
        ...(JSON.parse(JSON.stringify(alert)) as OutgoingAlert),
        attempts: 0,
        position: rows.size,
        createdAt: at,
        state: 'pending',
        dueAt: at,
      });
      return true;
    },
    async claim(n: number, leaseSeconds: number, maxPriority = 2): Promise<ClaimedAlert[]> {
      const due = heads().filter((row) => row.dueAt <= now() && row.priority <= maxPriority);
      return due.slice(0, n).map((row) => {
        const taken = { ...row, attempts: row.attempts + 1, dueAt: now() + leaseSeconds * 1000 };
        rows.set(row.alertId, taken);
        return taken;
      });
    },
    async settle(alertId: string, messageId: string, fence: number) {
      return change(alertId, fence, { state: 'sent', messageId });
    },
    async fail(
      alertId: string,
      error: string,
      { dead, fence, retryInSeconds = 0 }: { dead: boolean; fence: number; retryInSeconds?: number },
    ) {
      const state = dead ? 'dead' : 'pending';
      return change(alertId, fence, { state, error, dueAt: now() + retryInSeconds * 1000 });
    },
    async depth() {
      return [...rows.values()].filter(({ state }) => state === 'pending').length;
    },
  };
}
