import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type HeldMassive, replay, startHeld } from './held-market.ts';

const STOCKS = '/v2/snapshot/locale/us/markets/stocks';

let massive: HeldMassive;
beforeAll(async () => {
  massive = await startHeld('2015-12-23', at('2015-12-23', '2015-12-23', 60));
});
afterAll(() => massive.stop());

describe('keys and errors', () => {
  it('takes the key from the header or the query and names the two ways to get it wrong', async () => {
    const path = `${massive.restUrl}/v1/marketstatus/now`;
    expect((await fetch(`${path}?apiKey=test-key`)).status).toBe(200);
    expect(await (await fetch(path)).json()).toMatchObject({ status: 'ERROR', error: 'API Key was not provided' });
    const wrong = await fetch(path, { headers: { authorization: 'Bearer other' } });
    expect([wrong.status, (await wrong.json()).error]).toEqual([401, 'Unknown API Key']);
  });

  it('says 404 in plain text for a path that does not exist and 403 for one outside the plan', async () => {
    const nowhere = await massive.get('/v9/nothing');
    expect([nowhere.status, nowhere.body, nowhere.headers.get('content-type')]).toEqual([
      404,
      '404 page not found',
      'text/plain; charset=utf-8',
    ]);
    const plan = await massive.get('/v1/indicators/sma/AAPL');
    expect(plan.status).toBe(403);
    expect(plan.body).toMatchObject({ status: 'NOT_AUTHORIZED', message: expect.stringContaining('not entitled') });
    expect(plan.body.error).toBeUndefined();
  });

  it('says NOT_FOUND for an unknown symbol where the provider does, and nothing found where it does not', async () => {
    for (const path of [
      `${STOCKS}/tickers/NOPE`,
      '/v2/last/trade/NOPE',
      '/v2/last/nbbo/I:SPX',
      '/v3/reference/tickers/NOPE',
    ]) {
      expect([path, (await massive.get(path)).status]).toEqual([path, 404]);
    }
    const none = await massive.get('/v2/aggs/ticker/NOPE/range/1/day/2015-12-01/2015-12-23');
    expect(none.body).toMatchObject({ status: 'OK', resultsCount: 0, queryCount: 0 });
    expect(none.body.results).toBeUndefined();
    const row = (await massive.get('/v3/snapshot?ticker.any_of=NOPE')).body.results[0];
    expect(row).toEqual({ ticker: 'NOPE', error: 'NOT_FOUND', message: 'Ticker not found.' });
  });

  it.each([
    ['/v2/aggs/ticker/AAPL/range/1/day/yesterday/2015-12-23', 400, "Could not parse the time parameter: 'from'"],
    ['/v2/aggs/ticker/AAPL/range/1/day/2015-12-23/2015-12-01', 400, "cannot be a time that occurs before 'from'"],
    ['/v2/aggs/ticker/AAPL/range/1/fortnight/2015-12-01/2015-12-23', 400, 'Could not parse the range'],
    ['/v2/aggs/ticker/AAPL/range/1/day/2016-03-01/2016-03-02', 403, "doesn't include this data timeframe"],
    ['/v3/reference/tickers?limit=0', 400, "The parameter 'limit'"],
    ['/v1/open-close/GOOG/2015-12-25', 404, 'Data not found.'],
  ])('answers %s with %i', async (path, status, words) => {
    const answer = await massive.get(path);
    expect(answer.status).toBe(status);
    expect(answer.body.error ?? answer.body.message).toContain(words);
  });

  it('puts the same request id into body and header', async () => {
    const answer = await massive.get('/v2/last/trade/GOOG');
    expect(answer.headers.get('x-request-id')).toBe(answer.body.request_id);
    expect(answer.body.request_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('fails on purpose: 429, 503, slow and silent', async () => {
    const { faults } = massive;
    faults.restStatus = 429;
    expect((await massive.get('/v1/marketstatus/now')).body.error).toContain(
      'exceeded the maximum requests per minute',
    );
    faults.restStatus = 503;
    expect((await massive.get('/v1/marketstatus/now')).status).toBe(503);
    faults.restStatus = undefined;
    faults.refuseConnections = true;
    await expect(massive.get('/v1/marketstatus/now')).rejects.toThrow();
    faults.refuseConnections = false;
    faults.blackHole = true;
    const waiting = fetch(`${massive.restUrl}/v1/marketstatus/now`, { signal: AbortSignal.timeout(80) });
    await expect(waiting).rejects.toThrow('timeout');
    faults.blackHole = false;
    expect((await massive.get('/v1/marketstatus/now')).status).toBe(200);
  });
});

describe('pages', () => {
  it('walks a minute range by addresses that move its start, and no bar comes twice', async () => {
    const all = (await massive.get('/v2/aggs/ticker/GOOG/range/1/minute/2015-12-23/2015-12-23')).body.results;
    const walked: { t: number }[] = [];
    let next: string | undefined = '/v2/aggs/ticker/GOOG/range/1/minute/2015-12-23/2015-12-23?limit=20';
    let pages = 0;
    while (next !== undefined) {
      const { body } = await massive.get(next);
      walked.push(...body.results);
      expect(body.queryCount).toBeLessThanOrEqual(20);
      next = body.next_url;
      if (next !== undefined) expect(next).toMatch(/range\/1\/minute\/\d{13}\/2015-12-23\?cursor=/);
      pages += 1;
    }
    expect(pages).toBe(Math.ceil(all.length / 20));
    expect(walked).toEqual(all);
  });

  it('counts base bars, so five-minute bars come whole across pages', async () => {
    const all = (await massive.get('/v2/aggs/ticker/AAPL/range/5/minute/2015-12-23/2015-12-23')).body.results;
    const walked: object[] = [];
    let next: string | undefined = '/v2/aggs/ticker/AAPL/range/5/minute/2015-12-23/2015-12-23?limit=12';
    while (next !== undefined) {
      const { body } = await massive.get(next);
      walked.push(...body.results);
      next = body.next_url;
    }
    expect(walked).toEqual(all);
  });

  it('walks newest first as well', async () => {
    const all = (await massive.get('/v2/aggs/ticker/SPY/range/1/day/2015-11-01/2015-12-23?sort=desc')).body.results;
    const first = (await massive.get('/v2/aggs/ticker/SPY/range/1/day/2015-11-01/2015-12-23?sort=desc&limit=30')).body;
    const second = (await massive.get(first.next_url)).body;
    expect([...first.results, ...second.results].slice(0, all.length)).toEqual(all);
  });

  it('lists every ticker once over small pages, without the key in the address', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/v3/reference/tickers?limit=90&market=stocks';
    while (next !== undefined) {
      const { body } = await massive.get(next);
      seen.push(...body.results.map((row: { ticker: string }) => row.ticker));
      next = body.next_url;
      expect(next ?? '').not.toContain('test-key');
    }
    expect(seen).toEqual(massive.symbols().filter((symbol) => !symbol.startsWith('I:')));
  });

  it('never puts the key into the next address, not even inside the cursor', async () => {
    for (const path of [
      '/v3/reference/tickers?limit=2',
      '/v2/aggs/ticker/SPY/range/1/day/2015-01-01/2015-12-22?limit=2',
    ]) {
      const { next_url } = await (await fetch(`${massive.restUrl}${path}&apiKey=test-key`)).json();
      const cursor = new URL(next_url).searchParams.get('cursor') ?? '';
      expect(next_url + Buffer.from(cursor, 'base64url')).not.toContain('test-key');
      expect((await massive.get(next_url)).status).toBe(200);
    }
  });

  it('gives ten rows of a universal snapshot unless asked for more, as the provider does', async () => {
    const symbols = massive.symbols().slice(0, 12).join(',');
    expect((await massive.get(`/v3/snapshot?ticker.any_of=${symbols}`)).body.results).toHaveLength(10);
    expect((await massive.get(`/v3/snapshot?ticker.any_of=${symbols}&limit=250`)).body.results).toHaveLength(12);
  });
});

describe('the market in numbers', () => {
  it('agrees with itself: snapshot, last trade and last minute tell one story', async () => {
    const { ticker } = (await massive.get(`${STOCKS}/tickers/GOOG`)).body;
    const trade = (await massive.get('/v2/last/trade/GOOG')).body.results;
    const quote = (await massive.get('/v2/last/nbbo/GOOG')).body.results;
    expect(trade.p).toBe(ticker.lastTrade.p);
    expect(quote.p).toBeLessThanOrEqual(trade.p);
    expect(quote.P).toBeGreaterThanOrEqual(trade.p);
    expect(ticker.todaysChange).toBeCloseTo(trade.p - ticker.prevDay.c, 3);
    const day = (await massive.get('/v2/aggs/ticker/GOOG/range/1/day/2015-12-23/2015-12-23')).body.results[0];
    expect([day.o, day.h, day.l, day.c, day.v]).toEqual([
      ticker.day.o,
      ticker.day.h,
      ticker.day.l,
      ticker.day.c,
      ticker.day.v,
    ]);
  });

  it("ranks movers by change with the provider's cap of twenty", async () => {
    for (const [direction, sign] of [
      ['gainers', 1],
      ['losers', -1],
    ] as const) {
      const { tickers } = (await massive.get(`${STOCKS}/${direction}`)).body;
      const changes = tickers.map((row: { todaysChangePerc: number }) => row.todaysChangePerc * sign);
      expect(changes).toHaveLength(20);
      expect(changes).toEqual([...changes].sort((a, b) => b - a));
      expect(changes.at(-1)).toBeGreaterThan(0);
    }
  });

  it('tells the phase in booleans: pre-market, open, after hours, closed on Christmas', async () => {
    const phase = async (moment: number) => {
      massive.moveTo(moment);
      const { body } = await massive.get('/v1/marketstatus/now');
      return [body.market, body.earlyHours, body.afterHours];
    };
    expect(await phase(at('2015-12-23', '2015-12-24', -10))).toEqual(['extended-hours', true, false]);
    expect(await phase(at('2015-12-23', '2015-12-24', 209))).toEqual(['open', false, false]);
    expect(await phase(at('2015-12-23', '2015-12-24', 210))).toEqual(['extended-hours', false, true]);
    expect(await phase(at('2015-12-23', '2015-12-24', 24 * 60))).toEqual(['closed', false, false]);
    massive.moveTo(at('2015-12-23', '2015-12-23', 60));
  });

  it('names the coming holidays with the early close in UTC', async () => {
    const { body } = await massive.get('/v1/marketstatus/upcoming');
    expect(body.slice(0, 3)).toEqual([
      {
        date: '2015-12-24',
        exchange: 'NYSE',
        name: 'Christmas',
        status: 'early-close',
        open: '2015-12-24T14:30:00.000Z',
        close: '2015-12-24T18:00:00.000Z',
      },
      {
        date: '2015-12-24',
        exchange: 'NASDAQ',
        name: 'Christmas',
        status: 'early-close',
        open: '2015-12-24T14:30:00.000Z',
        close: '2015-12-24T18:00:00.000Z',
      },
      { date: '2015-12-25', exchange: 'NYSE', name: 'Christmas', status: 'closed' },
    ]);
  });

  it('says of every headline that it is from another year', async () => {
    const { body } = await massive.get('/v2/reference/news?limit=1000');
    expect(body.results.length).toBeGreaterThan(50);
    for (const article of body.results) expect(article.publisher.name).toMatch(/ \(Mar 2024, re-dated\)$/);
    expect(new Set(body.results.map((article: { title: string }) => article.title)).size).toBe(body.results.length);
  });

  it('shows zeros before the bell and a pre-market print, as the provider does', async () => {
    massive.moveTo(at('2015-12-23', '2015-12-23', -5));
    const { ticker } = (await massive.get(`${STOCKS}/tickers/AAPL`)).body;
    expect([ticker.day.o, ticker.day.v]).toEqual([0, 0]);
    expect(ticker.lastTrade.p).toBeGreaterThan(100);
    expect(ticker.min.av).toBeGreaterThan(0);
    massive.moveTo(at('2015-12-23', '2015-12-23', 60));
  });
});

describe('the option chain of GOOG on Christmas Eve', () => {
  const chain = '/v3/snapshot/options/GOOG?limit=250&expiration_date=2015-12-24';

  it('pages through every unexpired contract and filters by expiry, right and strike', async () => {
    massive.moveTo(at('2015-12-23', '2015-12-24', 60));
    let next: string | undefined = '/v3/snapshot/options/GOOG?limit=250';
    const seen = new Set<string>();
    while (next !== undefined) {
      const { body } = await massive.get(next);
      for (const row of body.results) seen.add(row.details.ticker);
      next = body.next_url;
    }
    expect(seen.size).toBeGreaterThan(2_000);
    const calls = (await massive.get(`${chain}&contract_type=call&strike_price.gte=745&strike_price.lte=755`)).body
      .results;
    expect(calls.map((row: { details: { ticker: string } }) => row.details.ticker)).toEqual(
      [745, 747.5, 750, 752.5, 755].map((strike) => `O:GOOG151224C00${strike * 1000}`),
    );
  });

  it('adds up what a contract has traded so far, and says nothing of one that has not', async () => {
    const volumeAt = async (minutes: number): Promise<number[]> => {
      massive.moveTo(at('2015-12-23', '2015-12-24', minutes));
      const { results } = (await massive.get(chain)).body;
      return results.map((row: { day: { volume?: number } }) => row.day.volume ?? 0);
    };
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const [early, late] = [await volumeAt(60), await volumeAt(209)];
    expect(early).toContain(0);
    expect(sum(early)).toBeGreaterThan(0);
    expect(sum(late)).toBeGreaterThan(sum(early));
  });

  it('has no expired contract and no old volume on the Monday after', async () => {
    massive.moveTo(at('2015-12-23', '2015-12-28', 60));
    expect((await massive.get(chain)).body.results).toEqual([]);
    const { results } = (await massive.get('/v3/snapshot/options/GOOG?limit=250')).body;
    expect(results).toHaveLength(250);
    expect(results.every((row: { day: object }) => Object.keys(row.day).length === 0)).toBe(true);
  });
});

describe('a replay that does not exist', () => {
  it('is refused with the ones that do', () => {
    expect(() => replay('2020-02-30')).toThrow(
      'there is no replay of 2020-02-30; there are 2013-10-08, 2014-06-06, 2015-12-23',
    );
  });
});

describe('the seven-for-one split of AAPL', () => {
  it('is in adjusted history from its Monday on and never in unadjusted history', async () => {
    const held = await startHeld('2014-06-06', at('2014-06-06', '2014-06-06', 30));
    const close = async (query: string): Promise<number> =>
      (await held.get(`/v2/aggs/ticker/AAPL/range/1/day/2014-06-05/2014-06-05${query}`)).body.results[0].c;
    const firstMinute = async (): Promise<number> =>
      (await held.get('/v2/aggs/ticker/AAPL/range/1/minute/2014-06-05/2014-06-05?limit=1')).body.results[0].o;
    const raw = replay('2014-06-06').history.bar('AAPL', '2014-06-05')?.close ?? 0;
    expect([await close(''), await close('?adjusted=false')]).toEqual([raw / 10_000, raw / 10_000]);
    const before = await firstMinute();
    held.moveTo(at('2014-06-06', '2014-06-09', 30));
    expect(await close('')).toBeCloseTo(raw / 70_000, 3);
    expect(await close('?adjusted=false')).toBe(raw / 10_000);
    expect(await firstMinute()).toBeCloseTo(before / 7, 3);
    const { ticker } = (await held.get(`${STOCKS}/tickers/AAPL`)).body;
    expect(Math.abs(ticker.todaysChangePerc)).toBeLessThan(5);
    const splits = (await held.get('/stocks/v1/splits?ticker=AAPL&limit=1')).body.results;
    expect(splits[0]).toMatchObject({
      execution_date: '2014-06-09',
      split_from: 1,
      split_to: 7,
      adjustment_type: 'forward_split',
    });
    await held.stop();
  });
});
