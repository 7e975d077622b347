import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertIdOf, type OfferAlert } from '../../src/domain/alert.ts';
import { ownPlanIdOf } from '../../src/domain/build-plan.ts';
import { advance, advanceAll } from '../../src/domain/trade/advance.ts';
import { openShadow, openTrade } from '../../src/domain/trade.ts';
import { createLives } from '../../src/services/lives.ts';
import { type Kept, outgoing } from '../../src/services/outgoing.ts';
import { createTrades } from '../../src/services/trades.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { realLives } from '../domain/trade/real-lives.ts';
import { barEvents } from '../domain/trade/table.ts';
import { type Backend, silent, startHere } from '../store/backend.ts';
import { playedTape } from './trade-house.ts';

const MINUTE_MS = 60_000;
const recorded = realLives();
let backend: Backend;
let store: Store;
beforeAll(async () => {
  backend = await startHere();
  store = createStore({ ...backend, log: silent, deadlineMs: 60_000 });
});
afterAll(() => backend.stop());

/** A life in which everything happens: filled, sold in part, stopped on the rest. */
function wholeLife() {
  const found = recorded.find(({ plan, bars }) => {
    const kinds = advanceAll(openShadow(plan), barEvents(bars)).steps.map(({ kind }) => kind);
    return kinds.includes('target') && kinds.includes('stopped');
  });
  if (!found) throw new Error('no such life is recorded');
  return found;
}

/** Lives and trades on the real store, fed by a played tape. */
function livesOn(tape: ReturnType<typeof playedTape>) {
  const clock = { now: () => tape.now };
  const lives = createLives({
    minutes: tape.minutes,
    trades: store.system.trades,
    alerts: { kick() {} },
    clock,
    log: silent,
  });
  const trades = createTrades({
    store,
    lives,
    members: { risk: async () => ({ accountDollars: 1_000_000, riskPct: 1, isDefault: false }) },
    market: { prices: async () => ({ value: new Map(), asOf: tape.now, delayed: false }) },
    tape: { last: () => undefined },
    origin: { label: 'test', noteFor: () => undefined },
    clock,
  });
  return { lives, trades };
}

test('a life in Postgres is the life of the domain: steps, alerts in order, and offers that end with it', async () => {
  const { plan, bars } = wholeLife();
  const { planId, symbol, setup, decidedAt } = plan;
  const tape = playedTape(bars, decidedAt);
  const build = () => livesOn(tape);
  const rest = (lives: ReturnType<typeof createLives>) => lives.during(planId, async () => {});

  const alert: OfferAlert = { kind: 'offer', planId, symbol, memberId: null, at: decidedAt };
  const now = { seenAt: decidedAt, seenWallAt: 0, decidedWallAt: 0 };
  const provenance = { asOf: decidedAt, source: 'test', timeliness: 'live' } as const;
  await store.system.setups.record({
    setup: { ...setup, symbol, timeframe: '5m', direction: plan.direction, outcome: 'offered', planId },
    offer: { plan, inputs: {}, provenance, shadow: openShadow(plan), alert: outgoing(alert, now) },
  });
  const first = build();
  await first.lives.start();
  const ann = { memberId: '7', name: 'Ann' };
  const bob = { memberId: '8', name: 'Bob' };
  await first.trades.take(ann, planId, { shares: 9 });
  await first.trades.take(bob, planId, { shares: 4, fillPrice: plan.referencePrice });
  expect((await first.trades.take(bob, planId, { shares: 4 })).outcome).toBe('already');
  for (const minutes of [5, 40]) {
    tape.playTo(decidedAt + minutes * MINUTE_MS);
    await rest(first.lives);
  }
  first.lives.stop();
  const second = build();
  await second.lives.start();
  tape.playTo((bars.at(-1)?.openAt ?? 0) + 2 * MINUTE_MS);
  await rest(second.lives);

  const annsTrade = openTrade(plan, { memberId: '7', shares: 9, takenAt: decidedAt });
  const bobsTrade = openTrade(plan, { memberId: '8', shares: 4, fillPrice: plan.referencePrice, takenAt: decidedAt });
  const bobsFill = advance(bobsTrade, { kind: 'clock', at: decidedAt });
  expect(await store.as('7').trades.steps(annsTrade.tradeId)).toEqual(advanceAll(annsTrade, barEvents(bars)).steps);
  expect(await store.as('8').trades.steps(bobsTrade.tradeId)).toEqual([
    ...bobsFill.steps,
    ...advanceAll(bobsFill.trade, barEvents(bars)).steps,
  ]);
  expect(await store.system.offers.open()).toEqual([]);
  expect(await store.system.trades.open()).toEqual([]);

  const told: Kept['alert'][] = [];
  for (
    let claims = await store.system.outbox.claim(10, 60);
    claims.length > 0;
    claims = await store.system.outbox.claim(10, 60)
  ) {
    for (const { alertId, payload, attempts } of claims) {
      told.push((payload as Kept).alert);
      await store.system.outbox.settle(alertId, '1', attempts);
    }
  }
  expect(told[0]?.kind).toBe('offer');
  expect(new Set(told.map(alertIdOf)).size).toBe(told.length);
  const shadowSteps = advanceAll(openShadow(plan), barEvents(bars)).steps;
  const shared = told.flatMap((one) => (one.kind === 'step' && !one.own ? [one.step.stepId] : []));
  expect(shared).toEqual(shadowSteps.map(({ stepId }) => stepId));
  const ofAnn = told.filter((one) => one.kind === 'step' && one.mentions.includes('7'));
  expect(ofAnn.length).toBe(shadowSteps.length);
  second.lives.stop();
});

test("a member's own plan lives in private, is corrected and closed under their own key", async () => {
  const { plan: shared, bars } = recorded[30] ?? wholeLife();
  const plan = { ...shared, planId: ownPlanIdOf(shared.planId, '9'), sharedId: shared.planId };
  const tape = playedTape(bars, plan.decidedAt);
  const { lives, trades } = livesOn(tape);
  await lives.start();
  await store.system.members.ensure({ memberId: '9', name: 'Cy' });
  await store.as('9').plans.save(plan);
  const { trade } = await trades.take({ memberId: '9', name: 'Cy' }, plan.planId, {
    shares: 5,
    fillPrice: plan.referencePrice,
  });
  const price = Math.round(plan.referencePrice * 1.0005 * 100) / 100;
  const corrected = await trades.correct('9', trade.tradeId, price);
  expect(corrected.head.fillPrice).toBe(price);
  const closed = await trades.close('9', trade.tradeId.slice(0, 12), price);
  expect(closed.result).toMatchObject({ outcome: 'closed_by_member', realisedR: 0 });
  expect((await trades.show('9', trade.tradeId)).steps.map(({ kind }) => kind)).toEqual([
    'triggered',
    'fill_corrected',
    'closed_by_member',
  ]);
  const claimed = await store.system.outbox.claim(1, 60);
  expect(claimed.map(({ kind }) => kind)).toEqual(['offer']);
  await expect(trades.close('7', trade.tradeId)).rejects.toThrow(/^You have no trade/);
  lives.stop();
});
