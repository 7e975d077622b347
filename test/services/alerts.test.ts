import { describe, expect, it } from 'vitest';
import { alertIdOf, type SessionAlert } from '../../src/domain/alert.ts';
import { createAlerts } from '../../src/services/alerts.ts';
import type { ClaimedAlert, OutgoingAlert } from '../../src/store/outbox.ts';

const alertOn = (on: string): SessionAlert => ({
  kind: 'session',
  transition: 'open',
  on,
  at: 1,
  opensAt: 1,
  closesAt: 2,
  earlyClose: false,
});

/** The outbox's rules without a database: idempotent by id, one holder at a time. */
function outboxInMemory() {
  const rows = new Map<string, ClaimedAlert & { state: string }>();
  return {
    rows,
    async enqueue(alert: OutgoingAlert) {
      if (rows.has(alert.alertId)) return false;
      rows.set(alert.alertId, { ...alert, attempts: 0, createdAt: rows.size, state: 'pending' });
      return true;
    },
    async claim(n: number) {
      const due = [...rows.values()].filter((row) => row.state === 'pending').slice(0, n);
      for (const row of due) rows.set(row.alertId, { ...row, state: 'leased', attempts: row.attempts + 1 });
      return due.map((row) => ({ ...row, attempts: row.attempts + 1 }));
    },
    async settle(alertId: string) {
      const row = rows.get(alertId);
      if (row) rows.set(alertId, { ...row, state: 'sent' });
      return true;
    },
    async fail(alertId: string, _error: string, { dead }: { dead: boolean }) {
      const row = rows.get(alertId);
      if (row) rows.set(alertId, { ...row, state: dead ? 'dead' : 'waiting' });
      return true;
    },
    release() {
      for (const row of rows.values()) if (row.state === 'waiting') rows.set(row.alertId, { ...row, state: 'pending' });
    },
  };
}

const quiet = { warn: () => {} };
const times = { clock: { now: () => 1 }, wallNow: () => 0, find: async () => undefined };

describe('alerts', () => {
  it('are posted once however often the same change is told', async () => {
    const outbox = outboxInMemory();
    const posted: string[] = [];
    const alerts = createAlerts({
      ...times,
      outbox,
      post: async ({ nonce }) => {
        posted.push(nonce);
        return { messageId: '1' };
      },
      log: quiet,
    });
    await Promise.all([alerts.enqueue(alertOn('2015-12-23')), alerts.enqueue(alertOn('2015-12-23'))]);
    await alerts.enqueue(alertOn('2015-12-23'));
    await alerts.pump();
    expect(posted).toEqual([alertIdOf(alertOn('2015-12-23')).slice(0, 25)]);
  });

  it('stand in the channel in the order in which they were kept', async () => {
    const outbox = outboxInMemory();
    const posted: string[] = [];
    const alerts = createAlerts({
      ...times,
      outbox,
      post: async ({ alert }) => {
        await new Promise((done) => setTimeout(done, alert.on === '2015-12-23' ? 5 : 0));
        posted.push(alert.on);
        return { messageId: alert.on };
      },
      log: quiet,
    });
    await alerts.enqueue(alertOn('2015-12-23'));
    await alerts.enqueue(alertOn('2015-12-24'));
    await alerts.pump();
    await alerts.pump();
    expect(posted).toEqual(['2015-12-23', '2015-12-24']);
  });

  it('survive a Discord that fails, with the same nonce at the next try', async () => {
    const outbox = outboxInMemory();
    const nonces: string[] = [];
    const alerts = createAlerts({
      ...times,
      outbox,
      post: async ({ nonce }) => {
        nonces.push(nonce);
        if (nonces.length === 1) throw new Error('502');
        return { messageId: '1' };
      },
      log: quiet,
    });
    await alerts.enqueue(alertOn('2015-12-23'));
    await alerts.pump();
    outbox.release();
    await alerts.pump();
    expect(nonces).toHaveLength(2);
    expect(new Set(nonces).size).toBe(1);
    expect([...outbox.rows.values()].map((row) => row.state)).toEqual(['sent']);
  });

  it('carry how late they are: until seen by the market, until posted by the wall', async () => {
    const outbox = outboxInMemory();
    const late: number[] = [];
    const alerts = createAlerts({
      ...times,
      clock: { now: () => 1 + 120_000 },
      wallNow: () => 5_000,
      outbox,
      post: async ({ lateMs }) => {
        late.push(lateMs);
        return { messageId: '1' };
      },
      log: quiet,
    });
    await alerts.enqueue(alertOn('2015-12-23'));
    await alerts.pump();
    expect(late).toEqual([125_000]);
  });

  it.each([
    ['the first try is fresh', { attempts: 1, ageMs: 1_000, asked: 0 }],
    ['an earlier holder may have posted it', { attempts: 2, ageMs: 1_000, asked: 1 }],
    ['it is older than Discord remembers a nonce', { attempts: 1, ageMs: 121_000, asked: 1 }],
  ])('are looked for in the channel before posting when %s', async (_when, { attempts, ageMs, asked }) => {
    const alert = alertOn('2015-12-23');
    const alertId = alertIdOf(alert);
    const tags: string[] = [];
    const settled: string[] = [];
    let posts = 0;
    const rows: ClaimedAlert[] = [
      {
        alertId,
        kind: 'session',
        channel: 'alerts',
        payload: { alert, seenAt: 1 },
        nonce: 'n',
        attempts,
        createdAt: -ageMs,
      },
    ];
    const alerts = createAlerts({
      ...times,
      outbox: {
        ...outboxInMemory(),
        claim: async () => rows.splice(0),
        settle: async (_id, messageId) => settled.push(messageId) > 0,
      },
      find: async (tag) => {
        tags.push(tag);
        return 'stands';
      },
      post: async () => {
        posts += 1;
        return { messageId: 'new' };
      },
      log: quiet,
    });
    await alerts.pump();
    expect(tags).toEqual(asked ? [`alert ${alertId.slice(0, 8)}`] : []);
    expect(settled).toEqual([asked ? 'stands' : 'new']);
    expect(posts).toBe(asked ? 0 : 1);
  });

  it('are not posted while the channel cannot be read back, and are not buried for it either', async () => {
    const outbox = outboxInMemory();
    let posts = 0;
    let isBlind = true;
    const alerts = createAlerts({
      ...times,
      outbox,
      find: async () => {
        if (isBlind) throw new Error('502');
        return undefined;
      },
      post: async () => {
        posts += 1;
        if (posts === 1) throw new Error('502 after it was taken');
        return { messageId: '1' };
      },
      log: quiet,
    });
    await alerts.enqueue(alertOn('2015-12-23'));
    await alerts.pump();
    outbox.release();
    await alerts.pump();
    expect(posts).toBe(1);
    isBlind = false;
    outbox.release();
    await alerts.pump();
    expect(posts).toBe(2);
    expect([...outbox.rows.values()].map((row) => row.state)).toEqual(['sent']);
  });

  it('are posted once and never buried while the database does not take note of it', async () => {
    const outbox = outboxInMemory();
    let posts = 0;
    let isAway = true;
    const alerts = createAlerts({
      ...times,
      outbox: {
        ...outbox,
        settle: (alertId) => (isAway ? Promise.reject(new Error('database away')) : outbox.settle(alertId)),
      },
      post: async () => ({ messageId: String(++posts) }),
      log: quiet,
    });
    await alerts.enqueue(alertOn('2015-12-23'));
    for (let tries = 0; tries < 25; tries++) {
      await alerts.pump();
      outbox.release();
    }
    isAway = false;
    await alerts.pump();
    expect(posts).toBe(1);
    expect([...outbox.rows.values()].map((row) => row.state)).toEqual(['sent']);
  });

  it('wait out a database that does not answer', async () => {
    const warned: string[] = [];
    const alerts = createAlerts({
      ...times,
      outbox: { ...outboxInMemory(), claim: () => Promise.reject(new Error('down')) },
      post: async () => ({ messageId: '1' }),
      log: { ...quiet, warn: (_detail: object | string, phrase?: string) => void warned.push(phrase ?? '') },
    });
    await alerts.pump();
    expect(warned).toEqual(['outbox not readable']);
  });
});
