import { REST, type RESTOptions, type ResponseLike } from 'discord.js';
import type { Card } from '../../src/cards/card.ts';
import { offerCard } from '../../src/cards/offer-card.ts';
import { stepCard } from '../../src/cards/step-card.ts';
import { createPosts } from '../../src/discord/posts.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Provenance } from '../../src/domain/provenance.ts';
import { openShadow, openTrade, tradeIdOf } from '../../src/domain/trade.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createAlerts } from '../../src/services/alerts.ts';
import { createLives } from '../../src/services/lives.ts';
import { createStore } from '../../src/store/store.ts';
import type { Opened } from './database.ts';
import { designed } from './designs.ts';
import type { FaultPoints } from './fault-points.ts';
import type { Market } from './market.ts';
import type { Task, ToLive } from './task.ts';

/** The lifecycle of a bot as the product builds it, without a gateway: from a recorded setup to the message in the thread. */
export interface Bot {
  start(): Promise<void>;
  /** Does what is due: the scanner's offers and the members' takes. */
  tend(): Promise<void>;
}

const SOURCE = 'Sandbox replay';
/** Market time; a member whose press failed does not press for ever. */
const PATIENCE_MS = 5 * 60_000;
const silent = { info() {}, warn() {}, error() {} };

const provenanceOf = (plan: Plan): Provenance => ({ asOf: plan.decidedAt, source: SOURCE, timeliness: 'live' });

export function createBot(task: Task, database: Opened, market: Market, points: FaultPoints): Bot {
  const { clock, minutes } = market;
  const store = createStore({ ...database, fetch: points.around(database.fetch), log: silent });
  const { system } = store;
  const sending = points.around(globalThis.fetch);
  const makeRequest: RESTOptions['makeRequest'] = (url, init) =>
    sending(url, init as RequestInit) as Promise<ResponseLike>;
  const rest = new REST({ api: task.discord.apiUrl, retries: 0, makeRequest }).setToken(task.discord.token);
  const draw = (alert: Alert, lateMs = 0): Card => {
    if (alert.kind === 'step') return stepCard(alert, lateMs, SOURCE);
    const found = alert.kind === 'offer' && task.lives.find(({ plan }) => plan.planId === alert.planId);
    if (!found) throw new Error(`nothing else is told here: ${alert.kind}`);
    return offerCard({ plan: found.plan, provenance: provenanceOf(found.plan) });
  };
  const parts = designed(
    task.design,
    { trades: system.trades, posts: createPosts({ rest, clock, ownId: () => task.discord.botId }) },
    { offers: system.offers, draw },
  );
  const alerts = createAlerts({
    outbox: system.outbox,
    posts: parts.posts,
    rooms: task.discord,
    draw,
    offers: system.offers,
    ownerId: undefined,
    clock,
    wall: systemClock,
    log: silent,
    metrics: createMetrics(),
  });
  const lives = createLives({ minutes, trades: parts.trades, alerts, clock, log: silent });
  const done = new Set<string>();

  const record = async (plan: Plan): Promise<void> => {
    const { planId, symbol, direction, decidedAt } = plan;
    const alert = alerts.outgoing({ kind: 'offer', planId, symbol, memberId: null, at: decidedAt });
    await system.setups.record({
      setup: { ...plan.setup, symbol, direction, outcome: 'offered', planId },
      offer: { plan, inputs: {}, provenance: provenanceOf(plan), shadow: openShadow(plan), alert },
    });
    done.add(planId);
    alerts.kick();
    await lives.adopt(planId);
  };
  const take = async (plan: Plan, { memberId, takenAt }: ToLive['takers'][number]): Promise<void> => {
    await system.members.ensure({ memberId, name: memberId });
    const trade = openTrade(plan, { memberId, shares: 100, takenAt });
    await lives.during(plan.planId, () => store.as(memberId).trades.take({ trade, steps: [], alerts: [] }));
    done.add(trade.tradeId);
  };

  return {
    async start() {
      for (const part of [minutes, alerts, lives]) await part.start();
    },
    async tend() {
      for (const { plan, takers } of task.lives) {
        if (plan.decidedAt > clock.now()) continue;
        if (!done.has(plan.planId)) await record(plan);
        for (const taker of takers) {
          const sinceMs = clock.now() - taker.takenAt;
          const isDue = sinceMs >= 0 && sinceMs < PATIENCE_MS;
          if (isDue && !done.has(tradeIdOf(plan.planId, taker.memberId))) await take(plan, taker);
        }
      }
    },
  };
}
