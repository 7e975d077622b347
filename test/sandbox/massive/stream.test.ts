import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { type Massive, type MassiveOptions, startMassive } from '../../../src/sandbox/massive/start.ts';
import { createReplayClock } from '../../../src/sandbox/replay-clock.ts';
import { fakeWall } from '../fake-wall.ts';
import { at, replay } from './held-market.ts';
import { openStream, type WireEvent } from './stream-client.ts';

const SCENARIO = '2015-12-23';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const spec: Record<string, { schema: object; example: object }> = JSON.parse(
  readFileSync(new URL('../../../fixtures/specs/massive-websocket.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

/** A server whose market runs only while `wall.pass` does. */
async function start(minutesAfterOpen: number, options: Partial<MassiveOptions> & { speed?: number } = {}) {
  const wall = fakeWall();
  const market = replay(SCENARIO);
  const clock = createReplayClock({
    sessions: market.sessions,
    startAt: at(SCENARIO, '2015-12-23', minutesAfterOpen),
    speed: options.speed ?? 1,
    wallNow: wall.wallNow,
    setTimer: wall.setTimer,
  });
  const massive: Massive = await startMassive({ scenario: market, control: clock, apiKey: 'test-key', ...options });
  stops.push(async () => {
    clock.stop();
    await massive.stop();
  });
  return { wall, clock, massive };
}

const market = (events: readonly WireEvent[]): WireEvent[] => events.filter((event) => event.ev !== 'status');

describe('the conversation', () => {
  it('greets, authenticates, and confirms each pair; a second time it says nothing', async () => {
    const { massive } = await start(10);
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('T.GOOG,A.GOOG');
    client.send('subscribe', 'T.GOOG');
    client.send('unsubscribe', 'A.GOOG');
    await client.settled();
    expect(client.statuses()).toEqual([
      'connected: Connected Successfully',
      'auth_success: authenticated',
      'success: subscribed to: T.GOOG',
      'success: subscribed to: A.GOOG',
      'success: unsubscribed to: A.GOOG',
    ]);
  });

  it('confirms a ticker that does not exist, is silent about an unknown channel, and refuses one outside the plan first', async () => {
    const { massive } = await start(10);
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('T.NOTATICKER,ZZ.AAPL,NOI.*');
    expect(client.statuses().slice(2)).toEqual(['error: not authorized', 'success: subscribed to: T.NOTATICKER']);
  });

  it('drops a wrong key without a close frame', async () => {
    const { massive } = await start(10);
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.received(1);
    client.send('auth', 'other');
    expect(await client.closed).toBe(1006);
    expect(client.statuses().at(-1)).toBe('auth_failed: authentication failed');
  });

  it('drops a cluster outside the plan in the same way', async () => {
    const { massive } = await start(10);
    const client = await openStream(`${massive.wsUrl}/crypto`);
    await client.received(1);
    client.send('auth', 'test-key');
    expect(await client.closed).toBe(1006);
    expect(client.statuses().at(-1)).toContain("auth_failed: Your plan doesn't include websocket access");
  });

  it('hears no request before the key', async () => {
    const { massive } = await start(10);
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.received(1);
    client.send('subscribe', 'AM.GOOG');
    await client.settled();
    expect(client.statuses()).toEqual(['connected: Connected Successfully']);
  });

  it('drops a client that never authenticates, and only that one', async () => {
    const { massive } = await start(10, { authTimeoutMs: 200 });
    const known = await openStream(`${massive.wsUrl}/stocks`);
    await known.login('AM.GOOG');
    const client = await openStream(`${massive.wsUrl}/indices`);
    expect(await client.closed).toBe(1006);
    expect(client.statuses().at(-1)).toBe('auth_timeout: No authentication request received.');
    await known.settled();
  });

  it('passes over what is not a request', async () => {
    const { massive } = await start(10);
    const client = await openStream(`${massive.wsUrl}/options`);
    await client.received(1);
    for (const text of ['no json', '[]', '42', '{"action":7}']) client.socket.send(text);
    await client.login('T.O:GOOG160115C00750000');
    expect(client.statuses().at(-1)).toBe('success: subscribed to: T.O:GOOG160115C00750000');
  });

  it('evicts the older connection of a cluster; other clusters stay', async () => {
    const { massive } = await start(10);
    const older = await openStream(`${massive.wsUrl}/stocks`);
    await older.login('AM.GOOG');
    const indices = await openStream(`${massive.wsUrl}/indices`);
    await indices.login('V.I:SPX');
    const newer = await openStream(`${massive.wsUrl}/stocks`);
    await newer.login('AM.GOOG');
    expect(await older.closed).toBe(1006);
    expect(older.statuses().at(-1)).toBe('max_connections: Maximum number of websocket connections exceeded. ');
    await indices.settled();
    await newer.settled();
  });

  it('refuses the newcomer when told so: only after it was confirmed, with 1008', async () => {
    const { massive } = await start(10);
    massive.faults.connectionLimit = 'refuseNewcomer';
    const older = await openStream(`${massive.wsUrl}/stocks`);
    await older.login('AM.GOOG');
    const newer = await openStream(`${massive.wsUrl}/stocks`);
    await newer.received(1);
    newer.send('auth', 'test-key');
    await newer.received(2);
    newer.send('subscribe', 'AM.GOOG');
    expect(await newer.closed).toBe(1008);
    expect(
      newer
        .statuses()
        .slice(1)
        .map((text) => text.slice(0, 30)),
    ).toEqual(['auth_success: authenticated', 'success: subscribed to: AM.GOO', 'max_connections: Maximum numbe']);
    await older.settled();
  });

  it('cuts off a client that does not read', async () => {
    const { massive, wall } = await start(10, { largestBacklogBytes: 10_000, speed: 600 });
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('AM.*,T.*,Q.*');
    client.socket.pause();
    for (let round = 0; round < 400; round += 1) {
      wall.pass(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.socket.resume();
    expect(await client.closed).toBe(1006);
  });

  it('goes silent or cuts the line on demand', async () => {
    const { massive, wall } = await start(10, { speed: 60 });
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('AM.GOOG');
    massive.faults.blackHole = true;
    wall.pass(5_000);
    massive.faults.blackHole = false;
    await client.settled();
    expect(market(client.events)).toEqual([]);
    massive.faults.dropSockets();
    expect(await client.closed).toBe(1006);
  });
});

describe('what it sends', () => {
  it("fits the provider's description and its example, channel by channel", async () => {
    const { massive, wall } = await start(30.75);
    const stocks = await openStream(`${massive.wsUrl}/stocks`);
    await stocks.login('T.*,Q.*,A.*,AM.*');
    const indices = await openStream(`${massive.wsUrl}/indices`);
    await indices.login('V.*,A.*,AM.*');
    wall.pass(16_000);
    await stocks.settled();
    await indices.settled();
    let checked = 0;
    for (const [cluster, events] of [
      ['stocks', market(stocks.events)],
      ['indices', market(indices.events)],
    ] as const) {
      for (const ev of cluster === 'stocks' ? ['T', 'Q', 'A', 'AM'] : ['V', 'A', 'AM']) {
        const { schema = false, example = {} } = spec[`/${cluster}/${ev}`] ?? {};
        const validate = ajv.compile(schema);
        const mine = events.filter((event) => event.ev === ev);
        expect(mine.length, `${cluster} ${ev}`).toBeGreaterThan(0);
        const odd = mine.filter((event) => !validate(event) || !sameTypes(event, example));
        expect(odd.slice(0, 3), `${cluster} ${ev}`).toEqual([]);
        // conditions and indicators are optional on the wire
        const wanted = Object.keys(example).filter((key) => !['c', 'i'].includes(key));
        expect(wanted.filter((key) => !mine.every((event) => key in event))).toEqual([]);
        checked += mine.length;
      }
    }
    expect(checked).toBeGreaterThan(10_000);
  });

  it('sends the bar of each finished minute, the same that REST then has', async () => {
    const { massive, wall, clock } = await start(30, { speed: 60 });
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('AM.GOOG,AM.AAPL');
    wall.pass(10_100);
    await client.settled();
    const from = at(SCENARIO, '2015-12-23', 30);
    for (const symbol of ['GOOG', 'AAPL']) {
      const bars = market(client.events).filter((event) => event.sym === symbol);
      const answer = await fetch(
        `${massive.restUrl}/v2/aggs/ticker/${symbol}/range/1/minute/${from}/${clock.now()}?apiKey=test-key`,
      );
      const { results } = await answer.json();
      expect(bars.map(({ s, o, h, l, c, v, vw }) => ({ t: s, o, h, l, c, v, vw }))).toEqual(
        results.map(({ t, o, h, l, c, v, vw }: Record<string, number>) => ({ t, o, h, l, c, v, vw })),
      );
      expect(bars).toHaveLength(10);
    }
  });

  it('sends every bar of a jump in order and no ticks', async () => {
    const { massive, wall, clock } = await start(30);
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('AM.GOOG,T.GOOG,Q.GOOG');
    clock.jumpTo('next_close');
    while (clock.jumping()) wall.pass(0);
    await client.settled();
    const bars = market(client.events).filter((event) => event.ev === 'AM');
    expect(market(client.events)).toHaveLength(bars.length);
    const path = replay(SCENARIO).paths.of('GOOG', '2015-12-23');
    const minutes = Array.from({ length: 358 }, (_, index) => 330 + 30 + index).filter((minute) => path?.close[minute]);
    const opening = at(SCENARIO, '2015-12-23', 0);
    expect(bars.map((event) => (Number(event.s) - opening) / 60_000 + 330)).toEqual(minutes);
  });

  it('says the same about a market second at any speed, and everything twice in a second run', async () => {
    const run = async (speed: number, wallMs: number): Promise<string[]> => {
      const { massive, wall } = await start(45, { speed });
      const client = await openStream(`${massive.wsUrl}/stocks`);
      await client.login('AM.*,T.GOOG,Q.GOOG,A.AAPL');
      wall.pass(wallMs);
      await client.settled();
      return market(client.events).map((event) => JSON.stringify(event));
    };
    const slow = await run(4, 45_000);
    expect(await run(4, 45_000)).toEqual(slow);
    const known = new Set(slow);
    const fast = await run(60, 3_000);
    expect(fast.length).toBeGreaterThan(1_000);
    expect(fast.filter((text) => !known.has(text))).toEqual([]);
  });

  it('keeps ticks to four a real second and symbol, however fast the market runs', async () => {
    const { massive, wall } = await start(30, { speed: 600 });
    const client = await openStream(`${massive.wsUrl}/stocks`);
    await client.login('Q.AAPL');
    wall.pass(10_000);
    await client.settled();
    const quotes = market(client.events);
    expect(quotes.length).toBeGreaterThan(30);
    expect(quotes.length).toBeLessThanOrEqual(41);
  });

  it('says nothing at night and on indices outside regular hours', async () => {
    const { massive, wall, clock } = await start(384, { speed: 600 });
    const indices = await openStream(`${massive.wsUrl}/indices`);
    await indices.login('V.*,AM.*');
    while (clock.state().sessionOn === '2015-12-23') wall.pass(1_000);
    await indices.settled();
    const close = at(SCENARIO, '2015-12-23', 390);
    const times = market(indices.events).map((event) => Number(event.e ?? event.t));
    expect(times.length).toBeGreaterThan(10);
    expect(Math.max(...times)).toBe(close);
  });
});

function sameTypes(event: WireEvent, example: object): boolean {
  return Object.entries(example).every(([key, value]) => !(key in event) || typeof event[key] === typeof value);
}
