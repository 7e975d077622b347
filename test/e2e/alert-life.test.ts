import type { APIMessage } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { healthCard } from '../../src/cards/health-card.ts';
import { offerCard } from '../../src/cards/offer-card.ts';
import { stepCard } from '../../src/cards/step-card.ts';
import type { Alert, OfferAlert } from '../../src/domain/alert.ts';
import { ownPlanIdOf } from '../../src/domain/build-plan.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { openShadow, openTrade } from '../../src/domain/trade.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createAlerts } from '../../src/services/alerts.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { alertsOf, shadowOn } from '../cards/told-steps.ts';
import { auditRequests } from '../contracts/discord/audit.ts';
import { type BotStage, setBotStage } from '../discord/stage.ts';
import { FILLED, longPlan } from '../domain/trade/table.ts';
import { createPushedClock, type PushedClock } from '../sandbox/discord/stage.ts';
import { type Backend, silent, startHere } from '../store/backend.ts';

const provenance = { asOf: longPlan.decidedAt, source: 'Massive', timeliness: 'live' as const };
const AWAY_MS = 10 * 60_000;
const never = new Promise<never>(() => {});

/** Triggered, T1, back to the entry. */
const lifeOf = (plan: Plan) =>
  shadowOn([FILLED, ['10:31', 100.4, 101.2, 100.3, 101], ['10:32', 101, 101, 99.9, 99.9]], [], plan);

describe('the life of a plan', () => {
  let time: PushedClock;
  let stage: BotStage;
  let backend: Backend;
  let store: Store;
  let plans = 0;
  /** A new one for each test. */
  let plan: Plan;
  let life: ReturnType<typeof lifeOf>;
  beforeAll(async () => {
    backend = await startHere();
    store = createStore({ ...backend, log: silent });
  });
  afterAll(() => backend.stop());
  beforeEach(async () => {
    plan = { ...longPlan, planId: `${plans++}`.repeat(64) };
    life = lifeOf(plan);
    time = createPushedClock();
    stage = await setBotStage({ discord: { clock: time } });
    await stage.bot.start();
    await store.system.members.ensure({ memberId: stage.discord.users.pro, name: 'Peter' });
  });
  afterEach(() => stage.stop());

  const draw = (alert: Alert, lateMs: number): Card => {
    if (alert.kind === 'step') return stepCard(alert, lateMs, 'Massive');
    if (alert.kind === 'health') return healthCard(alert, lateMs, 'Massive');
    if (alert.kind === 'offer') return offerCard({ plan, provenance, memberId: alert.memberId });
    throw new Error('the session is told elsewhere');
  };
  type Over = { readonly [Part in 'outbox' | 'posts']?: object };
  const alertsOver = (over: Over = {}) =>
    createAlerts<Card>({
      outbox: { ...store.system.outbox, ...over.outbox },
      offers: store.system.offers,
      posts: { ...stage.bot, ...over.posts },
      rooms: stage.discord.channels,
      draw,
      ownerId: stage.discord.users.owner,
      clock: { now: () => plan.decidedAt },
      wall: time,
      log: silent,
      metrics: createMetrics(),
    });

  const offer = (memberId: string | null): OfferAlert => ({
    kind: 'offer',
    planId: plan.planId,
    symbol: 'TEST',
    memberId,
    at: plan.decidedAt,
  });
  const told = (): Alert[] => alertsOf(life).map((step) => ({ ...step, mentions: [stage.discord.users.pro] }));

  async function record(): Promise<void> {
    const { outgoing } = alertsOver();
    const shadow = openShadow(plan);
    const { setup } = plan;
    await store.system.setups.record({
      setup: {
        ...setup,
        setupId: plan.planId,
        symbol: 'TEST',
        direction: 'long',
        outcome: 'offered',
        planId: plan.planId,
      },
      offer: { plan, inputs: {}, provenance, shadow, alert: outgoing(offer(null)) },
    });
    const change = { trade: life.trade, fromSeq: shadow.seq, steps: life.steps };
    expect(await store.system.trades.apply([change], told().map(outgoing))).toBe(true);
  }

  const seen = (channelId: string): APIMessage[] => stage.discord.person.messages(stage.discord.users.pro, channelId);
  const threads = () =>
    stage.discord.person.state(stage.discord.users.pro).channels.filter(({ parentId }) => parentId !== undefined);
  const titlesIn = (channelId: string) => seen(channelId).map(({ embeds }) => embeds[0]?.title?.split(' ')[0]);

  /** The database's own clock was not pushed: its retries take real seconds. */
  async function untilTold(alerts: ReturnType<typeof alertsOver>): Promise<void> {
    const done = Promise.withResolvers<void>();
    const look = (): void => {
      if (seen(threads()[0]?.id ?? stage.discord.channels.welcome).length >= life.steps.length) done.resolve();
    };
    const quiet = stage.discord.person.listen(stage.discord.users.pro, look);
    alerts.start();
    await done.promise;
    quiet();
    await alerts.stop();
    expect(await store.system.outbox.depth()).toBe(0);
  }

  function expectOneLife(): void {
    const { plans } = stage.discord.channels;
    expect(seen(plans)).toHaveLength(1);
    expect(threads()).toEqual([
      expect.objectContaining({ name: `TEST long · a breakout · ${plan.planId.slice(0, 6)}`, parentId: plans }),
    ]);
    expect(titlesIn(threads()[0]?.id ?? '')).toEqual(['Triggered', 'T1', 'Stopped']);
  }

  it('is a card in #plans and its steps in the thread below, in order, pinging who took it, all valid for Discord', async () => {
    await record();
    await alertsOver().pump();
    expectOneLife();
    const steps = seen(threads()[0]?.id ?? '');
    for (const { mentions, content } of steps) {
      expect(mentions.map(({ id }) => id)).toEqual([stage.discord.users.pro]);
      expect(content).toBe(`<@${stage.discord.users.pro}>`);
    }
    expect(await store.system.offers.get(plan.planId)).toMatchObject({ threadId: threads()[0]?.id });
    expect(auditRequests(stage.discord.requests)).toEqual([]);
    expect(await store.system.outbox.depth()).toBe(0);
  });

  it('is told late and marked so after an outage, each step once', async () => {
    await record();
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 502, { times: 40 });
    const alerts = alertsOver();
    await alerts.pump();
    expect(seen(stage.discord.channels.plans)).toEqual([]);
    stage.discord.faults.clear();
    time.push(AWAY_MS);
    await untilTold(alerts);
    expect(seen(stage.discord.channels.plans)).toHaveLength(1);
    expect(titlesIn(threads()[0]?.id ?? '')).toEqual(['LATE', 'LATE', 'LATE']);
  });

  it.each([
    ['the card stood', 1],
    ['the first step stood', 2],
  ] as const)('is told once by a bot that was killed when %s and came back ten minutes later', async (_when, posts) => {
    await record();
    const dead = Promise.withResolvers<void>();
    let left = posts;
    const killed = alertsOver({
      // its leases are over when the next process comes
      outbox: { claim: (n: number) => store.system.outbox.claim(n, 0) },
      posts: {
        async post(...args: Parameters<typeof stage.bot.post>) {
          const done = await stage.bot.post(...args);
          left -= 1;
          if (left > 0) return done;
          dead.resolve();
          return never;
        },
      },
    });
    void killed.pump();
    await dead.promise;
    await killed.stop();
    time.push(AWAY_MS);
    await untilTold(alertsOver());
    expect(seen(stage.discord.channels.plans)).toHaveLength(1);
    expect(threads()).toHaveLength(1);
    expect(seen(threads()[0]?.id ?? '')).toHaveLength(3);
  });

  it('of a member’s own plan stays between the member and the bot', async () => {
    const { pro, free } = stage.discord.users;
    const { outgoing, pump } = alertsOver();
    plan = { ...plan, planId: ownPlanIdOf(plan.planId, pro), sharedId: plan.planId };
    await store.as(pro).trades.take({
      trade: openTrade(plan, { memberId: pro, shares: 10, takenAt: plan.decidedAt }),
      steps: [],
      alerts: [outgoing(offer(pro))],
      offer: { plan, provenance },
    });
    await pump();
    expect(seen(stage.discord.channels.plans)).toEqual([]);
    expect(threads()).toEqual([expect.objectContaining({ name: `TEST long ${plan.planId.slice(0, 6)}` })]);
    expect(seen(threads()[0]?.id ?? '')).toHaveLength(1);
    const ofOthers = stage.discord.person.state(free).channels.filter(({ parentId }) => parentId !== undefined);
    expect(ofOthers).toEqual([]);
  });

  it('ends quietly when somebody deleted its thread: #ops hears it once', async () => {
    await record();
    const killed = alertsOver();
    await killed.pump();
    const thread = threads()[0]?.id ?? '';
    await fetch(`${stage.discord.apiUrl}/v10/channels/${thread}`, {
      method: 'DELETE',
      headers: { authorization: `Bot ${stage.discord.token}` },
    });
    const alerts = alertsOver();
    for (const n of [7, 8]) {
      const [step] = alertsOf(life);
      if (!step) throw new Error('no step');
      await alerts.enqueue({ ...step, step: { ...step.step, stepId: `${plans}${n}`.repeat(32) } });
    }
    await alerts.pump();
    await alerts.pump();
    expect(seen(stage.discord.channels.ops).map(({ embeds }) => embeds[0]?.title)).toEqual([
      expect.stringContaining(`thread of plan ${plan.planId.slice(0, 6)} down`),
    ]);
    expect(await store.system.outbox.depth()).toBe(0);
  });
});
