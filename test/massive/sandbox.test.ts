import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MarketEvent } from '../../src/domain/bar.ts';
import type { Answer } from '../../src/domain/market.ts';
import { createBreaker } from '../../src/kit/breaker.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createTtlCache } from '../../src/kit/ttl-cache.ts';
import { createMassiveHttp, type MassiveHttp } from '../../src/massive/client.ts';
import { isOutage } from '../../src/massive/errors.ts';
import { createFeed } from '../../src/massive/feed.ts';
import { SPAN_OF } from '../../src/massive/map/bars.ts';
import { createMassiveRest, type MassiveRest } from '../../src/massive/rest.ts';
import { createStream } from '../../src/massive/stream.ts';
import { loadReplayMarket } from '../../src/sandbox/massive/replay-market.ts';
import { type Massive, startMassive } from '../../src/sandbox/massive/start.ts';
import { createReplayClock, type ReplayClock } from '../../src/sandbox/replay-clock.ts';
import { KEY, keptLog } from './bench.ts';

const MINUTE = 60_000;
const SPEED = 240;

describe('the client on the embedded Massive', () => {
  const market = loadReplayMarket('2015-12-23');
  const day = market.sessions[0];
  if (!day) throw new Error('the replay has no session');
  const log = keptLog();
  const metrics = createMetrics();
  let clock: ReplayClock;
  let massive: Massive;
  let http: MassiveHttp;
  let rest: MassiveRest;
  beforeAll(async () => {
    clock = createReplayClock({
      sessions: market.sessions,
      startAt: day.opensAt + 20 * MINUTE,
      speed: SPEED,
      paused: true,
    });
    massive = await startMassive({ scenario: market, control: clock, apiKey: KEY, largestPage: 100 });
    http = createMassiveHttp({
      baseUrl: massive.restUrl,
      apiKey: KEY,
      log,
      metrics,
      // faults are planted below, and each would leave the provider alone for half a minute
      breaker: createBreaker({ failures: 1_000, counts: isOutage }),
    });
    rest = createMassiveRest({ http, cache: createTtlCache({ now: clock.now }), clock, metrics });
  });
  afterAll(async () => {
    clock.stop();
    await http.close();
    await massive.stop();
  });

  it('every REST method has an answer of this morning, and no later than now', async () => {
    const asks: Record<keyof MassiveRest, () => Promise<Answer<unknown>>> = {
      bars: () => rest.bars('GOOG', SPAN_OF['1m'], day.on, day.on),
      previousBar: () => rest.previousBar('SPY'),
      groupedDaily: () => rest.groupedDaily('2015-12-22'),
      stockSnapshot: () => rest.stockSnapshot('GOOG'),
      stockSnapshots: () => rest.stockSnapshots(),
      movers: () => rest.movers('losers'),
      indexSnapshots: () => rest.indexSnapshots(['I:SPX', 'I:VIX']),
      snapshots: () => rest.snapshots(['SPY', 'I:SPX', 'NOPE']),
      lastTrade: () => rest.lastTrade('SPY'),
      lastQuote: () => rest.lastQuote('SPY'),
      marketStatus: () => rest.marketStatus(),
      holidays: () => rest.holidays(),
      news: () => rest.news({ symbol: 'AAPL', limit: 5 }),
      searchTickers: () => rest.searchTickers('goog', 5),
      tickerDetails: () => rest.tickerDetails('GOOG'),
    };
    for (const [method, ask] of Object.entries(asks)) {
      const answer = await ask();
      expect(answer.asOf, method).toBeLessThanOrEqual(clock.now());
      expect(answer.delayed, method).toBe(false);
      expect(Array.isArray(answer.value) ? answer.value.length : 1, method).toBeGreaterThan(0);
    }
    expect((await rest.snapshots(['SPY', 'I:SPX', 'NOPE'])).value).toMatchObject({
      stocks: [{ symbol: 'SPY' }],
      indices: [{ symbol: 'I:SPX' }],
      missing: [{ symbol: 'NOPE', reason: 'not_found' }],
    });
    expect((await rest.stockSnapshots()).value.length).toBeGreaterThan(450);
    expect((await rest.searchTickers('goog', 5)).value[0]).toMatchObject({ symbol: 'GOOG' });
    await expect(rest.stockSnapshot('NOPE')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await metrics.text()).not.toContain('rows_dropped_total{');
  });

  it('the three answers that know a quote agree on its sizes in shares', async () => {
    const ask = { fresh: true } as const;
    const [one, many, last] = [
      (await rest.stockSnapshot('SPY', ask)).value,
      (await rest.snapshots(['SPY'], ask)).value.stocks[0],
      (await rest.lastQuote('SPY', ask)).value,
    ];
    expect(last.bidSize).toBeGreaterThan(0);
    for (const side of ['bidSize', 'askSize'] as const) {
      const inLots = Math.max(1, Math.round(last[side] / 100)) * 100;
      expect([one[side], many?.[side]]).toEqual([inLots, inLots]);
    }
  });

  it('a year of days comes together from pages of a hundred, each day once, oldest first', async () => {
    const { value } = await rest.bars('SPY', SPAN_OF['1d'], '2014-12-01', day.on, { fresh: true });
    expect(value.length).toBeGreaterThan(250);
    expect(value.map(({ openAt }) => openAt)).toEqual(
      [...new Set(value.map(({ openAt }) => openAt))].sort((a, b) => a - b),
    );
  });

  it('brings every minute of five symbols through a cut and a refused line', { timeout: 60_000 }, async () => {
    const symbols = ['GOOG', 'SPY', 'AAPL', 'I:SPX', 'I:VIX'];
    const events: MarketEvent[] = [];
    const feed = createFeed({
      clusters: ['stocks', 'indices'],
      openStream: (cluster, ears) =>
        createStream({ url: massive.wsUrl, apiKey: KEY, cluster, log, metrics, clock, ...ears }),
      rest,
      sink: (news) => events.push(...news),
      clock,
      log,
      metrics,
    });
    const all = (up: string): Promise<void> =>
      vi.waitFor(() => expect(feed.state().map((line) => line.up)).toEqual([up, up]), {
        timeout: 20_000,
        interval: 10,
      });
    const bars = (): Set<string> =>
      new Set(events.flatMap((event) => (event.kind === 'bar' ? [`${event.bar.symbol} ${event.bar.openAt}`] : [])));
    const run = (minutes: number): Promise<void> => {
      const until = clock.now() + minutes * MINUTE;
      return new Promise((resolve) => clock.at(until, resolve));
    };
    const fromAt = clock.now();
    feed.watch(symbols);
    feed.start();
    await all('live');
    clock.resume();
    await run(3);
    massive.faults.dropSockets();
    await all('live');
    await run(3);
    massive.faults.refuseConnections = true;
    massive.faults.dropSockets();
    await all('down');
    await run(8);
    massive.faults.refuseConnections = false;
    await all('live');
    await run(5);
    clock.pause();
    const now = clock.now();
    const wanted: string[] = [];
    for (const symbol of symbols) {
      const { value } = await rest.bars(symbol, SPAN_OF['1m'], fromAt, now, { fresh: true });
      for (const bar of value) if (bar.openAt + MINUTE <= now) wanted.push(`${symbol} ${bar.openAt}`);
    }
    expect(wanted.length).toBeGreaterThan(60);
    clock.resume();
    await vi.waitFor(() => expect(wanted.filter((bar) => !bars().has(bar))).toEqual([]), {
      timeout: 15_000,
      interval: 50,
    });
    clock.pause();
    feed.stop();
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['bar', 'trade', 'quote', 'index']));
    expect(await metrics.text()).not.toMatch(/events_dropped_total\{/);
    expect(log.lines.join()).not.toContain(KEY);
  });
});
