import { breadthOf } from '../../src/domain/breadth.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import { topMovers } from '../../src/domain/movers.ts';
import { planFor } from '../../src/domain/plan.ts';
import { phaseAt } from '../../src/domain/session.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createTtlCache } from '../../src/kit/ttl-cache.ts';
import { createMassiveRest } from '../../src/massive/rest.ts';
import { parseAs } from '../../src/massive/wire/envelope.ts';
import { isStockSnapshotRow, stockSnapshotsSchema } from '../../src/massive/wire/stock-snapshot.ts';
import { risk } from '../domain/ask.ts';
import { calendar, recording } from '../domain/market-data.ts';
import { inTurns, threadMs, type Work } from './cpu.ts';
import { type Row, row } from './row.ts';
import { breadthByChains, gainersBySorting } from './snapshot/plain-ways.ts';
import { wholeMarketText, zodAnswer } from './snapshot/rows.ts';
import { ratios } from './stats.ts';

const MINUTE_MS = 60_000;
const TOP = 50;
const IN_A_ROW = 4;
// early minutes are cheap and late ones dear: every sample must have its share of both
const STRIDE = 89;

/** The whole market from text to cards' numbers, plans of a recorded day, and the calendar; all of it main-thread CPU. */
export async function measureDomain(): Promise<Row[]> {
  const text = wholeMarketText();
  const { value: snapshots } = await restOf(text).stockSnapshots();
  return [...checking(text), ...(await mapping(text)), ...counting(snapshots), ...planning(), ...phases()];
}

/** The product's REST methods over this text instead of a network. */
function restOf(text: string) {
  const clock = { now: () => Date.parse('2024-06-05T15:00:00Z') };
  const answer = async (): Promise<never> => JSON.parse(text) as never;
  return createMassiveRest({
    http: { get: answer, pages: async function* () {} },
    cache: createTtlCache({ now: clock.now }),
    clock,
    metrics: createMetrics(),
  });
}

function checking(text: string): Row[] {
  const rowsIn = (body: unknown): readonly unknown[] => parseAs(stockSnapshotsSchema, body, 'bench').tickers ?? [];
  const times = inTurns(
    {
      parse: () => JSON.parse(text) as unknown,
      guard: () => rowsIn(JSON.parse(text)).every(isStockSnapshotRow),
      zod: () => zodAnswer.parse(JSON.parse(text)),
    },
    { rounds: 15, warmUp: 5 },
  );
  return [
    row(`JSON.parse of 12,000 rows (${(text.length / 1e6).toFixed(1)} MB)`, 'ms', times.parse),
    row('JSON.parse + envelope + row guard (the product)', 'ms', times.guard),
    row('JSON.parse + zod for every row', 'ms', times.zod),
    row('product / JSON.parse', 'ratio', ratios(times.guard, times.parse), 'at most 1.10'),
    row('zod / JSON.parse', 'ratio', ratios(times.zod, times.parse)),
  ];
}

async function mapping(text: string): Promise<Row[]> {
  const rest = restOf(text);
  const samples: number[] = [];
  for (let round = -2; round < 15; round += 1) {
    const before = process.threadCpuUsage();
    for (let call = 0; call < IN_A_ROW; call += 1) await rest.stockSnapshots(undefined, { fresh: true });
    if (round >= 0) samples.push(threadMs(before) / IN_A_ROW);
  }
  return [row("product, rows mapped to the house's words too", 'ms', samples)];
}

function counting(snapshots: Parameters<typeof breadthByChains>[0]): Row[] {
  const works = {
    breadth: () => breadthOf(snapshots),
    chains: () => breadthByChains(snapshots),
    movers: () => topMovers(snapshots, { direction: 'up', limit: TOP }),
    sorting: () => gainersBySorting(snapshots, TOP),
  } satisfies Record<string, Work>;
  const [ours, plain] = [works.breadth(), works.chains()];
  const same = ours.advancing === plain.advancing && Math.abs((ours.upVolumePct ?? 0) - plain.upVolumePct) < 1e-9;
  const symbols = (rows: readonly { readonly symbol: string }[]): string => rows.map((one) => one.symbol).join();
  if (!same || symbols(works.movers()) !== symbols(works.sorting()))
    throw new Error('the two ways to count differ, so their times cannot be compared');
  const times = inTurns(works, { rounds: 15, warmUp: 200 });
  return [
    row('breadthOf, 12,000 stocks', 'ms', times.breadth),
    row('breadth by filter and reduce', 'ms', times.chains),
    row('breadthOf / filter and reduce', 'ratio', ratios(times.breadth, times.chains), 'at most 0.1'),
    row(`topMovers, ${TOP} of 12,000`, 'ms', times.movers),
    row(`${TOP} movers by sorting objects`, 'ms', times.sorting),
    row('topMovers / sorting', 'ratio', ratios(times.movers, times.sorting), 'at most 0.02 (1/50)'),
  ];
}

/** One symbol asked for a plan at every fifth minute of recorded days, minutes of all days given as the product does. */
function planning(): Row[] {
  const { symbol, days, minutes, daily } = recording('SPY', '2013');
  const moments = days.flatMap((day) => {
    const times: { readonly day: typeof day; readonly asOf: number }[] = [];
    for (let asOf = day.opensAt + 15 * MINUTE_MS; asOf < day.closesAt; asOf += 5 * MINUTE_MS) times.push({ day, asOf });
    return times;
  });
  let next = 0;
  let plans = 0;
  const ask: Work = () => {
    const moment = moments[(STRIDE * next++) % moments.length];
    const result = moment && planFor({ symbol, calendar, ...moment, daily, minutes, risk, detectors });
    if (result?.ok) plans += 1;
    return result;
  };
  const { ask: times } = inTurns({ ask }, { rounds: 15, warmUp: 80 });
  return [
    row(`planFor, ${minutes.length.toLocaleString('en-US')} minutes given`, 'ms', times),
    row('of them answered with a plan', '%', [(plans / next) * 100]),
  ];
}

function phases(): Row[] {
  const from = Date.parse('2024-01-01T00:00:00Z');
  let at = from;
  const now: Work = () => {
    // 37 minutes at a time, so that every phase and every day of ten years comes up
    at = at + 37 * MINUTE_MS > from + 3_650 * 86_400_000 ? from : at + 37 * MINUTE_MS;
    return phaseAt(calendar, at);
  };
  const { now: times } = inTurns({ now }, { rounds: 15, warmUp: 100_000 });
  return [
    row(
      'phaseAt, any minute of ten years',
      'µs',
      times.map((ms) => ms * 1_000),
    ),
  ];
}
