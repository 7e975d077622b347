import { beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import { type Backend, keyFor, silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { put, type Seen, type Trial } from './compare.ts';
import { samplePlan } from './plan.ts';

const now = () => Math.floor(Date.now() / 1000);
const member = (sub: string) => ({ role: 'authenticated', sub, exp: now() + 300 });
const plan = samplePlan('ann');

/** Who asks, and how they would have to be answered. */
const askers: Record<string, (backend: Backend) => Promise<string | undefined>> = {
  owner: (b) => keyFor(b.jwtSecret, member('ann')),
  other: (b) => keyFor(b.jwtSecret, member('bob')),
  'a token without a member': (b) => keyFor(b.jwtSecret, { role: 'authenticated' }),
  'no token': async () => undefined,
  'the anon key': async (b) => b.anonKey,
  'an expired token': (b) => keyFor(b.jwtSecret, { ...member('ann'), exp: now() - 120 }),
  'a token of another key': () => keyFor('another secret of thirty-two bytes!', member('ann')),
  service: async (b) => b.serviceKey,
};

/** The row of ann in each table, a change to it, and a new row in her name. */
const tables = {
  members: { key: 'member_id=eq.ann', change: { name: 'Eve' }, fresh: { member_id: 'eve', name: 'Eve' } },
  watchlists: {
    key: 'member_id=eq.ann&symbol=eq.SPY',
    change: { symbol: 'QQQ' },
    fresh: { member_id: 'ann', symbol: 'EVE' },
  },
  risk_profiles: {
    key: 'member_id=eq.ann',
    change: { risk_pct: 2 },
    fresh: { member_id: 'ann', account_dollars: 1, risk_pct: 1 },
  },
  plans: {
    key: `member_id=eq.ann&plan_id=eq.${plan.planId}`,
    change: { symbol: 'EVE' },
    fresh: {
      member_id: 'ann',
      plan_id: samplePlan('eve').planId,
      symbol: 'EVE',
      direction: 'long',
      decided_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-01-02T00:00:00Z',
      body: samplePlan('eve'),
    },
  },
  snapshots: {
    key: 'key=eq.k',
    change: { body: 1 },
    fresh: { key: 'eve', as_of: '2026-01-01T00:00:00Z', body: {} },
  },
  outbox: {
    key: 'alert_id=eq.a',
    change: { kind: 'eve' },
    fresh: { alert_id: 'eve', kind: 'k', channel: 'c', payload: {}, nonce: 'n' },
  },
} as const;

type Table = keyof typeof tables;
const verbs = ['read', 'insert', 'merge', 'update', 'delete'] as const;
type Verb = (typeof verbs)[number];

/** What a member may do to their own row; `nobody` but the service to anything else. */
const OWN: Record<Table, readonly Verb[]> = {
  members: ['read'],
  watchlists: ['read', 'insert', 'delete'],
  // Merging repeats the columns of the row itself, which an owner may set.
  risk_profiles: ['read', 'insert', 'merge', 'update', 'delete'],
  plans: ['read', 'insert'],
  snapshots: [],
  outbox: [],
};
/** What the service may not do: a plan never changes. */
const NOT_SERVICE: Partial<Record<Table, readonly Verb[]>> = { plans: ['merge', 'update'] };

const representation = { prefer: 'return=representation' };
function trial(table: Table, verb: Verb): Trial {
  const { key, change, fresh } = tables[table];
  const columns = Object.keys(fresh).join(',');
  switch (verb) {
    case 'read':
      return { method: 'GET', path: `${table}?${key}` };
    case 'insert':
      return { method: 'POST', path: table, body: JSON.stringify(fresh) };
    case 'merge':
      return {
        method: 'POST',
        path: `${table}?select=${columns}`,
        body: JSON.stringify(fresh),
        headers: { prefer: 'return=representation,resolution=merge-duplicates' },
      };
    case 'update':
      return { method: 'PATCH', path: `${table}?${key}`, body: JSON.stringify(change), headers: representation };
    case 'delete':
      return { method: 'DELETE', path: `${table}?${key}`, headers: representation };
  }
}

function allowed(asker: string, table: Table, verb: Verb): boolean {
  if (asker === 'service') return !NOT_SERVICE[table]?.includes(verb);
  return asker === 'owner' && OWN[table].includes(verb);
}

/** Refused outright, or answered as if the row did not exist. */
const shut = (seen: Seen): boolean =>
  seen.status === 401 ||
  seen.status === 403 ||
  (seen.status === 200 && Array.isArray(seen.body) && seen.body.length === 0);

onEachBackend((backend) => {
  const everything = async (): Promise<string> => {
    const all = await Promise.all(
      Object.keys(tables).map((table) => put(backend(), { method: 'GET', path: table, token: backend().serviceKey })),
    );
    return JSON.stringify(all.map((seen) => seen.body));
  };

  let baseline = '';
  /** Puts back exactly the rows that the matrix is about. */
  const restore = async (): Promise<void> => {
    for (const [table, key] of [
      ['outbox', 'alert_id'],
      ['snapshots', 'key'],
      ['members', 'member_id'],
    ]) {
      await put(backend(), { method: 'DELETE', path: `${table}?${key}=not.is.null`, token: backend().serviceKey });
    }
    const store = createStore({ ...backend(), log: silent });
    for (const memberId of ['ann', 'bob']) await store.system.members.ensure({ memberId, name: memberId });
    await store.as('ann').watchlist.add('SPY');
    await store.as('ann').plans.save(plan);
    await store.as('ann').risk.set({ accountDollars: 1000, riskPct: 1 });
    await store.system.snapshots.save('k', 1, {});
    await store.system.outbox.enqueue({ alertId: 'a', kind: 'k', channel: 'c', payload: {}, nonce: 'n' });
    baseline = await everything();
  };
  beforeAll(restore);

  const cases = Object.keys(askers).flatMap((asker) =>
    (Object.keys(tables) as Table[]).flatMap((table) => verbs.map((verb) => ({ asker, table, verb }))),
  );

  describe('who may do what', () => {
    it.each(cases)('$asker: $verb on $table', async ({ asker, table, verb }) => {
      const token = await askers[asker]?.(backend());
      if (table === 'risk_profiles' && verb === 'insert') {
        const gone = await put(backend(), { method: 'DELETE', path: 'risk_profiles', token: backend().serviceKey });
        expect(gone.status).toBe(204);
        baseline = await everything();
      }
      const seen = await put(backend(), { ...trial(table, verb), ...(token === undefined ? {} : { token }) });
      if (allowed(asker, table, verb)) {
        expect([200, 201]).toContain(seen.status);
        if (verb !== 'insert') expect(seen.body).toHaveLength(1);
        if (verb !== 'read') await restore();
        return;
      }
      expect(seen, JSON.stringify(seen)).toSatisfy(shut);
      if (verb !== 'read') expect(await everything()).toBe(baseline);
    });
  });

  const calls = {
    watched_symbols: {},
    save_snapshot: { key: 'k', as_of: '2030-01-01T00:00:00Z', body: {} },
    enqueue_alert: { alert_id: 'eve', kind: 'k', channel: 'c', payload: {}, nonce: 'n' },
    claim_outbox: { n: 1, lease_seconds: 0 },
    settle_outbox: { alert_id: 'a', message_id: '1' },
    fail_outbox: { alert_id: 'a', error: 'x', dead: true },
  };
  const callers = Object.keys(askers).filter((asker) => asker !== 'service');
  it.each(callers.flatMap((asker) => Object.entries(calls).map(([name, args]) => ({ asker, name, args }))))(
    '$asker may not call $name',
    async ({ asker, name, args }) => {
      const token = await askers[asker]?.(backend());
      const seen = await put(backend(), {
        method: 'POST',
        path: `rpc/${name}`,
        body: JSON.stringify(args),
        ...(token === undefined ? {} : { token }),
      });
      expect([401, 403]).toContain(seen.status);
      expect(await everything()).toBe(baseline);
    },
  );

  it("a member cannot add a row in another's name, nor give one away", async () => {
    const token = await keyFor(backend().jwtSecret, member('bob'));
    const body = JSON.stringify({ member_id: 'ann', symbol: 'EVE' });
    expect((await put(backend(), { method: 'POST', path: 'watchlists', body, token })).status).toBe(403);
    const store = createStore({ ...backend(), log: silent });
    await store.as('bob').risk.set({ accountDollars: 5, riskPct: 1 });
    const gift = { method: 'PATCH', path: 'risk_profiles?member_id=eq.bob', body: '{"member_id":"ann"}', token };
    expect((await put(backend(), gift)).status).toBe(403);
  });

  it('a member cannot pass 50 symbols by inserting past the function', async () => {
    const token = await keyFor(backend().jwtSecret, member('bob'));
    const rows = Array.from({ length: 51 }, (_, i) => ({ member_id: 'bob', symbol: `S${i}` }));
    const seen = await put(backend(), { method: 'POST', path: 'watchlists', body: JSON.stringify(rows), token });
    expect(seen).toMatchObject({ status: 400, body: { code: '23514' } });
    expect(
      await createStore({ ...backend(), log: silent })
        .as('bob')
        .watchlist.list(),
    ).toEqual([]);
  });

  it('forgetting a member takes everything of theirs', async () => {
    await put(backend(), { method: 'DELETE', path: 'members?member_id=eq.ann', token: backend().serviceKey });
    const rest = JSON.parse(await everything()).slice(0, 4);
    expect(JSON.stringify(rest)).not.toContain('ann');
  });
});
