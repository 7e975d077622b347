import { z } from 'zod';
import { commands } from '../../commands/index.ts';
import type { Ctx, InvokeRecord } from '../../src/command.ts';
import { createInvoke, defineCommand } from '../../src/command.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { headOf } from '../../src/domain/trade/head.ts';
import { resultOf } from '../../src/domain/trade/result.ts';
import { openTrade, type Trade } from '../../src/domain/trade.ts';
import { AppError } from '../../src/kit/errors.ts';
import { samplePlan } from '../cards/sample.ts';

export const NOW = Date.UTC(2015, 11, 23, 15, 32, 15);

const provenance = { asOf: NOW - 4_000, source: 'Sandbox replay of 23 Dec 2015', timeliness: 'live' as const };

interface Spoken {
  title?: string;
  publisher?: string;
  /** In place of every company's name, and of a ticker in lists of the wire. */
  company?: string;
  memberName?: string;
  url?: string;
}

/** The real commands over a market that stands still; `spoken` puts foreign words where the wire has them. */
export function stubCtx(spoken: Spoken = {}, memberId = '100000000000000007'): Ctx {
  const names: Record<string, string> = {
    AAPL: spoken.company ?? 'Apple Inc.',
    SPY: spoken.company ?? 'SPDR S&P 500 ETF Trust',
    FITB: spoken.company ?? 'Fifth Third Bancorp',
  };
  const answer = <T>(value: T) => ({ value, asOf: provenance.asOf, delayed: false, stale: false });
  const mover = (symbol: string, last: number, changePct: number) => ({
    symbol,
    last,
    changePct,
    day: { open: last, high: last * 1.02, low: last * 0.97, close: last, volume: 1_234_567 },
  });
  const minutes = Array.from({ length: 40 }, (_, i) => ({
    openAt: NOW - (40 - i) * 60_000,
    open: 94 + i / 100,
    high: 94.2 + i / 100,
    low: 93.9 + i / 100,
    close: 94.1 + i / 100,
    volume: 1000,
  }));
  const ctx = {
    caller: { memberId, name: spoken.memberName ?? 'Ann', tier: 'free' },
    clock: { now: () => NOW, at: () => () => {} },
    instruments: {
      resolve: async (text: string) => {
        const symbol = text.toUpperCase();
        if (!(symbol in names))
          throw new AppError('not_found', `No stock or index called ${symbol.slice(0, 10)} is traded.`);
        return { symbol, name: names[symbol], instrument: { kind: 'stock', symbol } };
      },
      suggest: async () => [],
    },
    market: {
      movers: async (direction: string, limit: number) =>
        answer(
          (direction === 'down'
            ? [mover('NKE', 61.3, -4.2), mover('FITB', 20.1, -2.05)]
            : [mover(spoken.company ?? 'CHK', 4.51, 9.75), mover('FCX', 7.12, 8.4), mover('AAPL', 94.1, 1.2)]
          ).slice(0, limit),
        ),
      news: async () =>
        answer([
          {
            title: spoken.title ?? 'Apple beats forecasts, shares rise 3%',
            publisher: spoken.publisher ?? 'Wire & Sons',
            url: spoken.url ?? 'https://www.reuters.com/markets/apple-beats',
            publishedAt: NOW - 3_600_000,
            symbols: [spoken.company ?? 'AAPL'],
            sentiment: 'positive',
          },
        ]),
      volumeRatio: () => 1.84,
      breadth: async () =>
        answer({
          advancing: 301,
          declining: 170,
          unchanged: 12,
          advancingPct: 62.3188,
          upVolumePct: 71.2,
          sentiment: 'broadly rising',
          covered: 483,
          newHighs: 12,
          newLows: 3,
          thrust: false,
          symbols: [],
        }),
      indices: async () =>
        answer([
          { symbol: 'I:SPX', name: 'S&P 500', value: 2064.29, changePct: 1.24 },
          { symbol: 'I:VIX', name: 'VIX', value: 15.57, changePct: -6.2 },
        ]),
      price: async ({ symbol }: { symbol: string }) =>
        answer({
          symbol,
          last: 94.1,
          bid: 94.09,
          ask: 94.11,
          spreadBps: 2.1,
          change: 1.12,
          changePct: 1.2046,
          day: { open: 93.2, high: 94.6, low: 92.9, close: 94.1, volume: 2_345_678 },
          previousClose: 92.98,
        }),
      prices: async () => answer(new Map([['AAPL', { last: 94.1, changePct: 1.2 }]])),
    },
    history: {
      bars: async () => ({ ...answer(minutes), day: { on: '2015-12-23' } }),
      view: async () => ({
        minutes,
        daily: [{ openAt: NOW - 86_400_000, open: 92, high: 95, low: 91, close: 92.98, volume: 1e6 }],
        day: { on: '2015-12-23', opensAt: NOW - 2 * 3_600_000, closesAt: NOW + 4 * 3_600_000 },
        asOf: NOW,
        answer: answer(undefined),
      }),
    },
    plans: {
      build: async (_member: string, _name: string, known: { symbol: string }) =>
        known.symbol === 'SPY'
          ? {
              outcome: 'refused',
              symbol: 'SPY',
              refusal: { code: 'too_tight', reason: 'The range is too tight: 0.3 ATR.' },
              provenance,
            }
          : { outcome: 'plan', plan: samplePlan, bars: [], levels: [], provenance },
      get: async (member: string, planId: string): Promise<Plan> => {
        if (member !== memberId || !samplePlan.planId.startsWith(planId)) {
          throw new AppError('not_found', `You have no plan ${planId.slice(0, 12)}; it may be another member's.`);
        }
        return samplePlan;
      },
      show: async (member: string, planId: string) => ({
        plan: await ctx.plans.get(member, planId),
        bars: [],
        levels: [],
        provenance,
      }),
      list: async () => [samplePlan],
    },
    trades: {
      list: async (member: string) => (member === memberId ? [endedTrade, openedTrade].map(viewOf) : []),
      show: async (member: string, tradeId: string) => {
        const found = [endedTrade, openedTrade].find((one) => member === memberId && one.tradeId.startsWith(tradeId));
        if (!found) throw new AppError('not_found', `You have no trade ${tradeId.slice(0, 12)}.`);
        return { ...viewOf(found), plan: samplePlan, steps: stepsOf(found) };
      },
    },
    offers: {
      get: async (_member: string, planId: string) => {
        if (!publicPlan.planId.startsWith(planId)) {
          throw new AppError('not_found', `There is no plan ${planId.slice(0, 12)} that you may see.`);
        }
        return { plan: publicPlan, memberId: null, provenance, createdAt: NOW, isOver: false };
      },
      setups: async () => [
        {
          setupId: 's1',
          symbol: 'AAPL',
          detector: 'orb',
          title: 'opening-range breakout',
          direction: 'long',
          timeframe: '5m',
          detectedAt: NOW - 900_000,
          outcome: 'offered',
          planId: publicPlan.planId,
        },
        {
          setupId: 's2',
          symbol: 'NKE',
          detector: 'orb',
          title: 'opening-range breakout',
          direction: 'short',
          timeframe: '5m',
          detectedAt: NOW - 600_000,
          outcome: 'refused',
          refusal: { code: 'standing', reason: 'A plan for NKE stands already.' },
        },
      ],
    },
    members: { watchlist: async () => ['AAPL'], risk: async () => ({ accountDollars: 10_000, riskPct: 1 }) },
    status: {},
    overview: async () => ({
      phase: 'regular',
      nextPhase: 'aftermarket',
      nextChangeAt: NOW + 4 * 3_600_000,
      nextHoliday: { on: '2015-12-25', name: 'Christmas', kind: 'closed' },
      marketAt: NOW,
      indices: [
        { name: 'S&P 500', value: 2064.29, changePct: 1.24 },
        { name: 'VIX', value: 15.57, changePct: -6.2 },
      ],
      advancingPct: 62.3,
      components: [],
      provenance,
    }),
    guide: {
      commands: () => [
        { slash: 'price', summary: 'Last price' },
        { slash: 'plan build', summary: 'Trade plan' },
      ],
    },
    provenance: () => provenance,
  };
  return ctx as unknown as Ctx;
}

/** Offered to everybody; nobody's own. */
export const publicPlan: Plan = { ...samplePlan, planId: 'beef00c0ffee'.padEnd(64, '0') };

const taken = (shares: number): Trade =>
  openTrade(samplePlan, { memberId: '100000000000000007', shares, takenAt: samplePlan.decidedAt });
const filled = { price: 94.12, at: samplePlan.decidedAt + 60_000 };
const half = { price: 94.82, shares: 50 };

/** Triggered, sold half at the first target, the rest stopped at break-even. */
const endedTrade: Trade = {
  ...taken(100),
  tradeId: 'e'.repeat(64),
  state: 'closed',
  closedAs: 'stopped',
  closedAt: filled.at + 52 * 60_000,
  fill: filled,
  stop: { price: 94.12, basis: 'break_even' },
  targetsHit: 1,
  exits: [half, { price: 94.12, shares: 50 }],
  best: 95.1,
  worst: 93.9,
  last: { price: 94.12, closedAt: filled.at + 52 * 60_000 },
};

/** In, nothing sold yet. */
const openedTrade: Trade = {
  ...taken(40),
  tradeId: 'f'.repeat(64),
  state: 'triggered',
  fill: filled,
  remainingShares: 40,
  best: 94.5,
  worst: 94,
  last: { price: 94.4, closedAt: filled.at + 60_000 },
};

const viewOf = (trade: Trade) => ({
  trade,
  head: headOf(trade, trade.last.price),
  result: resultOf(trade),
  provenance,
});

const stepsOf = ({ tradeId }: Trade) =>
  [
    { kind: 'triggered', price: 94.12, realisedR: 0 },
    { kind: 'target', target: 'T1', price: 94.82, realisedR: 0.5 },
    { kind: 'stopped', price: 94.12, realisedR: 0.5 },
  ].map((step, seq) => ({
    ...step,
    stepId: `step-${seq}`,
    tradeId,
    seq,
    at: filled.at + seq * 60_000,
    shares: 0,
    reason: 'as planned',
    remainingShares: 0,
  }));

/** A writing command that must never run from the coach. */
export function withWrites() {
  const written: unknown[] = [];
  const order = defineCommand({
    name: 'order',
    slash: 'order',
    summary: 'Places an order',
    guidance: '',
    tier: 'free',
    effect: 'write',
    input: z.object({ symbol: z.string() }),
    output: z.object({}),
    run: async (_ctx, input) => {
      written.push(input);
      return {};
    },
    card: () => ({ layout: 'embed', tone: 'neutral', title: 'done', blocks: [] }),
  });
  const records: InvokeRecord[] = [];
  return {
    written,
    records,
    invoke: createInvoke({ record: (entry) => records.push(entry) }),
    commands: [...commands, order],
  };
}
