import type { Ctx } from '../../src/command.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Provenance } from '../../src/domain/provenance.ts';
import { headOf } from '../../src/domain/trade/head.ts';
import { resultOf } from '../../src/domain/trade/result.ts';
import { openTrade, type Step, type Trade } from '../../src/domain/trade.ts';
import { AppError } from '../../src/kit/errors.ts';
import { sampleBars, sampleLevels, samplePlan } from '../cards/sample.ts';
import { armed, at, FILLED, follow, longPlan } from '../domain/trade/table.ts';

/** Services as far as trades, offers and plans need them; member 7 asks, and what they were asked is kept. */
export function tradeDesk({
  plan = samplePlan,
  last = 93.98,
  memberId = null,
  isOver = false,
}: {
  plan?: Plan;
  last?: number;
  memberId?: string | null;
  isOver?: boolean;
} = {}) {
  const asked: unknown[][] = [];
  const running = follow(armed(), [FILLED]);
  const open: Trade = { ...running.trade, tradeId: 'a1'.repeat(32) };
  const over = follow(armed(), [FILLED, ['10:31', 100.4, 101.1, 100.3, 101], ['10:32', 101, 101.4, 99.9, 100]]);
  const ended: Trade = { ...over.trade, tradeId: 'b2'.repeat(32) };
  const lives: readonly { trade: Trade; steps: readonly Step[] }[] = [
    { trade: open, steps: running.steps },
    { trade: ended, steps: over.steps },
  ];
  const viewOf = (trade: Trade) => ({
    trade,
    head: headOf(trade, trade.last.price),
    result: resultOf(trade),
    provenance: provenance({ asOf: trade.last.closedAt, delayed: false }),
  });
  const own = (id: string) => {
    const found = lives.find(({ trade }) => trade.tradeId.startsWith(id));
    if (found) return found;
    throw new AppError(
      'not_found',
      `You have no trade ${id.slice(0, 12)}; it may be another member's. /trade list shows yours.`,
    );
  };
  const offer = {
    plan,
    memberId,
    isOver,
    provenance: provenance({ asOf: plan.decidedAt, delayed: false }),
    threadId: '900000000000000001',
    createdAt: 0,
  };
  const unknown = (): never => {
    throw new AppError('not_found', 'You have no plan.');
  };
  const ctx = {
    caller: { memberId: '7', name: 'Ann', tier: 'free' },
    clock: { now: () => plan.decidedAt + 60_000, at: () => () => {} },
    provenance,
    instruments: { resolve: async (symbol: string) => ({ symbol, name: symbol }) },
    market: { price: async () => ({ value: { last }, asOf: plan.decidedAt, delayed: false }) },
    plans: {
      get: async () => unknown(),
      list: async () => [],
      decided: async (one: Plan) => ({
        plan: one,
        bars: sampleBars(12),
        levels: sampleLevels,
        provenance: provenance({ asOf: one.decidedAt, delayed: false }),
      }),
    },
    offers: {
      get: async (_member: string, id: string) =>
        plan.planId.startsWith(id) || longPlan.planId === id ? offer : unknown(),
      verify: async () => ({ plan, recomputedId: plan.planId, equal: true }),
      setups: async (limit: number) => {
        asked.push(['setups', limit]);
        const { setupId, detector, title, timeframe, detectedAt } = plan.setup;
        const { symbol, direction, planId } = plan;
        return [{ setupId, symbol, detector, title, direction, timeframe, detectedAt, outcome: 'offered', planId }];
      },
    },
    trades: {
      prefill: async () => ({ shares: plan.size.shares, fillPrice: last, plan }),
      take: async (member: { memberId: string }, id: string, taken: { shares: number; fillPrice?: number }) => {
        asked.push(['take', member.memberId, id, taken]);
        const trade = openTrade(plan, { memberId: member.memberId, ...taken, takenAt: plan.decidedAt });
        return { trade, plan, outcome: 'taken' };
      },
      list: async (member: string, options: { openOnly?: boolean }) => {
        asked.push(['list', member, options]);
        const wanted = lives.filter(({ trade }) => !options.openOnly || trade.state !== 'closed');
        return wanted.map(({ trade }) => viewOf(trade));
      },
      show: async (_member: string, id: string) => {
        const { trade, steps } = own(id);
        return { ...viewOf(trade), steps, plan: { ...longPlan, planId: trade.planId } };
      },
      close: async (member: string, id: string, price?: number) => {
        asked.push(['close', member, id, price]);
        return viewOf(own(id).trade);
      },
      correct: async (member: string, id: string, price: number) => {
        asked.push(['correct', member, id, price]);
        return viewOf(own(id).trade);
      },
    },
  } as unknown as Ctx;
  return { ctx, asked, open, ended, at };
}

function provenance({ asOf }: { asOf: number; delayed: boolean }): Provenance {
  return { asOf, source: 'Massive', timeliness: 'live' };
}
