import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Trade } from '../../src/domain/trade.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { offered, stepped, takenBy } from './life.ts';

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 120_000 });
    for (const memberId of ['ann', 'bob', 'cy']) await store.system.members.ensure({ memberId, name: memberId });
  });
  const lived = async (seed: string, ...members: string[]): Promise<Trade[]> => {
    const entry = offered(seed);
    await store.system.setups.record(entry);
    const own = members.map((memberId) => takenBy(memberId, seed));
    for (const trade of own) {
      await store.as(trade.memberId ?? '').trades.take({ trade, steps: [], alerts: [] });
    }
    return [entry.offer.shadow, ...own];
  };

  it('lets exactly one of 200 at once make each step of a trade', async () => {
    const [shadow, first] = await lived('crowd', 'ann');
    if (shadow === undefined || first === undefined) throw new Error('not taken');
    let trade = first;
    const before = await store.system.outbox.depth();
    for (const kind of ['triggered', 'target', 'fill_corrected', 'closed_by_member'] as const) {
      const { change, alerts } = stepped(trade, kind, kind === 'closed_by_member' ? 'closed' : 'triggered');
      const tries = Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? store.system.trades.apply([change], alerts) : store.as('ann').trades.apply(change, alerts),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      trade = change.trade;
    }
    expect((await store.as('ann').trades.steps(trade.tradeId)).map((s) => s.seq)).toEqual([0, 1, 2, 3]);
    expect(await store.as('ann').trades.get(trade.tradeId)).toEqual(trade);
    expect(await store.system.outbox.depth()).toBe(before + 4);
  }, 120_000);

  it('takes a plan once for each member, however often they press at once', async () => {
    await lived('pressed');
    const members = ['ann', 'bob', 'cy'];
    const presses = Array.from({ length: 60 }, (_, i) => {
      const memberId = members[i % 3] ?? '';
      return store.as(memberId).trades.take({ trade: takenBy(memberId, 'pressed'), steps: [], alerts: [] });
    });
    expect((await Promise.all(presses)).filter((outcome) => outcome === 'taken')).toHaveLength(3);
  });

  it('records a setup once when two scanners find it at the same time', async () => {
    const entry = offered('two scanners');
    const before = await store.system.outbox.depth();
    const told = await Promise.all(Array.from({ length: 20 }, () => store.system.setups.record(entry)));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await store.system.outbox.depth()).toBe(before + 1);
  });

  it('loses no step and makes none twice when members and the house write at once, whatever the order', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.constantFrom('ann', 'bob', 'house'), several: fc.boolean() }), {
          minLength: 4,
          maxLength: 16,
        }),
        async (writers) => {
          const seed = `mixed ${round++}`;
          const trades = await lived(seed, 'ann', 'bob');
          const planId = trades[0]?.planId ?? '';
          const made = new Map<string, number>();
          /** Reads again until its step is in. */
          const write = async ({ who, several }: (typeof writers)[number], n: number) => {
            for (;;) {
              if (who !== 'house') {
                const trade = await store.as(who).trades.get(takenBy(who, seed).tradeId);
                if (trade === undefined) throw new Error('gone');
                const { change, alerts } = stepped(trade);
                if (!(await store.as(who).trades.apply(change, alerts))) continue;
                made.set(trade.tradeId, (made.get(trade.tradeId) ?? 0) + 1);
                return;
              }
              const standing = await store.system.trades.ofPlan(planId);
              // In either order: neither may wait for the other for ever.
              const chosen = several ? (n % 2 === 0 ? standing : standing.toReversed()) : standing.slice(0, 1);
              const all = chosen.map((trade) => stepped(trade));
              const changes = all.map(({ change }) => change);
              if (
                !(await store.system.trades.apply(
                  changes,
                  all.flatMap(({ alerts }) => alerts),
                ))
              )
                continue;
              for (const { tradeId } of chosen) made.set(tradeId, (made.get(tradeId) ?? 0) + 1);
              return;
            }
          };
          const before = await store.system.outbox.depth();
          await Promise.all(writers.map(write));
          const standing = await store.system.trades.ofPlan(planId);
          expect(new Map(standing.filter((t) => t.seq > 0).map((t) => [t.tradeId, t.seq]))).toEqual(made);
          for (const who of ['ann', 'bob']) {
            const steps = await store.as(who).trades.steps(takenBy(who, seed).tradeId);
            expect(steps.map((s) => s.seq)).toEqual(steps.map((_, i) => i));
          }
          const steps = [...made.values()].reduce((sum, n) => sum + n, 0);
          expect(await store.system.outbox.depth()).toBe(before + steps);
        },
      ),
      { numRuns: 15, seed: 20261121, endOnFailure: true },
    );
  }, 120_000);

  it("keeps a plan's alerts in the order of its steps when several write at once", async () => {
    const [shadow] = await lived('ordered');
    if (shadow === undefined) throw new Error('no shadow');
    const writers = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 8; i++) {
        const [trade] = (await store.system.trades.ofPlan(shadow.planId)) as [Trade];
        const { change, alerts } = stepped(trade);
        await store.system.trades.apply([change], alerts);
      }
    });
    await Promise.all(writers);
    const [trade] = (await store.system.trades.ofPlan(shadow.planId)) as [Trade];
    const expected: string[] = [];
    for (let at = shadow; at.seq < trade.seq; ) {
      const { change, step } = stepped(at);
      expected.push(step.stepId);
      at = change.trade;
    }
    expect(expected.length).toBeGreaterThanOrEqual(8);
    const told: string[] = [];
    for (let rows = await store.system.outbox.claim(500, 0); rows.length > 0; ) {
      for (const row of rows) {
        if (row.stream === `plan:${shadow.planId}` && row.kind === 'step') told.push(row.alertId);
        await store.system.outbox.settle(row.alertId, '1', row.attempts);
      }
      rows = await store.system.outbox.claim(500, 0);
    }
    expect(told).toEqual(expected);
  }, 60_000);

  it('gives an alert whose lease has ended either to the one who settles it or to one other', async () => {
    const { outbox } = store.system;
    const base = { kind: 'k', channel: 'c', payload: {}, nonce: 'n', stream: 'settling', priority: 1 as const };
    const claimers = Array.from({ length: 6 }, () => createStore({ ...backend(), log: silent, deadlineMs: 60_000 }));
    // Streams to walk over, so that a claim takes long enough to be overtaken.
    const held = Array.from({ length: 1500 }, (_, n) => ({ ...base, alertId: `held ${n}`, stream: `held ${n}` }));
    await store.system.trades.apply([], held);
    expect(await outbox.claim(2000, 600)).toHaveLength(1500);
    for (let i = 0; i < 40; i++) {
      await outbox.enqueue({ ...base, alertId: `settling ${i}` });
      expect(await outbox.claim(1, 0)).toHaveLength(1);
      const early = i % 2 === 0 ? outbox.settle(`settling ${i}`, '1', 1) : undefined;
      const claims = claimers.map((claimer) => claimer.system.outbox.claim(1, 600));
      const [settled, ...got] = await Promise.all([early ?? outbox.settle(`settling ${i}`, '1', 1), ...claims]);
      expect([settled, got.flat().length]).toEqual(settled ? [true, 0] : [false, 1]);
      if (!settled) await outbox.settle(`settling ${i}`, '1', 2);
    }
  }, 60_000);
});
