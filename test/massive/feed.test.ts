import { describe, expect, it } from 'vitest';
import { MassiveError } from '../../src/massive/errors.ts';
import type { FeedState } from '../../src/massive/feed.ts';
import { NOW } from './bench.ts';
import { barOf, buildWorld, DOWN, LIVE, MINUTE, streamOf, type World } from './feed/world.ts';

const SECOND = 1_000;
const goLive = (world: World): void => {
  world.feed.start();
  for (const stream of world.streams.values()) stream.set(LIVE);
};
const stateOf = (world: World, feed = 'stocks'): FeedState | undefined =>
  world.feed.state().find((line) => line.feed === feed);

describe('the market feed', () => {
  it('watches stocks by minute, trade and quote, and indices by minute and value', () => {
    const world = buildWorld({ clusters: ['stocks', 'indices', 'options'] });
    world.feed.watch(['SPY', 'I:SPX', 'O:SPY260220C00600000']);
    expect([...streamOf(world, 'stocks').pairs.keys()]).toEqual(['AM.SPY', 'T.SPY', 'Q.SPY']);
    expect([...streamOf(world, 'indices').pairs.keys()]).toEqual(['AM.I:SPX', 'V.I:SPX']);
    expect([...streamOf(world, 'options').pairs.keys()]).toContain('Q.O:SPY260220C00600000');
  });

  it('keeps a symbol until its last watcher has left', () => {
    const world = buildWorld();
    const first = world.feed.watch(['SPY', 'SPY']);
    const second = world.feed.watch(['SPY']);
    first();
    first();
    expect(streamOf(world).pairs.size).toBe(3);
    second();
    expect(streamOf(world).pairs.size).toBe(0);
  });

  it('takes second bars where the plan has no trades, for later watchers too', () => {
    const world = buildWorld();
    world.feed.watch(['SPY', 'I:SPX']);
    const { ears, pairs } = streamOf(world);
    ears.onRefused('Q');
    expect(pairs.has('A.SPY')).toBe(false);
    ears.onRefused('T');
    ears.onRefused('T');
    const leave = world.feed.watch(['AAPL']);
    expect([pairs.get('A.SPY'), pairs.get('A.AAPL')]).toEqual([1, 1]);
    expect(streamOf(world, 'indices').pairs.has('A.I:SPX')).toBe(false);
    leave();
    expect(pairs.has('A.AAPL')).toBe(false);
  });

  it('asks REST nothing while the streams are live, and an empty minute is no gap', async () => {
    const world = buildWorld();
    world.feed.watch(['SPY', 'I:SPX']);
    goLive(world);
    await world.clock.pass(30 * MINUTE);
    expect([world.barsAsked, world.pricesAsked]).toEqual([[], []]);
  });

  it('a break within a minute costs no call for minutes', async () => {
    const world = buildWorld();
    world.feed.watch(['SPY']);
    goLive(world);
    await world.clock.pass(2 * MINUTE + 20 * SECOND);
    streamOf(world).ears.sink([{ kind: 'bar', bar: barOf('SPY', NOW + MINUTE), receivedAt: world.clock.now() }]);
    streamOf(world).set(DOWN);
    await world.clock.pass(300);
    streamOf(world).set(LIVE);
    world.barsAsked.length = 0;
    await world.clock.pass(10 * MINUTE);
    // the minute that closed before the break may still have been on its way, so it is asked for once
    expect(world.barsAsked.length).toBeLessThanOrEqual(1);
  });

  it('says where the minutes of a symbol may have a hole, and how far its stream has come', async () => {
    const world = buildWorld({ clusters: ['stocks'] });
    const { clock, feed } = world;
    feed.watch(['SPY']);
    goLive(world);
    await clock.pass(2 * MINUTE);
    expect([feed.gapFrom('SPY'), feed.heardTo('SPY')]).toEqual([undefined, undefined]);
    const trade = { symbol: 'QQQ', price: 1, size: 1, conditions: [], exchange: 1, receivedAt: 0 };
    const now = clock.now();
    streamOf(world).ears.sink([{ kind: 'trade', trade: { ...trade, eventAt: now - 200 } }]);
    expect(feed.heardTo('SPY')).toBe(now - 200);
    // a wrong time of one event does not vouch for minutes to come
    streamOf(world).ears.sink([{ kind: 'trade', trade: { ...trade, eventAt: now + 60 * MINUTE } }]);
    expect(feed.heardTo('SPY')).toBe(now);
    world.rest.fails = () => new MassiveError('network_error', 'bars', 'down');
    streamOf(world).set(DOWN);
    await clock.pass(3 * MINUTE);
    expect([feed.gapFrom('SPY'), feed.heardTo('SPY')]).toEqual([NOW, undefined]);
    world.rest.fails = () => undefined;
    streamOf(world).set(LIVE);
    await clock.pass(MINUTE);
    expect(feed.gapFrom('SPY')).toBeUndefined();
  });

  it('back-fills active symbols first, and a hundred symbols within two seconds at 50 ms each', async () => {
    const world = buildWorld();
    const symbols = Array.from({ length: 100 }, (_, index) => `S${index}`);
    world.feed.watch(symbols);
    world.rest.latencyMs = 50;
    world.feed.watch(['S97', 'S98', 'S99'], { active: true });
    goLive(world);
    await world.clock.pass(MINUTE);
    streamOf(world).set(DOWN);
    for (const symbol of symbols) world.truth.push(barOf(symbol, NOW + MINUTE));
    world.rest.fails = () => new MassiveError('network_error', 'bars', 'down');
    await world.clock.pass(2 * MINUTE);
    world.rest.fails = () => undefined;
    world.barsAsked.length = 0;
    streamOf(world).set(LIVE);
    await world.clock.pass(2 * SECOND);
    expect(world.barsAsked.slice(0, 3).map(({ symbol }) => symbol)).toEqual(['S97', 'S98', 'S99']);
    expect(new Set(world.delivered())).toEqual(new Set(symbols.map((symbol) => `${symbol} 1`)));
  });

  it('polls one question for all symbols every five seconds while a line is down, and stops when it is back', async () => {
    const world = buildWorld();
    const told: FeedState[] = [];
    world.feed.onState((state) => told.push(state));
    world.feed.watch(['SPY', 'AAPL', 'I:SPX']);
    goLive(world);
    await world.clock.pass(10 * SECOND);
    streamOf(world).set(DOWN);
    await world.clock.pass(30 * SECOND);
    expect(world.pricesAsked.length).toBe(6);
    expect(world.pricesAsked.every((symbols) => symbols.join() === 'SPY,AAPL')).toBe(true);
    expect(stateOf(world)).toMatchObject({ up: 'polling', reason: 'closed (1006)', since: NOW + 11_050 });
    expect(stateOf(world, 'indices')).toMatchObject({ up: 'live' });
    expect(world.events.filter(({ kind }) => kind === 'trade').length).toBe(12);
    expect(world.events.find(({ kind }) => kind === 'quote')).toMatchObject({ quote: { bid: 99.9, ask: 100.1 } });
    streamOf(world).set(LIVE);
    await world.clock.pass(30 * SECOND);
    expect(world.pricesAsked.length).toBe(6);
    expect(told.filter(({ feed }) => feed === 'stocks').map(({ up }) => up)).toEqual([
      'down',
      'live',
      'down',
      'polling',
      'live',
    ]);
  });

  it('brings the minutes while it polls, each once', async () => {
    const world = buildWorld();
    world.feed.watch(['SPY']);
    goLive(world);
    streamOf(world).set(DOWN);
    for (let minute = 0; minute < 5; minute++) world.truth.push(barOf('SPY', NOW + minute * MINUTE, 100 + minute));
    await world.clock.pass(5 * MINUTE + 30 * SECOND);
    expect(world.delivered()).toEqual(['SPY 0', 'SPY 1', 'SPY 2', 'SPY 3', 'SPY 4']);
  });

  it('a feed whose key is refused lives on by polling, and says why', async () => {
    const world = buildWorld();
    world.feed.watch(['SPY']);
    world.feed.start();
    streamOf(world).set({ up: 'refused', reason: 'authentication failed' });
    await world.clock.pass(10 * SECOND);
    expect(stateOf(world)).toMatchObject({ up: 'polling', reason: 'authentication failed' });
  });

  it('a feed without a stream only polls', async () => {
    const world = buildWorld({ withStream: false });
    world.feed.watch(['SPY', 'I:SPX']);
    world.feed.start();
    await world.clock.pass(6 * SECOND);
    expect(world.feed.state().map(({ up }) => up)).toEqual(['polling', 'polling']);
    expect(world.pricesAsked).toEqual([
      ['SPY', 'I:SPX'],
      ['SPY', 'I:SPX'],
    ]);
  });

  it('says down when REST fails too, logs it once, and recovers by itself', async () => {
    const world = buildWorld();
    world.feed.watch(['SPY']);
    world.feed.start();
    world.rest.fails = () => new MassiveError('circuit_open', 'snapshots', 'left alone');
    await world.clock.pass(2 * MINUTE);
    expect(stateOf(world)?.up).toBe('down');
    expect(world.log.lines.length).toBe(1);
    expect(world.barsAsked.length).toBeLessThan(40);
    world.rest.fails = () => undefined;
    await world.clock.pass(6 * SECOND);
    expect(stateOf(world)?.up).toBe('polling');
  });

  it('every stock has its minute while the line is down, by one question a minute', async () => {
    const world = buildWorld();
    const leave = world.feed.watchAllBars();
    expect(streamOf(world).pairs.get('AM.*')).toBe(1);
    goLive(world);
    streamOf(world).set(DOWN);
    for (const symbol of ['A', 'B', 'C']) world.truth.push(barOf(symbol, NOW), barOf(symbol, NOW + MINUTE));
    await world.clock.pass(3 * MINUTE);
    expect(new Set(world.delivered())).toEqual(new Set(['A 0', 'B 0', 'C 0', 'A 1', 'B 1', 'C 1']));
    expect(world.delivered().length).toBe(6);
    leave();
    leave();
    expect(streamOf(world).pairs.size).toBe(0);
  });

  it('a bar that comes twice passes once, and a revised one passes again', () => {
    const world = buildWorld();
    goLive(world);
    const { sink } = streamOf(world).ears;
    const send = (close: number): void => sink([{ kind: 'bar', bar: barOf('SPY', NOW, close), receivedAt: NOW }]);
    send(100);
    send(100);
    send(101);
    send(101);
    expect(world.delivered().length).toBe(2);
    expect(stateOf(world)?.lastEventAt).toBe(NOW + MINUTE);
  });

  it('nothing comes after it was stopped', async () => {
    const world = buildWorld();
    world.feed.watch(['SPY']);
    world.feed.start();
    await world.clock.pass(1_010);
    world.feed.stop();
    await world.clock.pass(MINUTE);
    expect(world.events).toEqual([]);
    expect(world.pricesAsked.length).toBe(1);
    expect(world.feed.state().map(({ up }) => up)).toEqual(['off', 'off']);
  });
});
