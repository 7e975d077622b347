import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { createPosts } from '../../src/discord/posts.ts';
import { type Alert, alertIdOf, alertTagOf } from '../../src/domain/alert.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { type AlertsDeps, createAlerts } from '../../src/services/alerts.ts';
import { outgoing } from '../../src/services/outgoing.ts';
import type { Offer } from '../../src/store/offers.ts';
import { createHandClock } from '../kit/hand-clock.ts';
import { OPEN_AT, offerOf, sessionAlert, stepAlert } from './alert-stage.ts';
import { createOutboxInMemory } from './outbox-in-memory.ts';
import { createUnsureDiscord, type Fate, NEVER } from './unsure-discord.ts';

const PUBLIC = 'a'.repeat(64);
const PRIVATE = 'b'.repeat(64);
const STEPS = 5;

const ALERTS: readonly Alert[] = [
  { kind: 'offer', planId: PUBLIC, symbol: 'AAPL', memberId: null, at: OPEN_AT },
  { kind: 'offer', planId: PRIVATE, symbol: 'AAPL', memberId: '42', at: OPEN_AT },
  ...Array.from({ length: STEPS }, (_, n) => [
    sessionAlert(`day ${n}`),
    stepAlert(n, { planId: PUBLIC }),
    stepAlert(n, { planId: PRIVATE }),
  ]).flat(),
];

type Design = Partial<{
  /** Discord is not told how to recognise a repetition. */
  noNonce: boolean;
  /** The channel is not looked at before a repetition. */
  noReadBack: boolean;
  /** The outbox takes an alert for posted before it is. */
  markFirst: boolean;
}>;

interface Tally {
  ambiguous: number;
  lost: number;
  doubled: number;
  misplaced: number;
  threads: number;
}

/** A chain of small random numbers, 0 to 1. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const card = (alert: Alert): Card => ({
  layout: 'embed',
  tone: 'up',
  title: alert.kind,
  blocks: [],
  tag: alertTagOf(alertIdOf(alert)),
});

/** Lives of bots, each killed sooner or later, until the outbox is empty; then Discord is counted. */
async function live(seed: number, design: Design, troubles = 40): Promise<Tally> {
  const random = chance(seed);
  const time = createHandClock();
  const outbox = createOutboxInMemory(time.now);
  const offers = new Map<string, Offer>([
    [PUBLIC, offerOf({}, PUBLIC)],
    [PRIVATE, offerOf({ memberId: '42' }, PRIVATE)],
  ]);
  let life = 0;
  let death = Promise.withResolvers<void>();
  let left = troubles;
  const fate = (): Fate => {
    if (left <= 0 || random() < 0.5) return 'well';
    left -= 1;
    const r = random();
    return r < 0.45 ? 'lost' : r < 0.65 ? 'refused' : r < 0.9 ? 'killed' : 'killed before';
  };
  const discord = createUnsureDiscord(time.now, fate, () => {
    life += 1;
    death.resolve();
  });
  for (const alert of ALERTS)
    await outbox.enqueue(outgoing(alert, { seenAt: alert.at, seenWallAt: 0, decidedWallAt: 0 }));

  const bot = () => {
    const own = life;
    const isAlive = (): boolean => own === life;
    const whileAlive =
      <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
      (...args: A): Promise<T> =>
        isAlive() ? call(...args) : NEVER;
    const rest = discord.restFor(isAlive);
    const posts = createPosts({
      rest: design.noNonce ? { ...rest, post: (route, options) => rest.post(route, withoutNonce(options)) } : rest,
      clock: time,
      ownId: () => 'bot',
      sleep: async () => {},
    });
    const deps: AlertsDeps<Card> = {
      outbox: {
        enqueue: whileAlive(outbox.enqueue),
        async claim(n, seconds) {
          const rows = await whileAlive(outbox.claim)(n, seconds);
          if (design.markFirst) for (const row of rows) await outbox.settle(row.alertId, 'marked', row.attempts);
          return rows;
        },
        settle: whileAlive(async (...args: Parameters<typeof outbox.settle>) => {
          const done = await outbox.settle(...args);
          if (left > 0 && random() < 0.1) throw new Error('the database answered nothing');
          return done;
        }),
        fail: whileAlive(outbox.fail),
        depth: outbox.depth,
      },
      posts: design.noReadBack ? { ...posts, find: async () => undefined } : posts,
      rooms: { alerts: 'alerts', plans: 'plans', ops: 'ops' },
      draw: card,
      offers: {
        get: whileAlive(async (planId: string) => offers.get(planId)),
        place: whileAlive(async (planId: string, at: object) => {
          const offer = offers.get(planId);
          if (offer) offers.set(planId, { ...offer, ...at });
        }),
      },
      ownerId: undefined,
      clock: { now: () => OPEN_AT },
      wall: { now: time.now, at: (at, fn) => time.setTimer(at - time.now(), fn) },
      log: { warn: () => {}, error: () => {} },
      metrics: createMetrics(),
      random,
    };
    return createAlerts(deps);
  };

  let alerts = bot();
  let running = life;
  for (let round = 0; round < 500 && outbox.pending() > 0; round++) {
    if (running !== life) {
      running = life;
      death = Promise.withResolvers();
      alerts = bot();
    }
    await Promise.race([alerts.pump(), death.promise]);
    // now and then longer than Discord remembers a nonce
    await time.advance([1_000, 21_000, 35_000, 240_000][Math.floor(random() * 4)] ?? 0);
  }
  return tally(discord);
}

function withoutNonce<O extends { body?: unknown } | undefined>(options: O): O {
  const { nonce, ...body } = (options?.body ?? {}) as { nonce?: string };
  return { ...options, body } as O;
}

function tally({ sent, threads, seen }: ReturnType<typeof createUnsureDiscord>): Tally {
  const times = ALERTS.map((alert) => sent.filter(({ tag }) => tag.includes(alertTagOf(alertIdOf(alert)))));
  const orderOf = (streamAlerts: readonly Alert[]): number[] =>
    streamAlerts.map((alert) => Number(times[ALERTS.indexOf(alert)]?.[0]?.id ?? 0));
  const streams = [
    ALERTS.filter(({ kind }) => kind === 'session'),
    ...[PUBLIC, PRIVATE].map((id) => ALERTS.filter((alert) => 'planId' in alert && alert.planId === id)),
  ];
  return {
    ambiguous: seen.ambiguous,
    lost: times.filter((found) => found.length === 0).length,
    doubled: times.reduce((sum, found) => sum + Math.max(0, found.length - 1), 0),
    misplaced: streams.filter((one) => orderOf(one).some((id, at, all) => id < (all[at - 1] ?? 0))).length,
    threads: threads.length,
  };
}

async function total(design: Design, runs: number): Promise<Tally> {
  const sum: Tally = { ambiguous: 0, lost: 0, doubled: 0, misplaced: 0, threads: 0 };
  for (let seed = 0; seed < runs; seed++) {
    const one = await live(seed, design);
    for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += one[key];
  }
  return sum;
}

describe('an alert stands exactly once, in its order, whatever answers Discord loses and whenever the bot is killed', () => {
  it('in any course of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 60 }), async (seed, troubles) => {
        expect(await live(seed, {}, troubles)).toMatchObject({ lost: 0, doubled: 0, misplaced: 0, threads: 2 });
      }),
      { numRuns: 60 },
    );
  });

  it('over more than 300 answers that never came', async () => {
    const found = await total({}, 25);
    expect(found).toMatchObject({ lost: 0, doubled: 0, misplaced: 0, threads: 50 });
    expect(found.ambiguous).toBeGreaterThanOrEqual(300);
  });
});

describe('the same events catch a bot that', () => {
  it.each<[string, Design, keyof Tally]>([
    ['posts, then marks', { noNonce: true, noReadBack: true }, 'doubled'],
    ['marks, then posts', { markFirst: true }, 'lost'],
    ['sends no nonce', { noNonce: true }, 'doubled'],
    ['trusts the nonce after Discord forgot it', { noReadBack: true }, 'doubled'],
  ])('%s', async (_design, design, sin) => {
    expect((await total(design, 10))[sin]).toBeGreaterThan(0);
  });
});
