import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, alertIdOf, type HealthAlert } from '../../src/domain/alert.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { type FeedState, SWITCHED_OFF } from '../../src/massive/feed.ts';
import { createFeedWatch, type OpenPlan } from '../../src/services/feed-watch.ts';
import { createHandClock } from '../kit/hand-clock.ts';

const OPEN = atNewYork('2015-12-23', '10:00');
const LIVE = { up: 'live', since: OPEN, lastEventAt: OPEN } as const;

/** A provider in the test's hand, and a watch over it; market time is real time from 10:00 on. */
function stage(over: { kept?: Map<string, unknown>; plans?: OpenPlan[]; isHeld?: boolean } = {}) {
  const hand = createHandClock();
  const wall = { now: hand.now, at: (at: number, fn: () => void) => hand.setTimer(at - hand.now(), fn) };
  const kept = over.kept ?? new Map<string, unknown>();
  const plans = over.plans ?? [];
  const told: HealthAlert[] = [];
  const warned: string[] = [];
  const feeds: Record<'stocks' | 'indices', FeedState> = {
    stocks: { feed: 'stocks', ...LIVE },
    indices: { feed: 'indices', ...LIVE },
  };
  const ears = new Set<(state: FeedState) => void>();
  const house = { breaker: 'closed' as 'open' | 'closed', limitedAt: Number.NaN, waiting: 0, skewMs: 0, isAway: false };
  const watch = createFeedWatch({
    provider: {
      feed: {
        state: () => Object.values(feeds),
        onState: (fn) => {
          ears.add(fn);
          return () => void ears.delete(fn);
        },
      },
      breakerState: () => house.breaker,
      limitedForMs: () => (Number.isNaN(house.limitedAt) ? undefined : hand.now() - house.limitedAt),
      queueDepth: () => house.waiting,
      clockSkewMs: () => house.skewMs,
    },
    openPlans: () => plans,
    alerts: {
      enqueue: async (alert: Alert) => {
        if (house.isAway) throw new Error('no database');
        if (alert.kind === 'health') told.push(alert);
      },
    },
    snapshots: {
      save: async (key, _asOf, body) => {
        if (house.isAway) throw new Error('no database');
        kept.set(key, JSON.parse(JSON.stringify(body)));
        return true;
      },
      load: async (key) => (kept.has(key) ? { asOf: 0, body: kept.get(key) } : undefined),
    },
    clock: { now: () => (over.isHeld ? OPEN : OPEN + hand.now()) },
    wall,
    log: { warn: (_detail: object | string, phrase?: string) => void warned.push(phrase ?? '') },
    metrics: createMetrics(),
  });
  const become = (feed: 'stocks' | 'indices', up: FeedState['up'], reason?: string): void => {
    const base: FeedState = { feed, up, since: OPEN + hand.now(), lastEventAt: OPEN };
    feeds[feed] = reason === undefined ? base : { ...base, reason };
    for (const ear of ears) ear(feeds[feed]);
  };
  const words = () => told.map(({ part, state, planId }) => `${part} ${state}${planId ? ` in ${planId}` : ''}`);
  return { hand, kept, plans, told, warned, house, watch, become, words };
}

describe('a feed that breaks', () => {
  it('is told after five seconds, once, with what goes on without it; its return after five more', async () => {
    const { hand, watch, become, told, words } = stage();
    await watch.start();
    await hand.advance(61_000);
    become('stocks', 'polling', 'closed (1006)');
    await hand.advance(4_900);
    expect(told).toEqual([]);
    await hand.advance(200);
    expect(told).toMatchObject([
      {
        part: 'stocks feed',
        state: 'down',
        since: OPEN + 61_000,
        at: OPEN + 66_000,
        reason: 'connection lost, trying again',
        works: expect.stringMatching(
          /^Prices and minutes come by single requests.*minutes that it missed are then read/,
        ),
      },
    ]);
    await hand.advance(600_000);
    become('stocks', 'live');
    await hand.advance(4_900);
    expect(told).toHaveLength(1);
    await hand.advance(200);
    expect(words()).toEqual(['stocks feed down', 'stocks feed up']);
    expect(told[1]).toMatchObject({ since: OPEN + 61_000, at: OPEN + 671_100 });
    watch.stop();
    expect(hand.timers()).toBe(0);
  });

  it('that is silent was so for a while before anybody knew, and is told at once', async () => {
    const { hand, watch, become, words } = stage();
    await watch.start();
    become('indices', 'down', 'silent for 7 s');
    await hand.advance(0);
    expect(words()).toEqual(['indices feed down']);
    watch.stop();
  });

  it('and comes back within seconds is no news, but one that never stays up is', async () => {
    const { hand, watch, become, words } = stage();
    await watch.start();
    for (let blink = 0; blink < 3; blink++) {
      become('stocks', 'down', 'closed (1006)');
      await hand.advance(1_000);
      become('stocks', 'live');
      await hand.advance(20_000);
    }
    expect(words()).toEqual([]);
    for (let blink = 0; blink < 20; blink++) {
      become('stocks', 'down', 'closed (1006)');
      await hand.advance(3_000);
      become('stocks', 'live');
      await hand.advance(3_000);
    }
    expect(words()).toEqual(['stocks feed down']);
    await hand.advance(5_000);
    expect(words()).toEqual(['stocks feed down', 'stocks feed up']);
    watch.stop();
  });

  it('is no failure where the settings switched the stream off', async () => {
    const { hand, watch, become, words } = stage();
    await watch.start();
    become('stocks', 'polling', SWITCHED_OFF);
    await hand.advance(60_000);
    expect(words()).toEqual([]);
    become('stocks', 'down', SWITCHED_OFF);
    await hand.advance(10_000);
    expect(words()).toEqual(['stocks feed down']);
    watch.stop();
  });
});

describe('the threads of open plans', () => {
  const plans = [
    { planId: 'a1', symbol: 'AAPL' },
    { planId: 'b2', symbol: 'I:SPX' },
  ];

  it('are told when the minutes of their symbol stay away, and when they come again', async () => {
    const { hand, watch, become, told, words, plans: open } = stage({ plans: [...plans] });
    await watch.start();
    become('stocks', 'down', 'closed (1006)');
    await hand.advance(6_000);
    expect(words()).toEqual(['stocks feed down', 'stocks data down in a1']);
    expect(told[1]?.works).toMatch(/^Open plans stand still.*no step is made up/);
    open.push({ planId: 'c3', symbol: 'KO' });
    await hand.advance(6_000);
    expect(words().slice(2)).toEqual(['stocks data down in c3']);
    open.length = 0;
    become('stocks', 'live');
    await hand.advance(11_000);
    expect(words().slice(3)).toEqual(['stocks feed up', 'stocks data up in a1', 'stocks data up in c3']);
    expect(new Set(told.map(alertIdOf)).size).toBe(told.length);
    watch.stop();
  });

  it('hear that plans go on while single requests bring the minutes', async () => {
    const { hand, watch, become, told } = stage({ plans });
    await watch.start();
    become('stocks', 'polling', 'closed (1006)');
    await hand.advance(6_000);
    expect(told[1]).toMatchObject({ planId: 'a1', works: expect.stringContaining('Open plans go on') });
    watch.stop();
  });
});

describe('requests that fail', () => {
  it('are told as soon as they are held back', async () => {
    const { hand, watch, house, words } = stage();
    await watch.start();
    house.breaker = 'open';
    await hand.advance(5_000);
    expect(words()).toEqual(['data provider down']);
    house.breaker = 'closed';
    await hand.advance(10_000);
    expect(words()).toEqual(['data provider down', 'data provider up']);
    watch.stop();
  });

  it('for the limit are told when they go on failing, not for one', async () => {
    const { hand, watch, house, words } = stage();
    await watch.start();
    house.limitedAt = hand.now();
    await hand.advance(70_000);
    expect(words()).toEqual([]);
    for (let i = 0; i < 4; i++) {
      house.limitedAt = hand.now();
      await hand.advance(5_000);
    }
    expect(words()).toEqual(['request limit down']);
    await hand.advance(50_000);
    expect(words()).toHaveLength(1);
    await hand.advance(20_000);
    expect(words()).toEqual(['request limit down', 'request limit up']);
    house.waiting = 25;
    await hand.advance(10_000);
    expect(words().slice(2)).toEqual(['request limit down']);
    watch.stop();
  });
});

describe('a clock more than two seconds off', () => {
  it.each([
    [2_600, 'ahead of'],
    [-2_600, 'behind'],
  ])('by %d ms is told with its direction', async (skewMs, words) => {
    const { hand, watch, house, told } = stage();
    await watch.start();
    house.skewMs = skewMs;
    await hand.advance(10_000);
    expect(told).toMatchObject([
      { part: 'clock', reason: `This machine's clock is 2.6 s ${words} the data provider's` },
    ]);
    watch.stop();
  });

  it('is right at two seconds', async () => {
    const { hand, watch, house, told } = stage();
    await watch.start();
    house.skewMs = 2_000;
    await hand.advance(60_000);
    expect(told).toEqual([]);
    watch.stop();
  });
});

describe('news of a failure', () => {
  it('are new each time, also while the market stands still and when a replay begins again', async () => {
    const kept = new Map<string, unknown>();
    const ids: string[] = [];
    for (const _process of [1, 2]) {
      const { hand, watch, become, told, words } = stage({ kept, isHeld: true });
      await watch.start();
      for (const _failure of [1, 2]) {
        become('stocks', 'down', 'closed (1006)');
        await hand.advance(6_000);
        become('stocks', 'live');
        await hand.advance(11_000);
      }
      watch.stop();
      expect(words()).toEqual(['stocks feed down', 'stocks feed up', 'stocks feed down', 'stocks feed up']);
      ids.push(...told.map(alertIdOf));
    }
    expect(new Set(ids).size).toBe(8);
  });

  it('outlive a restart: nothing is told twice, the return is told by the next process', async () => {
    const plans = [{ planId: 'a1', symbol: 'AAPL' }];
    const before = stage({ plans });
    await before.watch.start();
    before.become('stocks', 'down', 'closed (1006)');
    await before.hand.advance(6_000);
    before.watch.stop();

    const still = stage({ plans, kept: before.kept });
    still.become('stocks', 'down', 'connecting');
    await still.watch.start();
    await still.hand.advance(60_000);
    expect(still.words()).toEqual([]);
    still.watch.stop();

    const after = stage({ plans, kept: before.kept });
    await after.watch.start();
    await after.hand.advance(6_000);
    expect(after.words()).toEqual(['stocks feed up', 'stocks data up in a1']);
    expect(after.told.map(({ since }) => since)).toEqual(before.told.map(({ since }) => since));
    after.watch.stop();
  });

  it('wait for the database, with one line in the log', async () => {
    const { hand, watch, become, house, words, warned } = stage();
    await watch.start();
    house.isAway = true;
    become('stocks', 'down', 'closed (1006)');
    await hand.advance(60_000);
    expect(words()).toEqual([]);
    expect(warned).toEqual(['health news not kept, tried again until they are']);
    house.isAway = false;
    await hand.advance(5_000);
    expect(words()).toEqual(['stocks feed down']);
    watch.stop();
  });

  it('come in turns whatever the line does: never sooner than five bad seconds, never later than ten in a row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 100, max: 20_000 })), { maxLength: 30 }),
        async (spells) => {
          const { hand, watch, become, words, told } = stage();
          await watch.start();
          let badMs = 0;
          for (const [isLive, ms] of spells) {
            const before = words().at(-1);
            const wasTold = before === 'stocks feed down';
            become('stocks', isLive ? 'live' : 'down', isLive ? undefined : 'closed (1006)');
            await hand.advance(ms);
            if (!isLive) badMs += ms;
            const isTold = words().at(-1) === 'stocks feed down';
            if (!isLive && ms > 10_000) expect(isTold).toBe(true);
            if (isLive && ms > 10_000) expect(isTold).toBe(false);
            if (!wasTold && isTold) expect(badMs).toBeGreaterThanOrEqual(5_000);
            if (isLive && ms > 10_000) badMs = 0;
          }
          watch.stop();
          expect(words().filter((line, at) => line === words()[at - 1])).toEqual([]);
          expect(new Set(told.map(alertIdOf)).size).toBe(told.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
