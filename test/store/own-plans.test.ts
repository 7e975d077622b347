import { beforeAll, describe, expect, it } from 'vitest';
import type { HealthAlert, SessionAlert, StepAlert } from '../../src/domain/alert.ts';
import { openTrade } from '../../src/domain/trade.ts';
import type { Kept } from '../../src/services/outgoing.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { alertOf, offered, offerOf, provenance, rowOf, stepped, takenBy, takenOwn } from './life.ts';
import { ownPlan, samplePlan } from './plan.ts';

const openAlert: SessionAlert = {
  kind: 'session',
  transition: 'open',
  on: '2026-11-23',
  at: 1,
  opensAt: 1,
  closesAt: 2,
  earlyClose: false,
};
const healthAlert: HealthAlert = {
  kind: 'health',
  part: 'clock',
  state: 'down',
  since: 0,
  at: 0,
  reason: 'made up',
  works: 'nothing',
};

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    for (const memberId of ['ann', 'bob']) await store.system.members.ensure({ memberId, name: memberId });
    await store.system.setups.record(offered('public'));
    await store.as('ann').trades.take({ trade: takenBy('ann', 'public'), steps: [], alerts: [] });
  });
  const forbidden = { kind: 'forbidden', sqlState: '42501' };
  const depth = () => store.system.outbox.depth();

  describe("a plan of one's own that is taken", () => {
    it('becomes an offer that nobody else sees, with its alert', async () => {
      const { planId } = ownPlan('ann', 'own');
      const before = await depth();
      expect(await store.as('ann').trades.take(takenOwn('ann', 'own'))).toBe('taken');
      expect(await store.as('ann').trades.take(takenOwn('ann', 'own'))).toBe('already');
      expect(await store.as('ann').offers.get(planId)).toMatchObject({ memberId: 'ann', provenance });
      expect(await store.as('bob').offers.get(planId)).toBeUndefined();
      expect((await store.as('bob').offers.since(0)).map((o) => o.memberId)).not.toContain('ann');
      expect(await store.system.offers.inputsOf(planId)).toEqual({ of: 'own' });
      expect(await depth()).toBe(before + 1);
    });

    it('is lived beside the same plan of another member', async () => {
      expect(await store.as('bob').trades.take(takenOwn('bob', 'own'))).toBe('taken');
      expect((await store.as('bob').offers.get(ownPlan('bob', 'own').planId))?.memberId).toBe('bob');
    });

    it('stays private with its thread when the scanner finds the same for everybody', async () => {
      const own = ownPlan('ann', 'own');
      await store.system.offers.place(own.planId, { channelId: '1', messageId: '2', threadId: '3' });
      const before = await store.system.offers.get(own.planId);
      expect(await store.system.setups.record(offered('own'))).toBe(true);
      expect(await store.system.offers.get(own.planId)).toEqual(before);
      expect((await store.system.trades.ofPlan(own.planId)).map((t) => t.memberId)).toEqual(['ann']);
      const { planId } = samplePlan('own');
      expect((await store.as('bob').offers.get(planId))?.memberId).toBeNull();
      expect((await store.system.trades.ofPlan(planId)).map((t) => t.memberId)).toEqual([null]);
      expect(await store.as('bob').trades.take({ trade: takenBy('bob', 'own'), steps: [], alerts: [] })).toBe('taken');
    });

    it('tells its owner of its steps', async () => {
      const { trade } = takenOwn('ann', 'own');
      const { change, alerts } = stepped(trade, 'fill_corrected', 'armed', false);
      const before = await depth();
      expect(await store.as('ann').trades.apply(change, alerts)).toBe(true);
      expect(await depth()).toBe(before + 1);
    });

    it('is not in the way of an offer for everybody by whatever id it says to have', async () => {
      const { offer, setup } = offered('to come');
      const { planId } = offer.plan;
      const forged = [
        { ...offer.plan, stop: { ...offer.plan.stop, price: 1 } },
        { ...ownPlan('bob', 'to come'), planId },
      ];
      for (const plan of [...forged, ownPlan('ann', 'to come')]) {
        const trade = openTrade(plan, { memberId: 'bob', shares: 1, takenAt: plan.decidedAt });
        const entry = { trade, steps: [], alerts: [], offer: { plan, provenance } };
        await expect(store.as('bob').trades.take(entry)).rejects.toMatchObject(forbidden);
      }
      expect(await store.system.setups.record({ setup, offer })).toBe(true);
      expect((await store.as('ann').offers.get(planId))?.plan).toEqual(offer.plan);
    });

    it('is not joined to an offer of everybody by bringing that along', async () => {
      const { plan } = offered('public').offer;
      const entry = { trade: takenBy('bob', 'public'), steps: [], alerts: [], offer: { plan, provenance } };
      await expect(store.as('bob').trades.take(entry)).rejects.toMatchObject(forbidden);
    });
  });

  it('an offer under an id that stands already is refused whole, and what stands stays as it is', async () => {
    const { setup, offer } = offered('public');
    const before = await store.system.offers.get(offer.plan.planId);
    const again = { setup: { ...setup, setupId: 'another' }, offer };
    await expect(store.system.setups.record(again)).rejects.toMatchObject({ kind: 'constraint', sqlState: '23505' });
    expect(await store.system.offers.get(offer.plan.planId)).toEqual(before);
    expect((await store.system.setups.since(0)).map((one) => one.setupId)).not.toContain('another');
  });

  describe('what a member may not write', () => {
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
      const { change, alerts } = stepped(takenBy('ann', 'public'));
      const [sound] = alerts;
      if (sound === undefined) throw new Error('nothing told');
      const kept = sound.payload as Kept;
      const alert = kept.alert as StepAlert;
      const saying = (more: Partial<StepAlert>) => ({ ...sound, payload: { ...kept, alert: { ...alert, ...more } } });
      const before = await depth();
      const bad = [
        { ...sound, stream: 'alerts' },
        { ...sound, stream: `plan:${ownPlan('ann', 'own').planId}` },
        { ...sound, kind: 'health' },
        { ...sound, channel: 'alerts' },
        { ...sound, priority: 1 as const },
        { ...sound, nonce: 'another' },
        { ...sound, alertId: stepped(offered('public').offer.shadow).step.stepId },
        { ...sound, payload: { ...kept, alert: healthAlert } },
        { ...sound, payload: { ...kept, seenAt: 'late' } },
        { ...sound, payload: null },
        saying({ mentions: ['ann', 'bob'] }),
        saying({ mentions: ['bob'] }),
        saying({ memberId: 'bob' }),
        saying({ own: false }),
        saying({ planId: ownPlan('ann', 'own').planId }),
        saying({ symbol: 'EVE' }),
        saying({ direction: 'short' }),
        saying({ at: 0 }),
        saying({ step: { ...alert.step, reason: 'another' } }),
        saying({ step: stepped(offered('public').offer.shadow).step }),
        rowOf(healthAlert),
        rowOf(openAlert),
        offerOf(samplePlan('public'), 'ann'),
        offerOf(samplePlan('public'), null),
        alertOf(samplePlan('public').planId, 'e'.repeat(64)),
      ];
      for (const one of bad) {
        await expect(trades.apply(change, [...alerts, one]), JSON.stringify(one)).rejects.toMatchObject(forbidden);
      }
      expect(await depth()).toBe(before);
      expect(await trades.apply(change, alerts)).toBe(true);
    });

    it('is an offer in the outbox that is not that of the plan they take', async () => {
      const entry = takenOwn('bob', 'told');
      const [sound] = entry.alerts;
      if (sound === undefined) throw new Error('nothing told');
      const future = samplePlan('to be offered');
      const squats = [rowOf(openAlert), offerOf(future, null)].map(({ alertId }) => ({ ...sound, alertId }));
      const bad = [
        ...squats,
        ...squats.map(({ alertId }) => ({ ...sound, alertId, nonce: alertId.slice(0, 25) })),
        { ...sound, channel: 'alerts' },
        { ...sound, priority: 0 as const },
        { ...sound, payload: rowOf(healthAlert).payload },
        { ...sound, payload: rowOf(openAlert).payload },
        offerOf(entry.offer.plan, null),
        offerOf(entry.offer.plan, 'ann'),
        offerOf(future, 'bob'),
        rowOf(openAlert),
      ];
      for (const one of bad) {
        const alerts = [...entry.alerts, one];
        await expect(store.as('bob').trades.take({ ...entry, alerts }), JSON.stringify(one)).rejects.toMatchObject(
          forbidden,
        );
      }
      expect(await store.as('bob').offers.get(entry.offer.plan.planId)).toBeUndefined();
      expect(await store.system.outbox.enqueue(rowOf(openAlert))).toBe(true);
      expect(await store.as('bob').trades.take(entry)).toBe('taken');
    });

    it('is a trade of an offer that names another symbol or side', async () => {
      const trade = { ...takenBy('bob', 'public'), symbol: 'EVE' };
      const { trades } = store.as('bob');
      await expect(trades.take({ trade, steps: [], alerts: [] })).rejects.toMatchObject({ kind: 'constraint' });
      const { change } = stepped(stepped(takenBy('ann', 'public')).change.trade);
      const turned = { ...change, trade: { ...change.trade, direction: 'short' as const } };
      expect(await store.as('ann').trades.apply(turned, [])).toBe(false);
    });

    it("is a step by the name of another trade's", async () => {
      const { change } = stepped(stepped(takenBy('ann', 'public')).change.trade);
      const [step] = change.steps;
      const stolen = stepped(offered('public').offer.shadow).step.stepId;
      const steps = step === undefined ? [] : [{ ...step, stepId: stolen }];
      await expect(store.as('ann').trades.apply({ ...change, steps }, [])).rejects.toMatchObject(forbidden);
    });

    it('is an offer of another plan than the trade is of', async () => {
      const { offer } = takenOwn('ann', 'elsewhere');
      const entry = { trade: takenBy('ann', 'mismatch'), steps: [], alerts: [], offer };
      await expect(store.as('ann').trades.take(entry)).rejects.toMatchObject({ kind: 'constraint' });
      expect(await store.as('ann').offers.get(offer.plan.planId)).toBeUndefined();
    });
  });
});
