import { type Alert, alertIdOf, alertTagOf, type SessionAlert, type StepAlert } from '../../src/domain/alert.ts';
import { hashOf } from '../../src/domain/canonical.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { AppError } from '../../src/kit/errors.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { type AlertsDeps, createAlerts } from '../../src/services/alerts.ts';
import type { Offer } from '../../src/store/offers.ts';
import { createHandClock } from '../kit/hand-clock.ts';
import { createOutboxInMemory } from './outbox-in-memory.ts';

export const OPEN_AT = Date.UTC(2015, 11, 23, 14, 30);
export const PLAN_ID = '7f3a9c'.padEnd(64, '0');

/** What the stage draws of an alert. */
export interface DrawnAlert {
  readonly alert: Alert;
  readonly tag: string;
  readonly lateMs: number;
}

interface Said extends DrawnAlert {
  readonly id: string;
  readonly channelId: string;
  readonly nonce: string;
  readonly mentions: readonly string[];
  readonly at: number;
}

export const sessionAlert = (on: string, at = OPEN_AT): SessionAlert => ({
  kind: 'session',
  transition: 'open',
  on,
  at,
  opensAt: OPEN_AT,
  closesAt: OPEN_AT + 1,
  earlyClose: false,
});

export const stepAlert = (seq: number, over: Partial<StepAlert> = {}): StepAlert => ({
  kind: 'step',
  planId: PLAN_ID,
  symbol: 'AAPL',
  direction: 'long',
  step: {
    stepId: hashOf({ planId: over.planId ?? PLAN_ID, seq }),
    tradeId: 't',
    seq,
    kind: 'triggered',
    at: OPEN_AT,
    shares: 0,
    reason: '',
    remainingShares: 1,
    realisedR: 0,
  },
  own: false,
  memberId: null,
  mentions: [],
  at: OPEN_AT,
  ...over,
});

export const offerOf = (over: Partial<Offer> = {}, planId = PLAN_ID): Offer => ({
  plan: {
    planId,
    symbol: 'AAPL',
    direction: 'long',
    setup: { title: 'opening-range breakout' },
    decidedAt: OPEN_AT,
  } as Plan,
  memberId: null,
  provenance: { asOf: OPEN_AT, source: 'test', timeliness: 'live' },
  createdAt: 0,
  isOver: false,
  ...over,
});

/** The thread of a plan that stands. */
export const placed = { channelId: 'plans', messageId: 'head', threadId: 'thread' };

export const refused = (code: 'not_found' | 'unauthenticated') => new AppError(code, 'refused');

/** Alerts on a Discord, a database and clocks in the test's hand. */
export function setAlertStage(
  over: Partial<Pick<AlertsDeps<DrawnAlert>, 'rooms' | 'ownerId' | 'speed' | 'draw'>> & {
    readonly offers?: readonly Offer[];
  } = {},
) {
  const time = createHandClock();
  const outbox = createOutboxInMemory(time.now);
  const said: Said[] = [];
  const calls: string[] = [];
  const threads = new Map<string, { readonly name: string; readonly members: readonly string[] }>();
  const offers = new Map((over.offers ?? []).map((offer) => [offer.plan.planId, offer]));
  const logged: { readonly level: string; readonly phrase: string }[] = [];
  const metrics = createMetrics();
  let marketAt = OPEN_AT;

  const posts: AlertsDeps<DrawnAlert>['posts'] = {
    async post(channelId, card, { nonce, mentions = [] }) {
      calls.push(`post ${channelId}`);
      const known = said.find((one) => one.channelId === channelId && one.nonce === nonce);
      if (known && time.now() - known.at < 180_000) return { messageId: known.id };
      const id = `m${said.length + 1}`;
      said.push({ ...card, id, channelId, nonce, mentions, at: time.now() });
      return { messageId: id };
    },
    async find(channelId, tag) {
      calls.push(`find ${channelId}`);
      return said.findLast((one) => one.channelId === channelId && one.tag === tag)?.id;
    },
    async startThread(channelId, messageId, name) {
      calls.push(`thread ${channelId}`);
      if (!threads.has(messageId)) threads.set(messageId, { name, members: [] });
      return { threadId: messageId };
    },
    async openPrivateThread(channelId, name, memberId, { mayExist }) {
      calls.push(`private ${channelId}`);
      const known = mayExist ? [...threads].find(([, thread]) => thread.name === name)?.[0] : undefined;
      const threadId = known ?? `p${threads.size + 1}`;
      threads.set(threadId, { name, members: [memberId] });
      return { threadId };
    },
    async openDirect(memberId) {
      calls.push(`direct ${memberId}`);
      return { channelId: `dm ${memberId}` };
    },
  };
  const deps: AlertsDeps<DrawnAlert> = {
    outbox,
    posts,
    rooms: over.rooms ?? { alerts: 'alerts', plans: 'plans', ops: 'ops' },
    draw: over.draw ?? ((alert, lateMs) => ({ alert, lateMs, tag: alertTagOf(alertIdOf(alert)) })),
    offers: {
      get: async (planId) => offers.get(planId),
      async place(planId, at) {
        const offer = offers.get(planId);
        if (offer) offers.set(planId, { ...offer, ...at });
      },
    },
    ownerId: over.ownerId,
    clock: { now: () => marketAt },
    wall: { now: time.now, at: (at, fn) => time.setTimer(at - time.now(), fn) },
    log: {
      warn: (_detail: object | string, phrase?: string) => void logged.push({ level: 'warn', phrase: phrase ?? '' }),
      error: (_detail: object | string, phrase?: string) => void logged.push({ level: 'error', phrase: phrase ?? '' }),
    },
    metrics,
    ...(over.speed && { speed: over.speed }),
    random: () => 1,
  };
  return {
    time,
    outbox,
    said,
    calls,
    threads,
    offers,
    logged,
    metrics,
    posts,
    deps,
    alerts: createAlerts(deps),
    setMarket(at: number) {
      marketAt = at;
    },
    in: (channelId: string) => said.filter((one) => one.channelId === channelId),
  };
}
