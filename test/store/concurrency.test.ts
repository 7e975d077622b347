import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';

const MEMBERS = ['m1', 'm2', 'm3', 'm4', 'm5'];

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    // 200 wait in one line here; on a busy machine the last waits longer than a member would.
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    for (const memberId of MEMBERS) {
      await store.system.members.ensure({ memberId, name: memberId });
      await store.as(memberId).watchlist.add(`ONLY.${memberId}`);
    }
  });

  it('keeps 200 requests at once of members, service and strangers apart', async () => {
    const asks = Array.from({ length: 200 }, async (_, i) => {
      const memberId = MEMBERS[i % MEMBERS.length] ?? '';
      switch (i % 4) {
        case 0: {
          const list = await store.as(memberId).watchlist.list();
          return list.length === 1 && list[0]?.symbol === `ONLY.${memberId}`;
        }
        case 1:
          return (await store.system.watchlists.allSymbols()).length === MEMBERS.length;
        case 2: {
          await store.as(memberId).risk.set({ accountDollars: 1000 + (i % MEMBERS.length), riskPct: 1 });
          return (await store.as(memberId).risk.get())?.accountDollars === 1000 + (i % MEMBERS.length);
        }
        default:
          return (await backend().fetch(`${backend().url}/rest/v1/watchlists`)).status === 401;
      }
    });
    const answers = await Promise.all(asks);
    expect(answers.filter((right) => right)).toHaveLength(200);
  }, 60_000);

  it('never hands one alert to two claimers', async () => {
    // A second store has its own connection on real Postgres, where PostgREST pools ten.
    const claimers = Array.from({ length: 8 }, () => createStore({ ...backend(), log: silent, deadlineMs: 60_000 }));
    for (let i = 0; i < 60; i++) {
      // Each in a stream of its own: one of many would wait for the others.
      const alert = {
        alertId: `alert ${i}`,
        kind: 'k',
        channel: 'c',
        payload: {},
        nonce: `${i}`,
        stream: `c${i}`,
        priority: 1 as const,
      };
      expect(await store.system.outbox.enqueue(alert)).toBe(true);
    }
    const rounds = Array.from({ length: 5 }, () =>
      claimers.map((claimer) => claimer.system.outbox.claim(2, 60)),
    ).flat();
    const claimed = (await Promise.all(rounds)).flat();
    expect(claimed.every((alert) => alert.attempts === 1)).toBe(true);
    expect(claimed).toHaveLength(60);
    expect(new Set(claimed.map((alert) => alert.alertId)).size).toBe(60);
  });

  it('enqueues an event once, however often and in whatever order it is told', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }), async (events) => {
        round += 1;
        const ids = events.map((event) => `round ${round} event ${event}`);
        const fresh = await Promise.all(
          ids.map((alertId) =>
            store.system.outbox.enqueue({
              alertId,
              kind: 'k',
              channel: 'c',
              payload: {},
              nonce: 'n',
              stream: 'c',
              priority: 1,
            }),
          ),
        );
        expect(fresh.filter(Boolean)).toHaveLength(new Set(ids).size);
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  it('ends with the newest snapshot, in whatever order they arrive', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 }), async (times) => {
        round += 1;
        const key = `round ${round}`;
        await Promise.all(times.map((asOf) => store.system.snapshots.save(key, asOf, { asOf })));
        const newest = Math.max(...times);
        expect(await store.system.snapshots.load(key)).toEqual({ asOf: newest, body: { asOf: newest } });
      }),
      { numRuns: 15, seed: 7 },
    );
  });
});
