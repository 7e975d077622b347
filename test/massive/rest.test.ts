import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY, NOW, type Rig, rigFor } from './bench.ts';
import { type Answer, type FakeRest, json, startFakeRest } from './fake-server.ts';

const MINUTE = 60_000;
const bar = (at: number, close = 10) => ({ t: at, o: close, h: close + 1, l: close - 1, c: close, v: 100, vw: close });
const minuteSpan = { multiplier: 1, timespan: 'minute' } as const;

describe('REST answers', () => {
  let server: FakeRest;
  let rig: Rig;
  beforeEach(async () => {
    server = await startFakeRest();
    rig = rigFor(server.url);
  });
  afterEach(async () => {
    await rig.stop();
    await server.stop();
  });

  it('bars are collected over all pages, verbatim as the next address says', async () => {
    const first = '/v2/aggs/ticker/AAPL/range/1/minute/2024-06-03/2024-06-04?adjusted=true&sort=asc&limit=50000';
    const second = '/v2/aggs/ticker/AAPL/range/1/minute/1717420000000/2024-06-04?cursor=bGltaXQ9Mg%3D%3D';
    const pages: Record<string, object> = {
      [first]: { status: 'OK', results: [bar(1717419000000), bar(1717419060000)], next_url: server.url + second },
      [second]: { status: 'DELAYED', results: [bar(1717420020000)] },
    };
    server.answer = (request, response, path) => json(pages[path])(request, response, path);
    const answer = await rig.rest.bars('AAPL', minuteSpan, '2024-06-03', '2024-06-04');
    expect(answer.value.map(({ openAt }) => openAt)).toEqual([1717419000000, 1717419060000, 1717420020000]);
    expect(answer).toMatchObject({ delayed: true, asOf: 1717420080000 });
    expect(server.asked).toEqual([first, second]);
  });

  it('bars fail as a whole when a later page fails: half a day is no answer', async () => {
    server.answer = (request, response, path) =>
      path.includes('cursor')
        ? json({ status: 'NOT_FOUND' }, 404)(request, response, path)
        : json({ status: 'OK', results: [bar(NOW)], next_url: `${server.url}/x?cursor=1` })(request, response, path);
    await expect(rig.rest.bars('AAPL', minuteSpan, '2024-06-03', '2024-06-04')).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it('a row that does not fit is left out and counted, and an answer without any fitting row is refused', async () => {
    const bad = [
      { ...bar(NOW), h: 1, l: 5 },
      { ...bar(NOW), c: null },
      { ...bar(NOW), o: 0 },
      { ...bar(NOW), v: -1 },
      null,
      'x',
    ];
    server.answer = json({ status: 'OK', results: [bar(NOW), ...bad] });
    const { value } = await rig.rest.bars('AAPL', minuteSpan, NOW - MINUTE, NOW);
    expect(value.length).toBe(1);
    expect(await rig.metrics.text()).toContain('rows_dropped_total{endpoint="bars"} 6');
    server.answer = json({ status: 'OK', results: bad });
    await expect(rig.rest.bars('MSFT', minuteSpan, NOW - MINUTE, NOW)).rejects.toMatchObject({ kind: 'bad_payload' });
  });

  it('one call serves all who ask at once, and the next ones until it is old', async () => {
    server.answer = json({ status: 'OK', results: [bar(NOW)] });
    const ask = () => rig.rest.bars('AAPL', minuteSpan, NOW - MINUTE, NOW);
    await Promise.all([ask(), ask(), ask()]);
    rig.time.now += 4_999;
    await ask();
    expect(server.asked.length).toBe(1);
    rig.time.now += 1;
    await ask();
    expect(server.asked.length).toBe(2);
    await rig.rest.bars('AAPL', minuteSpan, NOW - MINUTE, NOW, { fresh: true });
    expect(server.asked.length).toBe(3);
  });

  it('a past day is kept for hours, today for seconds', async () => {
    server.answer = json({ status: 'OK', results: [] });
    const ask = (on: string) => rig.rest.bars('AAPL', minuteSpan, on, on);
    await ask('2024-06-04');
    await ask('2024-06-05');
    rig.time.now += 60 * MINUTE;
    await ask('2024-06-04');
    await ask('2024-06-05');
    expect(server.asked.map((path) => path.split('/')[8])).toEqual(['2024-06-04', '2024-06-05', '2024-06-05']);
  });

  it('the last known good comes only to those who accept it, and is marked', async () => {
    const ask = (acceptStale?: boolean) => rig.rest.marketStatus(acceptStale === undefined ? {} : { acceptStale });
    server.answer = json({ market: 'open', serverTime: '2024-06-05T11:00:00-04:00' });
    expect((await ask(true)).stale).toBeUndefined();
    rig.time.now += MINUTE;
    server.answer = json({}, 500);
    await expect(ask()).rejects.toMatchObject({ kind: 'server_error' });
    expect(await ask(true)).toMatchObject({ stale: true, asOf: NOW, value: { phase: 'regular' } });
    const [strict, lenient] = await Promise.allSettled([ask(), ask(true)]);
    expect([strict?.status, lenient?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('a provider that says no is believed although an older answer is there', async () => {
    server.answer = json({ market: 'open', serverTime: '2024-06-05T11:00:00-04:00' });
    await rig.rest.marketStatus();
    rig.time.now += MINUTE;
    server.answer = json({ status: 'ERROR', error: 'Unknown API Key' }, 401);
    await expect(rig.rest.marketStatus({ acceptStale: true })).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('snapshots ask for 250 at a time with the limit said, and merge', async () => {
    server.answer = (request, response, path) => {
      const symbols = new URL(path, server.url).searchParams.get('ticker.any_of')?.split(',') ?? [];
      const results = symbols.map((ticker) => ({
        ticker,
        type: 'stocks',
        last_trade: { price: 5 },
        last_updated: NOW * 1e6,
      }));
      json({ status: 'OK', results })(request, response, path);
    };
    const symbols = Array.from({ length: 600 }, (_, index) => `S${index}`);
    const { value } = await rig.rest.snapshots([...symbols, 'S1', 'S2']);
    expect(value.stocks.length).toBe(600);
    expect(value.missing).toEqual([]);
    expect(server.asked.length).toBe(3);
    for (const path of server.asked) expect(path).toContain('limit=250');
  });

  it('no symbols cost no call', async () => {
    expect((await rig.rest.snapshots([])).value).toEqual({ stocks: [], indices: [], missing: [] });
    expect((await rig.rest.indexSnapshots([])).value).toEqual([]);
    expect((await rig.rest.stockSnapshots([])).value).toEqual([]);
    expect((await rig.rest.searchTickers('  ', 5)).value).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  it('the search puts the exact symbol first, then prefixes, then names, and knows indices', async () => {
    const row = (ticker: string, name: string, market = 'stocks') => ({ ticker, name, market, active: true });
    const results = [
      row('FORD', 'Forward Industries'),
      row('AF', 'Afya'),
      row('F', 'Ford Motor'),
      row('XYZ', 'Fair Isaac'),
      row('X:FUSD', 'F coin', 'crypto'),
      row('I:F', 'F Index', 'indices'),
      row('QQ', 'Nothing'),
      { ...row('FOLD', 'Gone Inc'), active: false },
    ];
    server.answer = json({ status: 'OK', results });
    const { value } = await rig.rest.searchTickers('f', 10);
    expect(value.map(({ symbol }) => symbol)).toEqual(['F', 'I:F', 'FORD', 'XYZ', 'AF']);
    expect(value[1]).toEqual({ symbol: 'I:F', name: 'F Index', kind: 'index' });
    expect((await rig.rest.searchTickers('F', 2)).value.length).toBe(2);
    expect(server.asked.length).toBe(2);
  });

  it('times in seconds, milliseconds, microseconds and nanoseconds are one time', async () => {
    for (const unit of [1e-3, 1, 1e3, 1e6]) {
      server.answer = json({ status: 'OK', results: { p: 5, t: NOW * unit } });
      expect((await rig.rest.lastTrade('AAPL', { fresh: true })).value.eventAt).toBe(NOW);
    }
  });

  it('a poisoned body changes no prototype', async () => {
    const raw: Answer = (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(
          '{"status":"OK","__proto__":{"polluted":1},"ticker":{"ticker":"AAPL","__proto__":{"polluted":1},"updated":1}}',
        );
    server.answer = raw;
    await rig.rest.stockSnapshot('AAPL');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(rig.log.lines.join()).not.toContain(KEY);
  });
});
