import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MassiveError, type MassiveErrorKind } from '../../src/massive/errors.ts';
import type { MassiveRest } from '../../src/massive/rest.ts';
import { KEY, NOW, type Rig, rigFor } from './bench.ts';
import { type Answer, type FakeRest, json, startFakeRest } from './fake-server.ts';

/** Every method of the provider's REST side, with a question that needs the wire. */
const METHODS: Record<keyof MassiveRest, (rest: MassiveRest) => Promise<unknown>> = {
  bars: (rest) => rest.bars('AAPL', { multiplier: 1, timespan: 'minute' }, '2024-06-03', '2024-06-03'),
  previousBar: (rest) => rest.previousBar('AAPL'),
  groupedDaily: (rest) => rest.groupedDaily('2024-06-03'),
  stockSnapshot: (rest) => rest.stockSnapshot('AAPL'),
  stockSnapshots: (rest) => rest.stockSnapshots(),
  movers: (rest) => rest.movers('gainers'),
  indexSnapshots: (rest) => rest.indexSnapshots(['I:SPX']),
  snapshots: (rest) => rest.snapshots(['AAPL', 'I:SPX']),
  lastTrade: (rest) => rest.lastTrade('AAPL'),
  lastQuote: (rest) => rest.lastQuote('AAPL'),
  marketStatus: (rest) => rest.marketStatus(),
  holidays: (rest) => rest.holidays(),
  news: (rest) => rest.news({ symbol: 'AAPL', limit: 5 }),
  tickerDetails: (rest) => rest.tickerDetails('AAPL'),
  // the last one, because it asks twice at once and fails with the first
  searchTickers: (rest) => rest.searchTickers('apple', 5),
};
/** The search asks twice, by prefix and by text. */
const CALLS = (method: string): number => (method === 'searchTickers' ? 2 : 1);
const PAGED = ['bars'] as const;

interface Fault {
  readonly answer: Answer;
  readonly kind: MassiveErrorKind;
  /** Requests that one call costs. */
  readonly requests: number;
}

const ERROR_BODY = { status: 'ERROR', request_id: 'r', error: `the server repeats the key ${KEY}` };
const limited = (retryAfter?: string): Answer =>
  json(ERROR_BODY, 429, retryAfter === undefined ? {} : { 'retry-after': retryAfter });

const FAULTS: Record<string, Fault> = {
  '429 without Retry-After': { answer: limited(), kind: 'rate_limited', requests: 3 },
  '429 that asks for 2 s': { answer: limited('2'), kind: 'rate_limited', requests: 3 },
  '429 that names a date 3 s ahead': {
    answer: limited(new Date(NOW + 3_000).toUTCString()),
    kind: 'rate_limited',
    requests: 3,
  },
  '429 that asks for an hour': { answer: limited('3600'), kind: 'rate_limited', requests: 1 },
  '413 load shedding': { answer: json(ERROR_BODY, 413), kind: 'server_error', requests: 3 },
  '499 load shedding': { answer: json(ERROR_BODY, 499), kind: 'server_error', requests: 3 },
  '500 with a JSON body': { answer: json(ERROR_BODY, 500), kind: 'server_error', requests: 3 },
  '502 with an HTML body': {
    answer: (_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    kind: 'server_error',
    requests: 3,
  },
  'no answer at all': { answer: () => {}, kind: 'timeout', requests: 1 },
  'a body that drips': {
    answer: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
    kind: 'timeout',
    requests: 1,
  },
  'JSON that is cut off': {
    answer: (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"OK","results":[{"o":1'),
    kind: 'bad_payload',
    requests: 1,
  },
  'a body shorter than promised': {
    answer: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"status"');
      setTimeout(() => request.socket.destroy(), 5);
    },
    kind: 'network_error',
    requests: 3,
  },
  'a good status with another content type': {
    answer: (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{"status":"OK"}'),
    kind: 'bad_payload',
    requests: 1,
  },
  '200 with status ERROR': { answer: json(ERROR_BODY), kind: 'server_error', requests: 3 },
  '200 with a number as body': { answer: json(7), kind: 'bad_payload', requests: 1 },
  '200 with null as body': { answer: json(null), kind: 'bad_payload', requests: 1 },
  'a body of 2 MB where 1 MB is allowed': {
    answer: json({ status: 'OK', results: 'x'.repeat(2 * 1024 * 1024) }),
    kind: 'bad_payload',
    requests: 1,
  },
  '401 unknown key': {
    answer: json({ status: 'ERROR', error: 'Unknown API Key' }, 401),
    kind: 'unauthorized',
    requests: 1,
  },
  '403 not in the plan': {
    answer: json({ status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' }, 403),
    kind: 'plan_limit',
    requests: 1,
  },
  '404 as JSON': {
    answer: json({ status: 'NOT_FOUND', message: 'Data not found.' }, 404),
    kind: 'not_found',
    requests: 1,
  },
  '404 as plain text': {
    answer: (_request, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found'),
    kind: 'not_found',
    requests: 1,
  },
  '400 bad parameter': { answer: json({ status: 'ERROR', error: 'bad date' }, 400), kind: 'bad_payload', requests: 1 },
  'a redirect to another host': {
    answer: (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    kind: 'bad_payload',
    requests: 1,
  },
  'a reset connection': { answer: (request) => request.socket.resetAndDestroy(), kind: 'network_error', requests: 3 },
};

describe('every REST method under every fault', () => {
  let server: FakeRest;
  let rig: Rig;
  beforeAll(async () => {
    server = await startFakeRest();
  });
  afterEach(() => rig.stop());
  afterAll(() => server.stop());

  for (const [name, fault] of Object.entries(FAULTS)) {
    it(`${name} is ${fault.kind} after ${fault.requests} request(s), for all of them, and no line holds the key`, async () => {
      server.answer = fault.answer;
      server.asked.length = 0;
      const isTimeout = fault.kind === 'timeout';
      rig = rigFor(server.url, { deadlines: { tryMs: isTimeout ? 250 : 15_000, queueMs: 1_000 } });
      const fail = async (method: string, call: (rest: MassiveRest) => Promise<unknown>): Promise<void> => {
        const error = await call(rig.rest).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error, method).toBeInstanceOf(MassiveError);
        const { kind, message } = error as MassiveError;
        expect({ method, kind }).toEqual({ method, kind: fault.kind });
        expect(message).not.toContain(KEY);
      };
      const methods = Object.entries(METHODS);
      // side by side, since each waits for its whole deadline
      if (isTimeout) await Promise.all(methods.map(([method, call]) => fail(method, call)));
      else {
        for (const [method, call] of methods) {
          rig.time.now += 10 * 60_000;
          const before = server.asked.length;
          await fail(method, call);
          expect(server.asked.length - before, method).toBeLessThanOrEqual(fault.requests * CALLS(method));
          expect(server.asked.length - before, method).toBeGreaterThanOrEqual(fault.requests);
        }
      }
      expect(server.asked.length).toBeGreaterThanOrEqual(methods.length * fault.requests);
      expect(server.asked.length).toBeLessThanOrEqual((methods.length + 1) * fault.requests);
      expect(server.asked.join()).not.toContain(KEY);
      expect(rig.log.lines.join()).not.toContain(KEY);
    });
  }

  it('covers every method there is', () => {
    rig = rigFor(server.url);
    expect(Object.keys(METHODS).sort()).toEqual(Object.keys(rig.rest).sort());
  });

  for (const method of PAGED) {
    it(`${method} does not follow a next page to another host, in a circle, or beyond 50 pages`, async () => {
      const page = (next: (path: string, count: number) => string): Answer => {
        let count = 0;
        return (request, response, path) =>
          json({ status: 'OK', results: [], next_url: next(path, ++count) })(request, response, path);
      };
      const thrownBy = async (answer: Answer): Promise<unknown> => {
        server.answer = answer;
        server.asked.length = 0;
        rig = rigFor(server.url);
        const error = await METHODS[method](rig.rest).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ kind: 'bad_payload' });
        await rig.stop();
        return server.asked.length;
      };
      expect(await thrownBy(page(() => 'https://evil.example/v2/aggs?cursor=1'))).toBe(1);
      expect(await thrownBy(page(() => `${server.url.replace('127.0.0.1', '127.0.0.1.evil.example')}/x`))).toBe(1);
      expect(await thrownBy(page(() => server.url.replace('http://', 'http://user:pw@')))).toBe(1);
      expect(await thrownBy(page(() => 'not an address'))).toBe(1);
      expect(await thrownBy(page((path) => server.url + path))).toBe(1);
      expect(await thrownBy(page((_path, count) => `${server.url}/loop?cursor=${count % 3}`))).toBe(4);
      expect(await thrownBy(page((_path, count) => `${server.url}/on?cursor=${count}`))).toBe(50);
    });

    it(`${method} takes a key out of a next page's address and sends it in the header again`, async () => {
      let count = 0;
      server.answer = (request, response, path) => {
        const next = ++count === 1 ? { next_url: `${server.url}/v2/more?cursor=abc%3D&apiKey=${KEY}` } : {};
        json({ status: 'OK', results: [], ...next })(request, response, path);
      };
      server.asked.length = 0;
      server.headers.length = 0;
      rig = rigFor(server.url);
      await METHODS[method](rig.rest);
      expect(server.asked[1]).toBe('/v2/more?cursor=abc%3D');
      expect(server.headers.map((headers) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
    });
  }
});
