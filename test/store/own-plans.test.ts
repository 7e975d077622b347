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
    await store.system.setups.record(offered('public'));
  });
  const depth = () => store.system.outbox.depth();
  const ownOf = (memberId: string, seed: string) => {
    const plan = samplePlan(seed);
    const offer = { plan, inputs: { of: seed }, provenance };
    const alerts = [alertOf(plan.planId, `offer ${memberId} ${seed}`, 'offer')];
    return { trade: takenBy(memberId, seed), steps: [], alerts, offer };
  };

  describe("a plan of one's own that is taken", () => {
    it('becomes an offer that nobody else sees, with its alert', async () => {
      const { planId } = samplePlan('own');
      const before = await depth();
      expect(await store.as('ann').trades.take(ownOf('ann', 'own'))).toBe('taken');
      expect(await store.as('ann').trades.take(ownOf('ann', 'own'))).toBe('already');
      expect(await store.as('ann').offers.get(planId)).toMatchObject({ memberId: 'ann', provenance });
      expect(await store.as('bob').offers.get(planId)).toBeUndefined();
      expect((await store.as('bob').offers.since(0)).map((o) => o.memberId)).not.toContain('ann');
      expect(await store.system.offers.inputsOf(planId)).toEqual({ of: 'own' });
      expect(await depth()).toBe(before + 1);
    });

    it('joins the offer where everybody has it, and is not told twice', async () => {
      const before = await depth();
      expect(await store.as('ann').trades.take(ownOf('ann', 'public'))).toBe('taken');
      expect((await store.system.offers.get(samplePlan('public').planId))?.memberId).toBeNull();
      expect(await depth()).toBe(before);
    });

    it('cannot be lived beside the same plan in private of another member', async () => {
      const refused = { kind: 'constraint', sqlState: '23505' };
      await expect(store.as('bob').trades.take(ownOf('bob', 'own'))).rejects.toMatchObject(refused);
      const bare = { trade: takenBy('bob', 'own'), steps: [], alerts: [] };
      await expect(store.as('bob').trades.take(bare)).rejects.toMatchObject(refused);
      expect(await store.system.trades.ofPlan(samplePlan('own').planId)).toHaveLength(1);
    });

    it("is everybody's once the scanner finds the same, with a card and a thread of its own", async () => {
      const { setup, offer } = offered('own');
      const { planId } = offer.plan;
      await store.system.offers.place(planId, { channelId: '1', messageId: '2', threadId: '3' });
      expect(await store.system.setups.record({ setup, offer })).toBe(true);
      const found = await store.as('bob').offers.get(planId);
      expect(found?.memberId).toBeNull();
      expect(found?.threadId).toBeUndefined();
      expect(await store.system.offers.inputsOf(planId)).toEqual(offer.inputs);
      expect((await store.system.trades.ofPlan(planId)).map((t) => t.memberId).sort()).toEqual(['ann', null]);
      expect(await store.as('bob').trades.take({ trade: takenBy('bob', 'own'), steps: [], alerts: [] })).toBe('taken');
    });
  });

  describe('what a member may not write', () => {
    const forbidden = { kind: 'forbidden', sqlState: '42501' };

    it("is another member's trade, or the shadow", async () => {
      const { trades } = store.as('bob');
      const anns = stepped(takenBy('ann', 'public'));
      const shadow = stepped(offered('public').offer.shadow);
      await expect(trades.take({ trade: takenBy('ann', 'public'), steps: [], alerts: [] })).rejects.toMatchObject(
        forbidden,
      );
      await expect(trades.apply(anns.change, anns.alerts)).rejects.toMatchObject(forbidden);
      await expect(trades.apply(shadow.change, shadow.alerts)).rejects.toMatchObject(forbidden);
      const renamed = { ...anns.change, trade: { ...anns.change.trade, memberId: 'bob' } };
      await expect(trades.apply(renamed, [])).rejects.toMatchObject(forbidden);
      expect((await store.as('ann').trades.get(anns.change.trade.tradeId))?.seq).toBe(0);
    });

    it('is an alert that does not speak of the steps of the call', async () => {
      const { trades } = store.as('ann');
      const { planId } = samplePlan('public');
      const { change, alerts, step } = stepped(takenBy('ann', 'public'));
      const before = await depth();
      const bad = [
        { ...alertOf(planId, step.stepId), stream: 'alerts' },
        { ...alertOf(planId, step.stepId), stream: `plan:${samplePlan('own').planId}` },
        { ...alertOf(planId, step.stepId), kind: 'health' },
        alertOf(planId, stepped(offered('public').offer.shadow).step.stepId),
        alertOf(planId, 'an offer', 'offer'),
      ];
      for (const one of bad) await expect(trades.apply(change, [...alerts, one])).rejects.toMatchObject(forbidden);
      expect(await depth()).toBe(before);
      expect(await trades.apply(change, alerts)).toBe(true);
    });

    it("is a step by the name of another trade's", async () => {
      const { change } = stepped(stepped(takenBy('ann', 'public')).change.trade);
      const [step] = change.steps;
      const stolen = stepped(offered('public').offer.shadow).step.stepId;
      const steps = step === undefined ? [] : [{ ...step, stepId: stolen }];
      await expect(store.as('ann').trades.apply({ ...change, steps }, [])).rejects.toMatchObject(forbidden);
    });

    it('is an offer of another plan than the trade is of', async () => {
      const { offer } = ownOf('ann', 'elsewhere');
      const entry = { trade: takenBy('ann', 'mismatch'), steps: [], alerts: [], offer };
      await expect(store.as('ann').trades.take(entry)).rejects.toMatchObject({ kind: 'constraint' });
      expect(await store.as('ann').offers.get(offer.plan.planId)).toBeUndefined();
    });
  });
});
