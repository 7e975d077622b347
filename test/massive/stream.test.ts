import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MarketEvent } from '../../src/domain/bar.ts';
import { createMetrics, type Metrics } from '../../src/kit/metrics.ts';
import { createStream, type Stream, type StreamDeps, type StreamState } from '../../src/massive/stream.ts';
import { KEY, keptLog, NOW } from './bench.ts';
import { acknowledge, type FakeStream, say, startFakeStream, status } from './fake-stream.ts';
import { type HeldClock, heldClock } from './held-clock.ts';

const MINUTE = 60_000;
const SPY_MINUTE = { ev: 'AM', sym: 'SPY', o: 1, h: 2, l: 1, c: 2, v: 10, vw: 1.5, s: NOW, e: NOW + MINUTE };
const MAX_CONNECTIONS = status('max_connections', 'Maximum number of websocket connections exceeded. ');

describe('one feed', () => {
  let server: FakeStream;
  let stream: Stream;
  let wall: HeldClock;
  let log: ReturnType<typeof keptLog>;
  let metrics: Metrics;
  let received: MarketEvent[];
  let states: StreamState[];
  let refused: string[];

  const open = (overrides: Partial<StreamDeps> = {}): void => {
    stream = createStream({
      url: server.url,
      apiKey: KEY,
      cluster: 'stocks',
      log,
      metrics,
      sink: (events) => received.push(...events),
      onState: (state) => states.push(state),
      onRefused: (channel) => refused.push(channel),
      clock: { now: () => NOW + 5_000 },
      wall,
      random: () => 0.5,
      ...overrides,
    });
  };
  beforeEach(async () => {
    server = await startFakeStream();
    wall = heldClock(NOW);
    log = keptLog();
    metrics = createMetrics();
    received = [];
    states = [];
    refused = [];
    open();
  });
  afterEach(async () => {
    stream.stop();
    await wall.pass(1_000);
    await server.stop();
  });
  const becomes = (up: StreamState['up']): Promise<void> =>
    vi.waitFor(() => expect(stream.state().up).toBe(up), { interval: 2 });
  const goLive = async (): Promise<void> => {
    stream.start();
    await becomes('live');
  };
  const arrives = (count: number): Promise<void> =>
    vi.waitFor(() => expect(received.length).toBe(count), { interval: 2 });
  const heard = (): string[] => server.last().heard.map(({ action, params }) => `${action} ${params}`);

  it('logs in before it subscribes, and says the key in the login only', async () => {
    stream.subscribe(['T.SPY', 'AM.SPY']);
    await goLive();
    expect(server.last().path).toBe('/stocks');
    expect(heard()).toEqual([`auth ${KEY}`, 'subscribe T.SPY,AM.SPY']);
    expect(states.map(({ up }) => up)).toEqual(['connecting', 'live']);
    expect(log.lines.join()).not.toContain(KEY);
    expect(await metrics.text()).toContain('stream_up{feed="stocks"} 1');
  });

  it('passes the events of a mixed frame on in their order, stamped with market time', async () => {
    await goLive();
    server.send(
      { ev: 'T', sym: 'SPY', p: 100.5, s: 20, x: 4, c: [37], t: NOW, q: 1, z: 3 },
      status('success', 'subscribed to: X'),
      { ev: 'Q', sym: 'QQQ', bp: 10, ap: 10.1, bs: 2, as: 3, t: NOW, q: 1, z: 3 },
      SPY_MINUTE,
      { ev: 'V', T: 'I:SPX', val: 5000, t: NOW },
    );
    await arrives(4);
    expect(received).toMatchObject([
      {
        kind: 'trade',
        trade: { symbol: 'SPY', price: 100.5, size: 20, exchange: 4, conditions: [37], receivedAt: NOW + 5_000 },
      },
      { kind: 'quote', quote: { symbol: 'QQQ', bid: 10, ask: 10.1, bidSize: 200, askSize: 300 } },
      { kind: 'bar', bar: { symbol: 'SPY', openAt: NOW, timeframe: '1m', volume: 10 } },
      { kind: 'index', index: { symbol: 'I:SPX', value: 5000 } },
    ]);
  });

  it('two watchers of a pair cost one subscription, and only the last to leave ends it', async () => {
    await goLive();
    const first = stream.subscribe(['T.SPY']);
    const second = stream.subscribe(['T.SPY', 'T.QQQ']);
    await vi.waitFor(() => expect(heard().length).toBe(2));
    first();
    first();
    await wall.pass(100);
    second();
    await vi.waitFor(() => expect(heard().length).toBe(3));
    expect(heard().slice(1)).toEqual(['subscribe T.SPY,T.QQQ', 'unsubscribe T.SPY,T.QQQ']);
  });

  it('a pair that is left and wanted again within one tick costs no frame', async () => {
    const release = stream.subscribe(['T.SPY']);
    await goLive();
    release();
    stream.subscribe(['T.SPY']);
    await wall.pass(100);
    expect(heard()).toEqual([`auth ${KEY}`, 'subscribe T.SPY']);
  });

  const BREAKS: Record<string, () => void> = {
    'a drop without a close frame': () => server.last().socket.terminate(),
    'a normal close': () => server.last().socket.close(1000),
    'a keepalive close (1011)': () => server.last().socket.close(1011),
    'a frame above 8 MiB': () => server.last().socket.send(`["${'x'.repeat(9 * 1024 * 1024)}"]`),
  };
  for (const [name, breakIt] of Object.entries(BREAKS)) {
    it(`subscribes again after ${name}`, async () => {
      stream.subscribe(['T.SPY', 'AM.*']);
      await goLive();
      breakIt();
      await becomes('down');
      expect(stream.state()).toMatchObject({ retryInMs: 250 });
      await wall.pass(250);
      await becomes('live');
      expect(server.dialled.length).toBe(2);
      expect(heard()).toEqual([`auth ${KEY}`, 'subscribe T.SPY,AM.*']);
    });
  }

  it.each(['authentication failed', "Your plan doesn't include websocket access."])(
    '"%s" is final',
    async (message) => {
      server.script = {
        onAuth: (dialled) => {
          say(dialled, status('auth_failed', message));
          dialled.socket.terminate();
        },
      };
      stream.start();
      await becomes('refused');
      expect(stream.state()).toEqual({ up: 'refused', reason: message });
      await wall.pass(60 * MINUTE);
      expect(server.dialled.length).toBe(1);
    },
  );

  it('evicted by a newer connection, it waits a minute or more', async () => {
    await goLive();
    server.send(SPY_MINUTE);
    await wall.pass(1_000);
    say(server.last(), MAX_CONNECTIONS);
    server.last().socket.terminate();
    await becomes('down');
    expect(stream.state()).toMatchObject({
      reason: 'Maximum number of websocket connections exceeded.',
      retryInMs: 67_500,
    });
    await wall.pass(67_499);
    expect(server.dialled.length).toBe(1);
    await wall.pass(1);
    await becomes('live');
  });

  it('refused as the newcomer after login and ack, it dials at most 6 times in ten minutes', async () => {
    server.script = {
      onSubscribe: (dialled, pairs) => {
        acknowledge(dialled, pairs);
        say(dialled, SPY_MINUTE);
        say(dialled, MAX_CONNECTIONS);
        dialled.socket.close(1008);
      },
    };
    stream.subscribe(['AM.SPY']);
    stream.start();
    for (let second = 0; second < 600; second++) {
      if (stream.state().up !== 'down') await becomes('down');
      await wall.pass(1_000);
    }
    expect(server.dialled.length).toBeGreaterThan(2);
    expect(server.dialled.length).toBeLessThanOrEqual(6);
  });

  it('backs off from a server that drops right after the login, and a good login alone resets nothing', async () => {
    server.script = {
      onAuth: (dialled) => {
        say(dialled, status('auth_success', 'authenticated'));
        setImmediate(() => dialled.socket.terminate());
      },
    };
    const waits: number[] = [];
    stream.start();
    for (let round = 0; round < 9; round++) {
      await becomes('down');
      const state = stream.state();
      if (state.up === 'down') waits.push(state.retryInMs);
      await wall.pass(state.up === 'down' ? state.retryInMs : 0);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('starts from a short wait again after ten seconds that brought data', async () => {
    const breakAfter = async (ms: number, withData: boolean): Promise<number> => {
      await becomes('live');
      if (withData) {
        const before = received.length;
        server.send(SPY_MINUTE);
        await arrives(before + 1);
      }
      for (let left = ms; left > 0; left -= 1_000) {
        await wall.pass(Math.min(left, 1_000));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      server.last().socket.terminate();
      await becomes('down');
      const state = stream.state();
      const retryInMs = state.up === 'down' ? state.retryInMs : Number.NaN;
      await wall.pass(retryInMs);
      return retryInMs;
    };
    stream.start();
    expect(await breakAfter(0, true)).toBe(250);
    expect(await breakAfter(9_000, true)).toBe(500);
    expect(await breakAfter(11_000, false)).toBe(1_000);
    expect(await breakAfter(11_000, true)).toBe(250);
  });

  it('notices a half-open line within ten seconds, and a quiet market is none', async () => {
    await goLive();
    for (let second = 0; second < 60; second++) {
      await wall.pass(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(stream.state().up).toBe('live');
    server.last().socket.pause();
    let elapsed = 0;
    while (stream.state().up === 'live' && elapsed < 20_000) {
      await wall.pass(250);
      elapsed += 250;
    }
    expect(stream.state()).toMatchObject({ up: 'down', reason: expect.stringMatching(/^silent for/) });
    expect(elapsed).toBeLessThanOrEqual(10_000);
  });

  it('a stall of our own is not blamed on the line, but a dead line is still noticed after it', async () => {
    await goLive();
    wall.jump(600_000);
    await vi.waitFor(() => expect(stream.state().up).toBe('live'));
    await wall.pass(3_000);
    expect(stream.state().up).toBe('live');
    server.last().socket.pause();
    wall.jump(600_000);
    await wall.pass(9_100);
    expect(stream.state().up).toBe('down');
  });

  it('gives up on a server that does not greet or does not answer the login', async () => {
    server.script = { greet: () => {} };
    stream.start();
    await vi.waitFor(() => expect(server.dialled.length).toBe(1));
    await wall.pass(10_000);
    expect(stream.state()).toMatchObject({ up: 'down', reason: 'no login in time' });
    server.script = { onAuth: () => {} };
    await wall.pass(250);
    await vi.waitFor(() => expect(heard().length).toBe(1));
    await wall.pass(10_000);
    expect(stream.state().up).toBe('down');
  });

  it('keeps trying while nobody listens', async () => {
    open({ url: 'ws://127.0.0.1:1' });
    stream.start();
    await becomes('down');
    await wall.pass(250);
    await vi.waitFor(() => expect(states.filter(({ up }) => up === 'down').length).toBe(2));
  });

  it('a channel that the plan lacks is named and not asked for again, also when the refusal comes before the acks', async () => {
    server.script = {
      onSubscribe: (dialled, pairs) => {
        say(dialled, status('error', 'not authorized'));
        acknowledge(
          dialled,
          pairs.filter((pair) => !/^[TQ]\./.test(pair)),
        );
      },
    };
    stream.subscribe(['AM.SPY', 'T.SPY', 'Q.SPY']);
    stream.start();
    await vi.waitFor(() => expect(heard().length).toBe(2));
    await wall.pass(2_000);
    await becomes('live');
    expect(refused).toEqual(['T', 'Q']);
    stream.subscribe(['AM.QQQ', 'T.QQQ']);
    await vi.waitFor(() => expect(heard().at(-1)).toBe('subscribe AM.QQQ'));
    server.last().socket.terminate();
    await becomes('down');
    await wall.pass(250);
    await becomes('live');
    expect(heard().at(-1)).toBe('subscribe AM.SPY,AM.QQQ');
  });

  it('a channel that answered for one symbol is in the plan, whatever else is refused', async () => {
    server.script = {
      onSubscribe: (dialled, pairs) => {
        say(dialled, status('error', 'not authorized'));
        acknowledge(
          dialled,
          pairs.filter((pair) => pair === 'T.SPY'),
        );
      },
    };
    stream.subscribe(['T.SPY', 'T.LOST', 'Q.SPY']);
    stream.start();
    await vi.waitFor(() => expect(heard().length).toBe(2));
    await wall.pass(2_000);
    await becomes('live');
    expect(refused).toEqual(['Q']);
    expect(log.lines.join()).toContain('T.LOST');
  });

  it('an unknown channel stays silent without holding up the feed', async () => {
    server.script = {
      onSubscribe: (dialled, pairs) =>
        acknowledge(
          dialled,
          pairs.filter((pair) => !pair.startsWith('ZZ')),
        ),
    };
    stream.subscribe(['AM.SPY', 'ZZ.SPY']);
    stream.start();
    await vi.waitFor(() => expect(heard().length).toBe(2));
    await wall.pass(1_900);
    expect(stream.state().up).toBe('connecting');
    await wall.pass(100);
    expect(stream.state().up).toBe('live');
    expect(refused).toEqual([]);
    expect(log.lines.join()).toContain('ZZ.SPY');
  });

  it('large watchlists are subscribed in frames of 200 pairs', async () => {
    stream.subscribe(Array.from({ length: 450 }, (_, index) => `AM.S${index}`));
    await goLive();
    expect(
      server
        .last()
        .heard.slice(1)
        .map(({ params }) => params.split(',').length),
    ).toEqual([200, 200, 50]);
  });

  it('poison frames are counted and left out, and the line lives on', async () => {
    await goLive();
    const { socket } = server.last();
    const poison = [
      'not json',
      '',
      '{"ev":"T","sym":"SPY"}',
      '"text"',
      'null',
      '[null, 1, "x", [], {}]',
      '[{"ev":"T"}]',
      '[{"ev":"T","sym":"SPY","p":-1,"t":1717599600000}]',
      '[{"ev":"T","sym":"SPY","p":1e999,"t":1717599600000}]',
      '[{"ev":"Q","sym":"SPY","bp":"1","ap":2,"t":1717599600000}]',
      '[{"ev":"AM","sym":"SPY","o":1,"h":1,"l":2,"c":1,"s":1717599600000}]',
      '[{"ev":"V","T":"I:SPX","val":1}]',
      '[{"ev":"__proto__","__proto__":{"polluted":true}}]',
      '[{"ev":{"toString":1}}]',
      '[{"ev":"status","status":{"a":1},"message":7}]',
      `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      `["${'x'.repeat(5 * 1024 * 1024)}"]`,
    ];
    for (const frame of poison) socket.send(frame);
    socket.send(Buffer.from([0xff, 0xfe, 0x00]));
    say(server.last(), SPY_MINUTE);
    await arrives(1);
    expect(stream.state().up).toBe('live');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const text = await metrics.text();
    const dropped = Object.fromEntries(
      [...text.matchAll(/events_dropped_total\{reason="(\w+)"\} (\d+)/g)].map((m) => [m[1], Number(m[2])]),
    );
    expect(dropped).toEqual({
      not_json: 3,
      not_array: 3,
      not_object: 4,
      unknown_event: 5,
      bad_symbol: 1,
      bad_price: 3,
      bad_bar: 1,
      bad_time: 1,
      unknown_status: 1,
    });
  });

  it('a sink that throws loses its events and not the line', async () => {
    let isBroken = true;
    open({
      sink: (events) => {
        if (isBroken) throw new Error('full');
        received.push(...events);
      },
    });
    await goLive();
    server.send(SPY_MINUTE);
    await vi.waitFor(async () =>
      expect(await metrics.text()).toContain('events_dropped_total{reason="sink_failed"} 1'),
    );
    isBroken = false;
    server.send(SPY_MINUTE);
    await arrives(1);
  });

  it('is silent after it was stopped', async () => {
    await goLive();
    stream.stop();
    await vi.waitFor(() => expect(server.last().socket.readyState).toBe(server.last().socket.CLOSED));
    await wall.pass(60 * MINUTE);
    expect(server.dialled.length).toBe(1);
    expect(states.at(-1)).toEqual({ up: 'off' });
  });
});
