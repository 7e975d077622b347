import { beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { offered, provenance, stepped, takenBy } from './life.ts';
import { samplePlan } from './plan.ts';

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    for (const memberId of ['ann', 'bob']) await store.system.members.ensure({ memberId, name: memberId });
  });
  const waiting = async () => await store.system.outbox.depth();

  it('keeps an offered setup, its offer, its shadow and its alert together, once', async () => {
    const { setups, offers, trades } = store.system;
    const { setup, offer } = offered('first');
    expect(await setups.record({ setup, offer })).toBe(true);
    expect(await setups.record({ setup, offer })).toBe(false);
    expect(await setups.since(setup.detectedAt)).toEqual([setup]);
    expect(await offers.get(offer.plan.planId.slice(0, 6))).toMatchObject({
      plan: offer.plan,
      memberId: null,
      provenance,
      isOver: false,
    });
    expect(await offers.inputsOf(offer.plan.planId)).toEqual(offer.inputs);
    expect(await trades.ofPlan(offer.plan.planId)).toEqual([offer.shadow]);
    expect(await waiting()).toBe(1);
  });

  it('takes, moves and ends a trade', async () => {
    const { planId } = samplePlan('first');
    const ann = store.as('ann').trades;
    const trade = takenBy('ann', 'first');
    expect(await ann.take({ trade, steps: [], alerts: [] })).toBe('taken');
    expect(await ann.take({ trade, steps: [], alerts: [] })).toBe('already');
    expect(await ann.list()).toEqual([trade]);
    const one = stepped(trade);
    expect(await ann.apply(one.change, one.alerts)).toBe(true);
    expect(await ann.apply(one.change, one.alerts)).toBe(false);
    const shadow = stepped(offered('first').offer.shadow, 'expired', 'closed');
    const end = stepped(one.change.trade, 'closed_by_member', 'closed');
    expect(await store.system.trades.apply([shadow.change, end.change], [...shadow.alerts, ...end.alerts])).toBe(true);
    expect(await ann.steps(trade.tradeId)).toEqual([one.step, end.step]);
    expect((await store.as('bob').offers.get(planId))?.isOver).toBe(true);
    expect(await store.as('bob').trades.get(trade.tradeId)).toBeUndefined();
    expect(await store.as('ann').trades.get(trade.tradeId)).toEqual(end.change.trade);
    expect(await store.system.trades.open()).toEqual([]);
    expect(await waiting()).toBe(4);
  });

  describe("a plan of one's own", () => {
    it('becomes an offer that nobody else sees', async () => {
      const plan = samplePlan('own');
      const trade = takenBy('ann', 'own');
      expect(await store.as('ann').trades.take({ trade, steps: [], alerts: [], offer: { plan, provenance } })).toBe(
        'taken',
      );
      expect(await store.as('bob').offers.get(plan.planId)).toBeUndefined();
      expect((await store.as('ann').offers.get(plan.planId))?.memberId).toBe('ann');
    });
  });
});
