import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, IndexSnapshot, StockSnapshot } from '../../src/domain/market.ts';
import { MassiveError } from '../../src/massive/errors.ts';
import { newYorkMidnight } from '../../src/massive/map/time.ts';
import type { MassiveRest } from '../../src/massive/rest.ts';
import { readEvent } from '../../src/massive/stream/events.ts';
import { envelopeSchema } from '../../src/massive/wire/envelope.ts';
import { NOW, type Rig, rigFor } from './bench.ts';
import { type FakeRest, json, startFakeRest } from './fake-server.ts';

const ROOT = join(import.meta.dirname, '../../fixtures/massive');
const filesUnder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.endsWith('_index.json'))
    .map((name) => join(folder, name))
    .sort();
const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

type Ask = (rest: MassiveRest) => Promise<Answer<unknown>>;
const day = { multiplier: 1, timespan: 'day' } as const;
const aapl: Ask = (rest) => rest.bars('AAPL', day, '2005-04-01', '2005-04-04');

/** Which question each vendor file answers; the files of endpoints that this house does not use are in none of them. */
const QUESTIONS: [pattern: RegExp, ask: Ask, least: number][] = [
  [/Get(Stocks|Indices|Options)Aggregates|aggs\/ticker\/AAPL\/range/, aapl, 2],
  [/GetPrevious(Stocks|Indices|Options)Aggregates|AAPL\/prev/, (rest) => rest.previousBar('AAPL'), 1],
  [/GetGroupedStocksAggregates|aggs\/grouped/, (rest) => rest.groupedDaily('2020-10-14'), 1],
  [/GetStocksSnapshotTicker\.json|stocks\/tickers\/AAPL\.json/, (rest) => rest.stockSnapshot('AAPL'), 1],
  [/GetStocksSnapshotTickers|tickers\/index\.json/, (rest) => rest.stockSnapshots(), 1],
  [/GetStocksSnapshotDirection|stocks\/gainers/, (rest) => rest.movers('gainers'), 1],
  [/GetIndicesSnapshot|snapshot\/indices&/, (rest) => rest.indexSnapshots(['I:SPX']), 1],
  [/GetLast(Stocks|Options)Trade|last\/trade\/AAPL/, (rest) => rest.lastTrade('AAPL'), 1],
  [/GetLastStocksQuote|last\/nbbo/, (rest) => rest.lastQuote('AAPL'), 1],
  [/GetMarketStatus|marketstatus\/now/, (rest) => rest.marketStatus(), 1],
  [/GetMarketHolidays|marketstatus\/upcoming/, (rest) => rest.holidays(), 2],
  [/ListNews|reference\/news/, (rest) => rest.news({ symbol: 'UBS', limit: 10 }), 1],
  [/ListTickers|reference\/tickers(&cursor.*)?\.json/, (rest) => rest.searchTickers('A', 10), 1],
  [/GetTicker\.json|reference\/tickers\/AAPL/, (rest) => rest.tickerDetails('AAPL'), 1],
  [/GetSnapshots\.json|v3\/snapshot\.json/, (rest) => rest.snapshots(['AAPL', 'O:NCLH221014C00005000', 'TSLAAPL']), 1],
];

describe('what the vendor published and recorded', () => {
  let server: FakeRest;
  let rig: Rig;
  beforeAll(async () => {
    server = await startFakeRest();
    rig = rigFor(server.url);
  });
  afterAll(async () => {
    await rig.stop();
    await server.stop();
  });
  const answerTo = (body: unknown, ask: Ask): Promise<Answer<unknown>> => {
    rig.time.now += 24 * 3_600_000;
    server.answer = (...exchange) => json({ ...strip(body) }, 200)(...exchange);
    if (Array.isArray(body)) server.answer = json(body);
    return ask(rig.rest);
  };
  // one page at a time: the next one would be on the vendor's own host
  const strip = (body: unknown): object => {
    const { next_url: _next, ...rest } = body as Record<string, unknown>;
    return rest;
  };

  const files = [...filesUnder('examples'), ...filesUnder('mocks')];
  it('is all there: 89 samples, 43 recordings', () => {
    expect([filesUnder('examples').length, filesUnder('mocks').length]).toEqual([89, 43]);
  });

  it.each([...files, ...filesUnder('observed')])('%s has an envelope this house can read', (file) => {
    expect(envelopeSchema.safeParse(read(file)).error).toBeUndefined();
  });

  const supported = files.flatMap((file) =>
    QUESTIONS.filter(([pattern]) => pattern.test(file)).map(([, ask, least]) => ({ file, ask, least })),
  );
  it('has an answer for every question', () => {
    for (const [pattern] of QUESTIONS)
      expect(
        files.some((file) => pattern.test(file)),
        String(pattern),
      ).toBe(true);
    expect(supported.length).toBe(38);
  });
  it.each(supported)('$file comes out in domain words', async ({ file, ask, least }) => {
    const answer = await answerTo(read(file), ask);
    const rows = Array.isArray(answer.value) ? answer.value : [answer.value];
    expect(rows.length).toBeGreaterThanOrEqual(least);
    expect(answer.delayed).toBe(false);
    expect(answer.asOf).toBeGreaterThan(Date.parse('2005-01-01'));
    expect(answer.asOf).toBeLessThanOrEqual(rig.time.now);
    expect(JSON.stringify(answer)).not.toMatch(/null|NaN/);
  });

  it('a delayed plan says so on the aggregates', async () => {
    const edges = read('observed/rest-edge-shapes.json') as { name: string; body?: unknown }[];
    const { body } = edges.find(({ name }) => name === 'aggregates on a delayed plan') ?? {};
    const answer = await answerTo(body, (rest) => rest.bars('NVDA', day, '2024-10-14', '2024-10-14'));
    expect(answer).toMatchObject({
      delayed: true,
      asOf: rig.time.now < 1728878400000 ? expect.any(Number) : Date.parse('2024-10-14T20:00:00Z'),
      value: [{ symbol: 'NVDA', openAt: Date.parse('2024-10-14T04:00:00Z'), close: 138.07, volume: 224602526 }],
    });
  });

  it('pre-market is told apart by the booleans, closed by the word', async () => {
    const edges = read('observed/rest-edge-shapes.json') as { name: string; body?: unknown }[];
    const phaseOf = async (name: string): Promise<unknown> =>
      (await answerTo(edges.find((edge) => edge.name === name)?.body, (rest) => rest.marketStatus())).value;
    expect(await phaseOf('market status with indicesGroups, pre-market')).toEqual({
      phase: 'premarket',
      serverAt: Date.parse('2023-07-18T13:04:11Z'),
    });
    expect(await phaseOf('market status, closed')).toMatchObject({ phase: 'closed' });
    expect((await answerTo(read('examples/GetMarketStatus.json'), (rest) => rest.marketStatus())).value).toMatchObject({
      phase: 'aftermarket',
    });
  });

  it('a snapshot keeps bid below ask, turns lots into shares and survives a null list of conditions', async () => {
    const body = read('mocks/client-python/v2/snapshot/locale/us/markets/stocks/tickers/AAPL.json');
    const { value } = (await answerTo(body, (rest) => rest.stockSnapshot('AAPL'))) as Answer<StockSnapshot>;
    expect(value).toMatchObject({
      symbol: 'AAPL',
      last: 159.99,
      bid: 159.98,
      ask: 159.99,
      bidSize: 300,
      askSize: 500,
      change: -3.65,
      changePct: -2.231,
      previousClose: 163.64,
      day: { open: 161.84, high: 166.2, low: 159.8, close: 160.315, volume: 68840127, vwap: 162.7124 },
      minute: { timeframe: '1m', openAt: 1684428600000, volume: 197226 },
      updatedAt: 1651251948407,
    });
  });

  it('a snapshot of a cleared day has no zeros in it', async () => {
    const zero = { o: 0, h: 0, l: 0, c: 0, v: 0, vw: 0 };
    const prevDay = { o: 10, h: 11, l: 9, c: 10.5, v: 1000, vw: 10.2 };
    const ticker = {
      ticker: 'AAPL',
      todaysChange: 0,
      todaysChangePerc: 0,
      updated: 0,
      day: zero,
      min: { ...zero, t: 0 },
      prevDay,
    };
    for (const more of [{}, { lastTrade: {}, lastQuote: {} }, { lastTrade: null, lastQuote: null, day: {}, min: {} }]) {
      const { value } = await answerTo({ status: 'OK', ticker: { ...ticker, ...more } }, (rest) =>
        rest.stockSnapshot('AAPL'),
      );
      expect(value).toEqual({
        symbol: 'AAPL',
        previousClose: 10.5,
        previousDay: { open: 10, high: 11, low: 9, close: 10.5, volume: 1000, vwap: 10.2 },
        updatedAt: newYorkMidnight(rig.time.now),
      });
    }
  });

  it('rows that say NOT_FOUND or NOT_ENTITLED are named as missing, and so is a symbol without a row', async () => {
    const asked = ['AAPL', 'O:NCLH221014C00005000', 'TSLAAPL', 'SPY'];
    const body = read('examples/GetSnapshots.json');
    expect(await answerTo(body, (rest) => rest.snapshots(asked))).toMatchObject({
      delayed: false,
      value: {
        stocks: [
          { symbol: 'O:NCLH221014C00005000', bidSize: 172 },
          { symbol: 'AAPL', bid: 20.9, bidSize: 17200, last: 0.05 },
        ],
        indices: [],
        missing: [
          { symbol: 'TSLAAPL', reason: 'not_found' },
          { symbol: 'SPY', reason: 'no_data' },
        ],
      },
    });
  });

  it('an index row without its prefix gets it back', async () => {
    const body = read('mocks/client-python/v3/snapshot/indices&ticker.any_of=SPX%2CAPx%2CAPy.json');
    const { value } = (await answerTo(body, (rest) => rest.indexSnapshots(['I:SPX']))) as Answer<IndexSnapshot[]>;
    expect(value).toMatchObject([
      { symbol: 'I:SPX', name: 'S&P 500', value: 3822.39, session: { previousClose: 3812.19 } },
    ]);
  });

  it('an index that is not in the plan is a plan limit and not an empty list', async () => {
    const body = { status: 'OK', results: [{ ticker: 'I:SPX', error: 'NOT_ENTITLED', message: 'no' }] };
    const error = await answerTo(body, (rest) => rest.indexSnapshots(['I:SPX'])).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MassiveError);
    expect(error).toMatchObject({ kind: 'plan_limit' });
  });

  it('the last quote has the bid under the small letters', async () => {
    const { value } = await answerTo(read('examples/GetLastStocksQuote.json'), (rest) => rest.lastQuote('AAPL'));
    expect(value).toMatchObject({ bid: 127.96, ask: 127.98, bidSize: 1, askSize: 7, eventAt: 1617827221349 });
  });

  it('a previous-day bar opens at midnight New York although the provider stamps its end', async () => {
    const { value } = await answerTo(read('examples/GetPreviousStocksAggregates.json'), (rest) =>
      rest.previousBar('AAPL'),
    );
    expect(value).toMatchObject({ openAt: Date.parse('2020-11-10T05:00:00Z'), timeframe: '1d' });
  });

  it('index day bars open at midnight New York although the provider says Chicago', async () => {
    const { value } = await answerTo(read('examples/GetIndicesAggregates.json'), (rest) =>
      rest.bars('I:NDX', day, '2023-03-09', '2023-03-10'),
    );
    expect((value as { openAt: number; volume?: number }[]).map((bar) => [bar.openAt, bar.volume])).toEqual([
      [Date.parse('2023-03-09T05:00:00Z'), undefined],
      [Date.parse('2023-03-10T05:00:00Z'), undefined],
    ]);
  });

  it('holidays come once per date with their early close', async () => {
    const { value } = await answerTo(read('examples/GetMarketHolidays.json'), (rest) => rest.holidays());
    expect(value).toEqual([
      { on: '2020-11-26', name: 'Thanksgiving', kind: 'closed' },
      {
        on: '2020-11-27',
        name: 'Thanksgiving',
        kind: 'early-close',
        opensAt: Date.parse('2020-11-27T14:30:00Z'),
        closesAt: Date.parse('2020-11-27T18:00:00Z'),
      },
    ]);
  });

  it('news has the sentiment for the symbol asked about only', async () => {
    const body = read('examples/ListNews.json');
    const about = async (symbol: string): Promise<unknown> =>
      (await answerTo(body, (rest) => rest.news({ symbol, limit: 3 }))).value;
    expect(await about('UBS')).toMatchObject([{ publisher: 'Investing.com', sentiment: 'positive', symbols: ['UBS'] }]);
    expect(await about('AAPL')).toMatchObject([expect.not.objectContaining({ sentiment: expect.anything() })]);
  });

  it('a weekend is an empty list, with or without results', async () => {
    for (const body of [
      { status: 'OK', resultsCount: 0 },
      { status: 'OK', results: [] },
      { status: 'OK', results: null },
    ]) {
      expect((await answerTo(body, aapl)).value).toEqual([]);
    }
  });
});

describe('what the vendor streams', () => {
  const samples = filesUnder('ws-examples').map((file) => ({ file, event: read(file) as Record<string, unknown> }));
  const kinds: Record<string, string> = { AM: 'bar', A: 'trade', T: 'trade', Q: 'quote', V: 'index' };

  it.each(samples)('$file is read as what it is, or left out with a reason', ({ file, event }) => {
    const result = readEvent(event, NOW);
    const isIndexSecond = file.includes('indices.A.json');
    const isUsed = /ws-examples\/(stocks|indices|options|launchpad\.(stocks|options))\.(AM|A|T|Q|V)\.json/.test(file);
    if (isUsed) {
      expect(result).toMatchObject({
        kind: 'event',
        event: { kind: isIndexSecond ? 'index' : kinds[String(event.ev)] },
      });
    } else expect(result.kind).toMatch(/drop|event/);
  });

  it('quote sizes are shares for stocks and contracts for options', () => {
    const of = (file: string) => readEvent(read(file), NOW);
    expect(of('ws-examples/stocks.Q.json')).toMatchObject({
      event: { quote: { bid: 114.125, ask: 114.128, bidSize: 10_000, askSize: 16_000, eventAt: 1536036818784 } },
    });
    expect(of('ws-examples/options.Q.json')).toMatchObject({ event: { quote: { bidSize: 17, askSize: 24 } } });
  });

  it('an index minute is named by its minute although it is stamped within', () => {
    expect(readEvent(read('ws-examples/indices.AM.json'), NOW)).toMatchObject({
      event: { bar: { symbol: 'I:SPX', openAt: 1678220640000 } },
    });
  });

  it('status frames keep their words without the trailing space', () => {
    const frames = read('observed/ws-status-frames.json') as { name: string; frame: unknown[] | null }[];
    for (const { frame } of frames) {
      for (const raw of frame ?? []) expect(readEvent(raw, NOW)).toMatchObject({ kind: 'status' });
    }
    const evicted = frames.find(({ name }) => name === 'max_connections_older_evicted')?.frame?.[0];
    expect(readEvent(evicted, NOW)).toEqual({
      kind: 'status',
      status: { status: 'max_connections', message: 'Maximum number of websocket connections exceeded.' },
    });
  });
});
