import { beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { alertOf, offered, provenance, stepped, takenBy } from './life.ts';
import { samplePlan } from './plan.ts';

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    for (const memberId of ['ann', 'bob']) await store.system.members.ensure({ memberId, name: memberId });
  });
  /** Offers the plan of a seed to everybody. */
  const offer = async (seed: string) => {
    const entry = offered(seed);
    expect(await store.system.setups.record(entry)).toBe(true);
    return { ...entry.offer, planId: entry.offer.plan.planId };
  };
  const take = (memberId: string, seed: string) =>
    store.as(memberId).trades.take({ trade: takenBy(memberId, seed), steps: [], alerts: [] });
  const depth = () => store.system.outbox.depth();

  describe('a setup', () => {
    it('is kept with its offer, its shadow and its alert, once', async () => {
      const { setups, offers, trades } = store.system;
      const { setup, offer: made } = offered('first');
      expect(await setups.record({ setup, offer: made })).toBe(true);
      expect(await setups.record({ setup, offer: made })).toBe(false);
      expect(await setups.since(setup.detectedAt)).toEqual([setup]);
      expect(await setups.since(setup.detectedAt + 1)).toEqual([]);
      const found = await offers.get(made.plan.planId);
      expect(found).toMatchObject({ plan: made.plan, memberId: null, provenance, isOver: false });
      expect(found?.threadId).toBeUndefined();
      expect(await offers.inputsOf(made.plan.planId)).toEqual(made.inputs);
      expect(await trades.ofPlan(made.plan.planId)).toEqual([made.shadow]);
      expect(await depth()).toBe(1);
    });

    it('that was refused is kept with the reason, newest first', async () => {
      const refusal = { code: 'too_wide' as const, reason: 'The stop would be 4 ATR away, it may be 2.' };
      const { planId: _, ...setup } = offered('refused').setup;
      const refused = { ...setup, outcome: 'refused' as const, refusal, detectedAt: setup.detectedAt + 300_000 };
      expect(await store.system.setups.record({ setup: refused })).toBe(true);
      expect((await store.system.setups.since(0, 1))[0]).toEqual(refused);
    });

    it('leaves nothing behind when its offer cannot be kept', async () => {
      const { setup, offer: made } = offered('broken');
      const before = await depth();
      const entries = [
        { setup, offer: { ...made, alert: { ...made.alert, stream: '' } } },
        { setup, offer: { ...made, shadow: { ...made.shadow, planId: samplePlan('first').planId } } },
        { setup },
      ];
      for (const entry of entries) {
        await expect(store.system.setups.record(entry)).rejects.toMatchObject({ kind: 'constraint' });
      }
      expect(await store.system.offers.get(made.plan.planId)).toBeUndefined();
      expect(await depth()).toBe(before);
      expect(await store.system.setups.record({ setup, offer: made })).toBe(true);
    });
  });

  describe('an offer', () => {
    it('is found by a prefix that fits no other, and knows where its card and its thread are', async () => {
      const { offers } = store.system;
      const { planId } = await offer('placed');
      await offers.place(planId, { channelId: '1', messageId: '2', threadId: '3' });
      expect(await offers.get(planId.slice(0, 12).toUpperCase())).toMatchObject({
        threadId: '3',
        messageId: '2',
        channelId: '1',
      });
      for (const id of ['', 'abc', '%', '****', `${planId}0`]) expect(await offers.get(id)).toBeUndefined();
      await expect(
        offers.place(samplePlan('nowhere').planId, { channelId: '1', messageId: '2', threadId: '3' }),
      ).rejects.toThrow();
    });

    it('is over once its last open trade has closed, and lives again when it is taken after all', async () => {
      const { planId, shadow } = await offer('over');
      await take('ann', 'over');
      const end = stepped(shadow, 'expired', 'closed');
      expect(await store.system.trades.apply([end.change], end.alerts)).toBe(true);
      expect((await store.system.offers.get(planId))?.isOver).toBe(false);
      const own = stepped(takenBy('ann', 'over'), 'closed_by_member', 'closed');
      expect(await store.as('ann').trades.apply(own.change, own.alerts)).toBe(true);
      expect((await store.system.offers.get(planId))?.isOver).toBe(true);
      expect((await store.system.offers.open()).map((o) => o.plan.planId)).not.toContain(planId);
      await take('bob', 'over');
      expect((await store.system.offers.open()).map((o) => o.plan.planId)).toContain(planId);
    });

    it('for everybody is seen by members, without what it was computed from', async () => {
      const { planId } = samplePlan('first');
      expect((await store.as('bob').offers.get(planId))?.plan.planId).toBe(planId);
      const since = await store.as('bob').offers.since(samplePlan('first').decidedAt);
      expect(since.map((o) => o.plan.planId)).toContain(planId);
    });
  });

  describe('a trade', () => {
    it('is taken once, found by its owner alone, and its steps with it', async () => {
      const { planId } = await offer('taken');
      const trade = takenBy('ann', 'taken');
      expect(await take('ann', 'taken')).toBe('taken');
      expect(await take('ann', 'taken')).toBe('already');
      expect(await take('bob', 'taken')).toBe('taken');
      expect((await store.as('ann').trades.list({ limit: 1 }))[0]).toEqual(trade);
      expect(await store.as('ann').trades.get(trade.tradeId.slice(0, 12))).toEqual(trade);
      const one = stepped(trade, 'triggered', 'triggered');
      expect(await store.as('ann').trades.apply(one.change, one.alerts)).toBe(true);
      expect(await store.as('ann').trades.steps(trade.tradeId)).toEqual([one.step]);
      expect(await store.as('bob').trades.get(trade.tradeId)).toBeUndefined();
      expect(await store.as('bob').trades.steps(trade.tradeId)).toEqual([]);
      expect(await store.system.trades.ofPlan(planId)).toHaveLength(3);
    });

    it('taken at a price begins with its first step', async () => {
      await offer('filled');
      const one = stepped(takenBy('ann', 'filled'), 'triggered', 'triggered');
      const before = await depth();
      const entry = { trade: one.change.trade, steps: [one.step], alerts: one.alerts };
      expect(await store.as('ann').trades.take(entry)).toBe('taken');
      expect(await store.as('ann').trades.take(entry)).toBe('already');
      expect(await store.as('ann').trades.steps(one.step.tradeId)).toEqual([one.step]);
      expect(await depth()).toBe(before + 1);
    });

    it('is open until it ends', async () => {
      const { tradeId } = takenBy('ann', 'over');
      const open = (await store.system.trades.open()).map((t) => t.tradeId);
      expect(open).toContain(takenBy('ann', 'taken').tradeId);
      expect(open).not.toContain(tradeId);
      const own = (await store.as('ann').trades.list({ openOnly: true })).map((t) => t.tradeId);
      expect(own).not.toContain(tradeId);
      expect((await store.as('ann').trades.list()).map((t) => t.tradeId)).toContain(tradeId);
    });

    it('of no plan is refused', async () => {
      await expect(take('ann', 'never offered')).rejects.toMatchObject({ kind: 'constraint', sqlState: '23503' });
    });
  });

  describe('a change of several trades', () => {
    it('is written whole or not at all', async () => {
      const { planId, shadow } = await offer('together');
      const trade = takenBy('ann', 'together');
      await take('ann', 'together');
      const first = stepped(trade);
      expect(await store.system.trades.apply([first.change], first.alerts)).toBe(true);
      const before = await depth();
      const fresh = stepped(shadow);
      // The trade has moved on since.
      expect(await store.system.trades.apply([fresh.change, first.change], [...fresh.alerts, ...first.alerts])).toBe(
        false,
      );
      expect(await store.system.trades.ofPlan(planId)).toEqual(expect.arrayContaining([shadow, first.change.trade]));
      expect(await depth()).toBe(before);
      const second = stepped(first.change.trade);
      expect(await store.system.trades.apply([fresh.change, second.change], [...fresh.alerts, ...second.alerts])).toBe(
        true,
      );
      expect(await store.as('ann').trades.steps(trade.tradeId)).toEqual([first.step, second.step]);
      expect(await depth()).toBe(before + 2);
    });

    it('that belies itself is refused, and leaves nothing', async () => {
      const trade = stepped(stepped(takenBy('ann', 'together')).change.trade).change.trade;
      const { change, step } = stepped(trade);
      const before = await depth();
      const alerts = [alertOf(trade.planId, 'never seen')];
      const bad = [
        [{ ...change, steps: [] }],
        [{ ...change, steps: [step, step] }],
        [{ ...change, steps: [{ ...step, seq: 7 }] }],
        [{ ...change, steps: [{ ...step, tradeId: takenBy('bob', 'taken').tradeId }] }],
        [{ ...change, trade: { ...change.trade, state: 'dreaming' as 'armed' } }],
        [change, change],
      ];
      for (const changes of bad) {
        await expect(store.system.trades.apply(changes, alerts)).rejects.toMatchObject({ kind: 'constraint' });
      }
      const stranger = { ...change, trade: { ...change.trade, memberId: 'bob' } };
      expect(await store.system.trades.apply([stranger], alerts)).toBe(false);
      expect(await depth()).toBe(before);
      expect(await store.as('ann').trades.get(trade.tradeId)).toEqual(trade);
    });
  });
});
