import { beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import {
  allowed,
  askers,
  member,
  offerRow,
  plan,
  setup,
  setupRow,
  type Table,
  tables,
  trade,
  trial,
  verbs,
} from './access.ts';
import { keyFor, silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { put, type Seen } from './compare.ts';
import { provenance, stepped, takenBy } from './life.ts';

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
      ['setups', 'setup_id'],
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
    const way = { channel: 'c', stream: 'c', priority: 1 as const };
    await store.system.outbox.enqueue({ alertId: 'a', kind: 'k', payload: {}, nonce: 'n', ...way });
    const { planId: _, ...refused } = setup;
    const refusal = { code: 'too_wide' as const, reason: 'why' };
    await store.system.setups.record({ setup: { ...refused, outcome: 'refused', refusal } });
    const first = stepped(trade);
    const entry = { trade: first.change.trade, steps: first.change.steps, alerts: [], offer: { plan, provenance } };
    await store.as('ann').trades.take(entry);
    const body = JSON.stringify(offerRow('untaken'));
    await put(backend(), { method: 'POST', path: 'offers', body, token: backend().serviceKey });
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
    enqueue_alert: { alert_id: 'eve', kind: 'k', channel: 'c', payload: {}, nonce: 'n', stream: 'c', priority: 1 },
    claim_outbox: { n: 1, lease_seconds: 0 },
    settle_outbox: { alert_id: 'a', message_id: '1', fence: 0 },
    fail_outbox: { alert_id: 'a', error: 'x', dead: true, fence: 0 },
    outbox_depth: {},
    record_setup: { setup: setupRow },
    apply_transitions: { changes: [], alerts: [] },
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

  const second = stepped(stepped(trade).change.trade);
  const ownCalls = {
    take_plan: { trade: takenBy('ann', 'untaken'), steps: [], alerts: [] },
    transition_own: { change: { ...second.change, from_seq: second.change.fromSeq }, alerts: [] },
  };
  const strangers = Object.keys(askers).filter((asker) => asker !== 'owner');
  it.each(strangers.flatMap((asker) => Object.entries(ownCalls).map(([name, args]) => ({ asker, name, args }))))(
    "$asker may not call $name for a member's trade",
    async ({ asker, name, args }) => {
      const token = await askers[asker]?.(backend());
      const body = JSON.stringify(args);
      const seen = await put(backend(), {
        method: 'POST',
        path: `rpc/${name}`,
        body,
        ...(token === undefined ? {} : { token }),
      });
      expect([401, 403]).toContain(seen.status);
      expect(await everything()).toBe(baseline);
    },
  );

  it.each(Object.entries(ownCalls))('the owner may call %s', async (name, args) => {
    const token = await keyFor(backend().jwtSecret, member('ann'));
    const seen = await put(backend(), { method: 'POST', path: `rpc/${name}`, body: JSON.stringify(args), token });
    expect(seen).toMatchObject({ status: 200, body: name === 'take_plan' ? 'taken' : true });
    await restore();
  });

  it('what a plan was computed from is not read by members, nor what every offer has in common', async () => {
    const token = await keyFor(backend().jwtSecret, member('ann'));
    for (const columns of ['inputs', '*']) {
      const seen = await put(backend(), { method: 'GET', path: `offers?select=${columns}`, token });
      expect(seen).toMatchObject({ status: 403, body: { code: '42501' } });
    }
  });

  it('the functions behind the doors cannot be called by name', async () => {
    for (const name of ['apply_changes', 'add_alerts', 'hold_to_own', 'add_trade']) {
      const token = await keyFor(backend().jwtSecret, member('ann'));
      const seen = await put(backend(), { method: 'POST', path: `rpc/${name}`, body: '{}', token });
      expect(seen.status).toBe(404);
    }
  });

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
    const left = JSON.parse(await everything());
    const owned = Object.keys(tables).flatMap((table, i) => (['snapshots', 'outbox'].includes(table) ? [] : [left[i]]));
    expect(JSON.stringify(owned)).not.toMatch(/"ann"/);
  });
});
