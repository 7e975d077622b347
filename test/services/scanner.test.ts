import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { atNewYork } from '../../src/domain/session.ts';
import {
  createScanWorld,
  createSetupStore,
  MINUTE_MS,
  plansOf,
  replay,
  type SetupStore,
  scanSession,
  type WorldOptions,
} from './scan-world.ts';

const dayOf = (scenario: string, on = scenario) => {
  const day = replay(scenario).sessions.find((session) => session.on === on);
  if (!day) throw new Error(`no session on ${on}`);
  return day;
};
const small = { scenario: '2013-10-08', day: dayOf('2013-10-08') };
const large = { scenario: '2015-12-23', day: dayOf('2015-12-23') };

/** What stands in the database, without the moments at which it was seen. */
const written = ({ entries }: SetupStore): string[] =>
  entries.map(({ setup, offer }) =>
    canonicalJson(
      JSON.parse(JSON.stringify({ setup, plan: offer?.plan, inputs: offer?.inputs, shadow: offer?.shadow })),
    ),
  );

const seven = scanSession(small);
const hundreds = scanSession({ ...large, watched: ['AAPL', 'SPY'] });

/** The first session again, with something in its way. */
const otherwise = (over: Partial<WorldOptions>) => scanSession({ ...small, ...over });

describe('a session under scan', () => {
  it('gives the same setups, plans, inputs and ids when it is scanned again', async () => {
    expect(written((await otherwise({})).db)).toEqual(written((await seven).db));
    const again = await scanSession({ ...large, watched: ['SPY', 'AAPL'] });
    expect(written(again.db)).toEqual(written((await hundreds).db));
  }, 60_000);

  it('gives the same when every answer about the market comes late, as in a replay at full speed', async () => {
    for (const lagMs of [5_000, 55_000]) {
      const late = await scanSession({ ...large, watched: ['AAPL', 'SPY'], lagMs });
      expect(written(late.db)).toEqual(written((await hundreds).db));
    }
  }, 60_000);

  it('records every setup once, each with a plan or with a reason that has a number in it', async () => {
    for (const { db, offered } of [await seven, await hundreds]) {
      const ids = db.entries.map(({ setup }) => setup.setupId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(80);
      for (const { setup, offer } of db.entries) {
        expect(setup.outcome).toBe(offer ? 'offered' : 'refused');
        expect(setup.planId).toBe(offer?.plan.planId);
        if (!offer) expect(setup.refusal?.reason).toMatch(/\d/);
      }
      expect(offered).toEqual(plansOf(db).map(({ planId }) => planId));
    }
  });

  it('decides in the order of bars, and within a bar by confidence', async () => {
    const { db } = await hundreds;
    const at = db.entries.map(({ setup }) => setup.detectedAt);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    const plans = plansOf(db);
    for (const [index, plan] of plans.entries()) {
      const next = plans[index + 1];
      if (next?.decidedAt === plan.decidedAt) expect(next.confidence.score).toBeLessThanOrEqual(plan.confidence.score);
    }
  });

  it('brings twenty offers at most, spread over the session, none in the last 45 minutes, one per symbol and direction at a time', async () => {
    for (const world of [await seven, await hundreds]) {
      const codes = new Set(world.db.entries.flatMap(({ setup }) => setup.refusal?.code ?? []));
      const decided = plansOf(world.db).map(({ decidedAt }) => decidedAt);
      expect(decided.length).toBeGreaterThan(8);
      expect(decided.length).toBeLessThanOrEqual(20);
      expect((decided.at(-1) ?? 0) - (decided[0] ?? 0)).toBeGreaterThan(3 * 60 * 60_000);
      expect([...codes]).toEqual(expect.arrayContaining(['standing', 'enough', 'too_late', 'too_wide']));
    }
  });

  it('puts the offer, its shadow and the alert for #plans into one record', async () => {
    for (const { offer } of (await seven).db.entries) {
      if (!offer) continue;
      const { plan, shadow, alert, provenance } = offer;
      expect(shadow).toMatchObject({ planId: plan.planId, memberId: null, state: 'armed', seq: 0 });
      expect(alert).toMatchObject({ kind: 'offer', channel: 'plans', stream: `plan:${plan.planId}`, priority: 1 });
      expect(alert.payload).toMatchObject({ alert: { memberId: null, at: plan.decidedAt } });
      const { seenAt } = alert.payload as { readonly seenAt: number };
      expect(seenAt - plan.decidedAt).toBeLessThanOrEqual(35_000);
      expect(provenance.asOf).toBe(plan.decidedAt);
    }
  });

  it('is over at the close: nothing is followed until half an hour before the next one opens', async () => {
    const world = createScanWorld(small);
    world.scanner.start();
    expect(world.scanner.probe()).toEqual({
      state: 'ok',
      reason: 'waits for the session of 2013-10-08, begins at 09:00 ET',
    });
    await world.runTo(atNewYork('2013-10-08', '09:05'));
    expect(world.scanner.probe().reason).toMatch(/^\d symbols, no look yet, 0 offers today$/);
    await world.runTo(atNewYork('2013-10-08', '10:36'));
    expect(world.scanner.probe()).toMatchObject({
      state: 'ok',
      reason: expect.stringMatching(/^7 symbols, last look 10:35, \d+ offers today$/),
    });
    await world.runTo(atNewYork('2013-10-08', '16:10'));
    expect(world.scanner.probe().reason).toBe('waits for the session of 2013-10-09, begins at 09:00 ET');
    await world.clock.runTo(atNewYork('2013-10-09', '09:01'));
    await world.runTo(atNewYork('2013-10-09', '10:00'));
    const days = new Set(world.db.entries.map(({ setup }) => new Date(setup.detectedAt).getUTCDate()));
    expect([...days]).toEqual([8, 9]);
    await world.scanner.stop();
  }, 30_000);
});

describe('minutes that come twice, revised or in the wrong order', () => {
  it('never make a second setup', async () => {
    const { db } = await otherwise({
      warp: (bars) => bars.flatMap((bar) => [bar, bar, { ...bar, volume: (bar.volume ?? 0) + 1 }]),
    });
    const ids = db.entries.map(({ setup }) => setup.setupId);
    expect(new Set(ids).size).toBe(ids.length);
    // a share more or less in a minute moves no price
    expect(ids.length).toBe((await seven).db.entries.length);
  });

  it('are put in order before anything is decided', async () => {
    const backwards = await otherwise({
      isLate: (_, at) => at % (5 * MINUTE_MS) !== 0,
      warp: (bars) => [...bars].reverse().flatMap((bar) => [bar, bar]),
    });
    expect(written(backwards.db)).toEqual(written((await seven).db));
  });

  it('that are back-filled late are waited for, and what they hold is found when they are there', async () => {
    const from = atNewYork('2013-10-08', '10:18');
    const to = atNewYork('2013-10-08', '10:52');
    const isLate = (symbol: string, at: number) => symbol === 'SPY' && at > from && at < to;
    const { db } = await otherwise({ isLate });
    const ids = (store: SetupStore) => store.entries.map(({ setup }) => setup.setupId).sort();
    expect(ids(db)).toEqual(ids((await seven).db));
  });
});

describe('a restart', () => {
  it('in the middle of the session goes on where the scan ended', async () => {
    for (const time of ['09:58', '10:35', '12:02', '15:14']) {
      const db = createSetupStore();
      const before = createScanWorld({ ...small, db });
      before.scanner.start();
      await before.runTo(atNewYork('2013-10-08', time));
      await before.scanner.stop();
      const after = await otherwise({ db, startAt: before.clock.now() });
      expect(after.log).toEqual([]);
      expect(written(db)).toEqual(written((await seven).db));
    }
  }, 60_000);

  it('five minutes later finds what it missed, ten more and it leaves them alone', async () => {
    const at = atNewYork('2013-10-08', '10:20');
    const missed = async (minutes: number) => {
      const { db } = await otherwise({ startAt: at + minutes * MINUTE_MS + 5_000 });
      return db.entries.map(({ setup }) => setup.detectedAt)[0];
    };
    const first = (await seven).db.entries
      .map(({ setup }) => setup.detectedAt)
      .filter((detectedAt) => detectedAt >= at);
    expect(first[0]).toBe(at);
    expect(await missed(5)).toBe(at);
    expect(await missed(15)).toBeGreaterThan(at);
  });

  it('of a replay on the same database offers nothing a second time', async () => {
    const db = createSetupStore();
    await otherwise({ db });
    const entries = [...db.entries];
    const { offered } = await otherwise({ db });
    expect(db.entries).toEqual(entries);
    expect(offered).toEqual([]);
  });
});

describe('a database that is away', () => {
  it('loses no setup and changes no order', async () => {
    const db = createSetupStore();
    const world = createScanWorld({ ...small, db });
    world.scanner.start();
    await world.runTo(atNewYork('2013-10-08', '10:05'));
    const before = db.entries.length;
    db.calls.failures = 1_000;
    await world.runTo(atNewYork('2013-10-08', '11:00'));
    expect(db.entries).toHaveLength(before);
    expect(world.scanner.probe()).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/^\d+ setups wait for the database; 7 symbols/),
    });
    db.calls.failures = 0;
    await world.wall.runTo(60_000);
    await world.runTo(small.day.closesAt + 5 * MINUTE_MS);
    await world.scanner.stop();
    expect(written(db)).toEqual(written((await seven).db));
    expect(world.log).toHaveLength(1);
  });

  it('whose answers are lost keeps each setup once, and the offer is followed all the same', async () => {
    const db = createSetupStore();
    db.calls.lostAnswers = 40;
    const world = createScanWorld({ ...small, db });
    world.scanner.start();
    for (let at = small.day.opensAt; at < small.day.closesAt; at += 10 * MINUTE_MS) {
      await world.runTo(at);
      await world.wall.runTo(world.wall.now() + 600_000);
    }
    await world.scanner.stop();
    expect(written(db)).toEqual(written((await seven).db).slice(0, db.entries.length));
    expect(world.offered).toEqual(plansOf((await seven).db).map(({ planId }) => planId));
  });
});

describe('what is scanned', () => {
  it('is what is watched, held and most active: stocks and funds, never an index', async () => {
    const world = createScanWorld({ ...large, watched: ['ZTS', 'I:SPX'], held: ['WU'] });
    world.scanner.start();
    await world.runTo(atNewYork('2015-12-23', '09:50'));
    const text = await world.metrics.text();
    expect(Number(/^scanner_symbols (\d+)/m.exec(text)?.[1])).toBeGreaterThanOrEqual(22);
    expect(Number(/^scanner_symbols (\d+)/m.exec(text)?.[1])).toBeLessThanOrEqual(32);
    await world.runTo(atNewYork('2015-12-23', '15:00'));
    await world.scanner.stop();
    const symbols = new Set(world.db.entries.map(({ setup }) => setup.symbol));
    expect(symbols).toContain('ZTS');
    expect(symbols).toContain('WU');
    expect(symbols).toContain('SPY');
    expect([...symbols].filter((symbol) => symbol.startsWith('I:'))).toEqual([]);
  }, 30_000);

  it('follows a watchlist at once', async () => {
    const world = createScanWorld(large);
    world.scanner.start();
    await world.runTo(atNewYork('2015-12-23', '09:50'));
    const held = async () => Number(/^scanner_symbols (\d+)/m.exec(await world.metrics.text())?.[1]);
    const before = await held();
    world.lists.watched.push('ZTS');
    world.scanner.refresh();
    await world.runTo(atNewYork('2015-12-23', '09:51'));
    expect(await held()).toBe(before + 1);
    await world.runTo(atNewYork('2015-12-23', '15:00'));
    await world.scanner.stop();
    const zts = world.db.entries.filter(({ setup }) => setup.symbol === 'ZTS').map(({ setup }) => setup.detectedAt);
    expect(zts.length).toBeGreaterThan(0);
    expect(Math.min(...zts)).toBeGreaterThan(atNewYork('2015-12-23', '09:50'));
  }, 30_000);

  it('is nothing on a delayed data plan, and the status says why', async () => {
    const world = await otherwise({ delayed: true });
    expect(world.db.entries).toEqual([]);
    const open = createScanWorld({ ...small, delayed: true });
    open.scanner.start();
    await open.runTo(atNewYork('2013-10-08', '10:00'));
    expect(open.scanner.probe()).toEqual({
      state: 'off',
      reason: 'no setups: the data plan is delayed by 15 minutes and a plan needs live bars',
    });
    await open.scanner.stop();
  });

  it('is told as silent when no bar closed for ten minutes', async () => {
    const world = createScanWorld(small);
    world.scanner.start();
    await world.runTo(atNewYork('2013-10-08', '10:01'));
    await world.clock.runTo(atNewYork('2013-10-08', '10:12'));
    expect(world.scanner.probe()).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/^no bars; 7 symbols, last look 10:00/),
    });
    await world.scanner.stop();
  });
});
