import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBreaker } from '../../src/kit/breaker.ts';
import { createLimiter } from '../../src/kit/limiter.ts';
import { isOutage } from '../../src/massive/errors.ts';
import { retryAfterMs } from '../../src/massive/retry-after.ts';
import { KEY, NOW, type Rig, rigFor } from './bench.ts';
import { type FakeRest, inTurn, json, startFakeRest } from './fake-server.ts';

const GOOD = json({ status: 'OK', results: { T: 'AAPL', p: 190.5, s: 10, t: NOW * 1e6, x: 4 } });
const FORBIDDEN = json({ status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' }, 403);
const MINUTE = 60_000;

describe('the way to Massive', () => {
  let server: FakeRest;
  let rig: Rig;
  beforeEach(async () => {
    server = await startFakeRest(GOOD);
    rig = rigFor(server.url);
  });
  afterEach(async () => {
    await rig.stop();
    await server.stop();
  });
  const trade = (symbol = 'AAPL') => rig.rest.lastTrade(symbol, { fresh: true });
  const kindOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'ok',
      (error: { kind: unknown }) => error.kind,
    );

  it('carries the key in the header and nowhere else', async () => {
    await trade();
    expect(server.asked).toEqual(['/v2/last/trade/AAPL']);
    expect(server.headers[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect(await rig.metrics.text()).not.toContain(KEY);
  });

  it('tries again after a fault and answers', async () => {
    server.answer = inTurn(json({}, 503), (request) => request.socket.destroy(), GOOD);
    expect((await trade()).value.price).toBe(190.5);
    expect(rig.waits).toEqual([100, 200]);
  });

  it('waits as long as a 429 asks, in seconds or by date, and gives up when that is an hour', async () => {
    server.answer = inTurn(json({}, 429, { 'retry-after': '3' }), GOOD);
    await trade();
    server.answer = inTurn(json({}, 429, { 'retry-after': new Date(NOW + 3_000 + 4_000).toUTCString() }), GOOD);
    await trade();
    expect(rig.waits).toEqual([3_000, 4_000]);
    server.answer = json({}, 429, { 'retry-after': '3600' });
    await expect(trade()).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: MINUTE });
  });

  it('asks nobody anything for the time that a long 429 named', async () => {
    server.answer = inTurn(json({}, 429, { 'retry-after': '45' }), GOOD);
    expect(await kindOf(trade())).toBe('rate_limited');
    rig.time.now += 30_000;
    expect(await kindOf(rig.rest.marketStatus())).toBe('rate_limited');
    expect(server.asked.length).toBe(1);
    rig.time.now += 15_000;
    expect(await kindOf(trade())).toBe('ok');
  });

  it('asks once in five minutes for what the plan lacks, per endpoint and asset class', async () => {
    server.answer = FORBIDDEN;
    for (let call = 0; call < 5; call++) expect(await kindOf(trade())).toBe('plan_limit');
    expect(await kindOf(trade('MSFT'))).toBe('plan_limit');
    expect(server.asked).toEqual(['/v2/last/trade/AAPL']);
    expect(await kindOf(trade('O:SPY240604C00452000'))).toBe('plan_limit');
    expect(await kindOf(rig.rest.lastQuote('AAPL'))).toBe('plan_limit');
    expect(server.asked.length).toBe(3);
    rig.time.now += 5 * MINUTE - 1;
    await kindOf(trade());
    expect(server.asked.length).toBe(3);
    rig.time.now += 1;
    server.answer = GOOD;
    expect(await kindOf(trade())).toBe('ok');
  });

  it('a window of time that the plan lacks does not block other dates', async () => {
    server.answer = inTurn(
      json({ status: 'NOT_AUTHORIZED', message: "Your plan doesn't include this data timeframe." }, 403),
      json({ status: 'OK', results: [] }),
    );
    const old = () => rig.rest.groupedDaily('2003-01-02', { fresh: true });
    expect(await kindOf(old())).toBe('plan_limit');
    expect(await kindOf(rig.rest.groupedDaily('2024-06-03'))).toBe('ok');
    expect(await kindOf(old())).toBe('plan_limit');
    expect(server.asked.length).toBe(2);
  });

  it('a refused key is not offered again within five minutes', async () => {
    server.answer = json({ status: 'ERROR', error: 'Unknown API Key' }, 401);
    for (let call = 0; call < 5; call++) expect(await kindOf(trade())).toBe('unauthorized');
    expect(server.asked.length).toBe(1);
  });

  it('leaves a failing provider alone after five failures and sends one probe half a minute later', async () => {
    await rig.stop();
    const time = { now: NOW };
    rig = rigFor(server.url, {
      clock: { now: () => time.now },
      breaker: createBreaker({ now: () => time.now, counts: isOutage }),
      retry: { attempts: 1 },
    });
    server.answer = json({}, 500);
    for (let call = 0; call < 5; call++) expect(await kindOf(trade())).toBe('server_error');
    expect(await kindOf(trade())).toBe('circuit_open');
    expect(server.asked.length).toBe(5);
    time.now += 30_000;
    const probes = await Promise.all([kindOf(trade()), kindOf(trade()), kindOf(trade())]);
    expect(probes.sort()).toEqual(['circuit_open', 'circuit_open', 'server_error']);
    expect(server.asked.length).toBe(6);
    time.now += 30_000;
    server.answer = GOOD;
    expect(await kindOf(trade())).toBe('ok');
    expect(await kindOf(trade())).toBe('ok');
  });

  it('answers of the 4xx kind do not open the circuit', async () => {
    await rig.stop();
    rig = rigFor(server.url, { breaker: createBreaker({ counts: isOutage }) });
    server.answer = json({ status: 'NOT_FOUND' }, 404);
    for (let call = 0; call < 20; call++) expect(await kindOf(trade())).toBe('not_found');
  });

  it('says rate_limited when the limiter has no turn in time', async () => {
    await rig.stop();
    const limiter = createLimiter({ limit: 1, windowMs: MINUTE, reserved: 0 });
    rig = rigFor(server.url, { limiter, deadlines: { queueMs: 30 } });
    expect(await kindOf(trade())).toBe('ok');
    expect(await kindOf(trade())).toBe('rate_limited');
    expect(server.asked.length).toBe(1);
    limiter.stop();
  });

  it('no symbol can leave its place in the path', async () => {
    for (const symbol of [
      '../../etc',
      'A/B',
      'A%2FB',
      'A?x=1',
      'A#',
      'A B',
      '',
      '@evil',
      'X'.repeat(40),
      '..',
      'I:../x',
      'Ａ',
    ]) {
      expect(await kindOf(rig.rest.stockSnapshot(symbol))).toBe('not_found');
      expect(await kindOf(rig.rest.bars(symbol, { multiplier: 1, timespan: 'day' }, '2024-01-02', '2024-01-03'))).toBe(
        'not_found',
      );
      expect(await kindOf(rig.rest.snapshots(['AAPL', symbol]))).toBe('not_found');
    }
    expect(await kindOf(rig.rest.groupedDaily('../../x'))).toBe('not_found');
    expect(await kindOf(rig.rest.bars('A', { multiplier: 1, timespan: 'day' }, '2024-01-02/..', NOW))).toBe(
      'not_found',
    );
    expect(server.asked).toEqual([]);
  });

  it('an index has neither trades nor quotes, and asking costs nothing', async () => {
    expect(await kindOf(rig.rest.lastTrade('I:SPX'))).toBe('not_found');
    expect(await kindOf(rig.rest.lastQuote('I:SPX'))).toBe('not_found');
    expect(server.asked).toEqual([]);
  });
});

describe('Retry-After', () => {
  it('is read in every form and never beyond a minute', () => {
    expect(retryAfterMs('2', NOW)).toBe(2_000);
    expect(retryAfterMs('0', NOW)).toBe(0);
    expect(retryAfterMs('3600', NOW)).toBe(MINUTE);
    expect(retryAfterMs(new Date(NOW + 5_000).toUTCString(), NOW)).toBe(5_000);
    expect(retryAfterMs(new Date(NOW - 5_000).toUTCString(), NOW)).toBe(0);
    expect(retryAfterMs(['7'], NOW)).toBe(7_000);
    for (const unreadable of [undefined, '', 'soon', '-3']) expect(retryAfterMs(unreadable, NOW)).toBeUndefined();
  });
});
