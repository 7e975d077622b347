import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOW } from '../massive/bench.ts';
import { MINUTE } from '../massive/feed/world.ts';
import { barEvent, minutesWorld, openOf, SECOND } from './minutes-world.ts';

/** A healthy feed, and an ear on ABC from now on. */
function following() {
  const made = minutesWorld();
  made.world.feed.start();
  made.heal();
  made.minutes.start();
  const heard = made.ear(NOW);
  made.minutes.follow('ABC', NOW, heard);
  return { ...made, heard };
}

describe('the minutes of a symbol', () => {
  test('begin with the past from REST and go on with the stream, without a hole', async () => {
    const { world, minutes, trades, send, heal, ear } = minutesWorld();
    world.feed.start();
    heal();
    minutes.start();
    const past = [-5, -4, -2, -1].map(trades);
    const heard = ear(openOf(-4));
    minutes.follow('ABC', openOf(-4), heard);
    await world.clock.pass(SECOND);
    // the minute that has just closed may not be written yet
    expect(heard.bars).toEqual(past.slice(1, -1));
    await world.clock.pass(15 * SECOND);
    expect(heard.bars).toEqual(past.slice(1));
    const first = trades(0);
    await world.clock.pass(45 * SECOND);
    send(barEvent(first));
    expect(heard.bars.at(-1)).toEqual(first);
    expect(heard.completeTo).toBe(openOf(1));
    expect(heard.faults).toEqual([]);
  });

  test('call a silent minute complete five seconds after it, and not before', async () => {
    const { world, tick, heard } = following();
    await world.clock.pass(60 * SECOND);
    tick();
    await world.clock.pass(4_900);
    tick();
    expect(heard.completeTo).toBe(Number.NEGATIVE_INFINITY);
    await world.clock.pass(100);
    tick();
    await world.clock.pass(SECOND);
    expect(heard.completeTo).toBe(openOf(1));
    expect(world.barsAsked).toEqual([]);
  });

  test('of a market without a single print are complete once the line has proved to live', async () => {
    const { world, minutes, heal, ear } = minutesWorld();
    world.feed.start();
    heal();
    minutes.start();
    const heard = ear(NOW);
    minutes.follow('ABC', NOW, heard);
    await world.clock.pass(3 * MINUTE + 20 * SECOND);
    expect(heard.completeTo).toBe(openOf(3));
  });

  test('stand still while a line is dead and nobody knows it, and lose nothing then', async () => {
    const { world, minutes, trades, heal, notice, cut, ear, tick } = minutesWorld();
    world.feed.start();
    heal();
    minutes.start();
    const heard = ear(NOW);
    minutes.follow('ABC', NOW, heard);
    const bar = trades(0);
    await world.clock.pass(59 * SECOND);
    tick();
    cut();
    await world.clock.pass(9 * SECOND);
    expect(heard.completeTo).toBe(Number.NEGATIVE_INFINITY);
    notice();
    await world.clock.pass(2 * SECOND);
    heal();
    await world.clock.pass(30 * SECOND);
    expect(heard.bars).toEqual([bar]);
    expect(heard.faults).toEqual([]);
  });

  test('wait for an older one that is still being back-filled', async () => {
    const { world, minutes, trades, send, heal, notice, cut, ear, tick } = minutesWorld();
    world.feed.start();
    heal();
    minutes.start();
    const heard = ear(NOW);
    minutes.follow('ABC', NOW, heard);
    await world.clock.pass(30 * SECOND);
    tick();
    cut();
    notice();
    const [lost, next] = [trades(0), trades(1)];
    world.rest.fails = () => new Error('no answer');
    await world.clock.pass(40 * SECOND);
    heal();
    await world.clock.pass(50 * SECOND);
    send(barEvent(next));
    expect(heard.bars).toEqual([]);
    world.rest.fails = () => undefined;
    await world.clock.pass(30 * SECOND);
    expect(heard.bars).toEqual([lost, next]);
    expect(heard.faults).toEqual([]);
  });

  test('stop with the feed, and go no further however late it gets', async () => {
    const { world, tick, heard } = following();
    await world.clock.pass(70 * SECOND);
    tick();
    await world.clock.pass(SECOND);
    expect(heard.completeTo).toBe(openOf(1));
    world.feed.stop();
    await world.clock.pass(60 * MINUTE);
    expect(heard.completeTo).toBe(openOf(1));
  });

  test('of a halted stock are complete while REST stands in for the stream', async () => {
    const { world, minutes, heal, notice, ear } = minutesWorld();
    world.provider.snapshots = async () => ({
      value: { stocks: [], indices: [], missing: [] },
      asOf: world.clock.now(),
      delayed: false,
    });
    world.feed.start();
    heal();
    minutes.start();
    const heard = ear(NOW);
    minutes.follow('ABC', NOW, heard);
    await world.clock.pass(10 * SECOND);
    notice();
    await world.clock.pass(5 * MINUTE);
    expect(heard.completeTo).toBeGreaterThanOrEqual(openOf(4));
    expect(heard.faults).toEqual([]);
  });

  test('that a delayed data plan holds back are waited for', async () => {
    const { world, minutes, trades, heal, ear } = minutesWorld();
    const { bars } = world.provider;
    world.provider.bars = async (...asked) => ({ ...(await bars(...asked)), delayed: true });
    world.rest.lagMs = 15 * MINUTE;
    world.feed.start();
    heal();
    minutes.start();
    const past = [-40, -10].map(trades);
    const heard = ear(openOf(-60));
    minutes.follow('ABC', openOf(-60), heard);
    await world.clock.pass(30 * SECOND);
    expect([heard.bars, heard.completeTo]).toEqual([past.slice(0, 1), openOf(-15)]);
    await world.clock.pass(17 * MINUTE);
    expect(heard.bars).toEqual(past);
    expect(heard.faults).toEqual([]);
  });

  test('that are wrong in themselves never come: no price, not on the minute', async () => {
    const { world, minutes, trades, send, heal, ear } = minutesWorld();
    world.feed.start();
    heal();
    minutes.start();
    const heard = ear(NOW);
    minutes.follow('ABC', NOW, heard);
    const good = trades(0);
    await world.clock.pass(61 * SECOND);
    send(barEvent({ ...good, low: 0 }), barEvent({ ...good, openAt: good.openAt + 500 }), barEvent(good));
    expect(heard.bars).toEqual([good]);
  });

  test('reach one ear although another fails, and none that has left', async () => {
    const { world, minutes, trades, send, heal, ear } = minutesWorld();
    world.feed.start();
    heal();
    minutes.start();
    const fail = (): never => {
      throw new Error('full');
    };
    minutes.follow('ABC', NOW, { bar: fail, complete: fail });
    const heard = ear(NOW);
    const leave = minutes.follow('ABC', NOW, heard);
    const bars = [trades(0), trades(1)] as const;
    await world.clock.pass(61 * SECOND);
    send(barEvent(bars[0]));
    leave();
    await world.clock.pass(MINUTE);
    send(barEvent(bars[1]));
    expect(heard.bars).toEqual([bars[0]]);
  });
});

/** One minute of a bad day: what the provider has of it, when the socket says so, and what breaks. */
const minute = fc.record({
  isSilent: fc.boolean(),
  lagMs: fc.integer({ min: 10, max: 4_800 }),
  again: fc.boolean(),
  revisedAfterMs: fc.option(fc.integer({ min: 100, max: 90_000 }), { nil: undefined }),
  ticksEveryMs: fc.constantFrom(700, 2_500, 20_000, 1_000_000),
  cut: fc.option(
    fc.record({
      atMs: fc.integer({ min: 0, max: 59_000 }),
      unnoticedMs: fc.integer({ min: 0, max: 9_000 }),
      downMs: fc.integer({ min: 200, max: 150_000 }),
    }),
    { nil: undefined, freq: 3 },
  ),
  isRestAway: fc.boolean(),
});

test('on a bad day every ear hears every minute once and in order, and never that more is complete than it has', async () => {
  let bars = 0;
  let revisions = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(minute, { minLength: 4, maxLength: 10 }),
      fc.array(fc.record({ fromMin: fc.integer({ min: -6, max: 6 }), atMs: fc.integer({ min: 0, max: 300_000 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.integer({ min: 0, max: 12_000 }),
      async (day, follows, restLagMs) => {
        const { world, minutes, trades, send, tick, cut, notice, heal, ear } = minutesWorld();
        const { clock } = world;
        let restIsAway = false;
        world.rest.lagMs = restLagMs;
        world.rest.fails = () => (restIsAway ? new Error('away') : undefined);
        for (const n of [-6, -5, -3, -2, -1]) trades(n);
        world.feed.start();
        heal();
        minutes.start();
        let cuts = 0;
        for (const [
          n,
          { isSilent, lagMs, again, revisedAfterMs, ticksEveryMs, cut: broken, isRestAway },
        ] of day.entries()) {
          const closedAt = openOf(n + 1);
          const bar = isSilent ? undefined : trades(n);
          if (bar) {
            clock.at(closedAt + lagMs, () => send(barEvent(bar, clock.now())));
            if (again) clock.at(closedAt + lagMs + 10, () => send(barEvent(bar)));
            if (revisedAfterMs !== undefined) {
              revisions += 1;
              clock.at(closedAt + lagMs + revisedAfterMs, () => send(barEvent({ ...bar, volume: 99 })));
            }
          }
          for (let ms = ticksEveryMs; ms < MINUTE; ms += ticksEveryMs) clock.at(openOf(n) + ms, tick);
          clock.at(openOf(n), () => {
            restIsAway = isRestAway;
          });
          if (!broken) continue;
          const { atMs, unnoticedMs, downMs } = broken;
          const mine = ++cuts;
          clock.at(openOf(n) + atMs, () => {
            cuts = Math.max(cuts, mine);
            cut();
          });
          clock.at(openOf(n) + atMs + unnoticedMs, notice);
          clock.at(openOf(n) + atMs + unnoticedMs + downMs, heal);
        }
        const heard = follows.map(({ fromMin, atMs }) => {
          const one = ear(openOf(fromMin));
          clock.at(NOW + atMs, () => void minutes.follow('ABC', openOf(fromMin), one));
          return { fromMin, one };
        });
        await clock.pass(day.length * MINUTE);
        restIsAway = false;
        await clock.pass(3 * MINUTE);
        heal();
        await clock.pass(3 * MINUTE);
        const shownTo = openOf(day.length + 5);
        for (const { fromMin, one } of heard) {
          expect(one.faults).toEqual([]);
          const due = world.truth.filter(({ openAt }) => openAt >= openOf(fromMin));
          expect(one.bars.map(({ openAt }) => openAt)).toEqual(due.map(({ openAt }) => openAt));
          expect(one.completeTo).toBeGreaterThanOrEqual(Math.max(shownTo, openOf(fromMin)));
          bars += one.bars.length;
        }
        minutes.stop();
        world.feed.stop();
      },
    ),
    { numRuns: 150 },
  );
  expect(bars).toBeGreaterThan(500);
  expect(revisions).toBeGreaterThan(100);
}, 120_000);
