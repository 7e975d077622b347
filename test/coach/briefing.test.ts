import { describe, expect, it } from 'vitest';
import { briefingOf } from '../../src/coach/briefing.ts';
import { render } from '../../src/coach/render.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Step } from '../../src/domain/trade.ts';
import { NOW, publicPlan, stubCtx } from './stub-house.ts';

const ME = '100000000000000007';
const OTHER = '300000000000000001';
const step = { kind: 'target', target: 'T1', price: 94.82, realisedR: 0.5, at: NOW - 60_000 } as Step;
const told = (over: Partial<Extract<Alert, { kind: 'step' }>>): Alert => ({
  kind: 'step',
  planId: 'p1',
  symbol: 'AAPL',
  direction: 'long',
  step,
  own: false,
  memberId: null,
  mentions: [OTHER],
  at: NOW - 60_000,
  ...over,
});
const ALERTS: Alert[] = [
  {
    kind: 'session',
    transition: 'open',
    on: '2015-12-23',
    at: NOW - 3_600_000,
    opensAt: 0,
    closesAt: 0,
    earlyClose: false,
  },
  {
    kind: 'session',
    transition: 'close',
    on: '2015-12-22',
    at: NOW - 86_400_000,
    opensAt: 0,
    closesAt: 0,
    earlyClose: false,
  },
  { kind: 'offer', planId: 'p1', symbol: 'AAPL', memberId: null, at: NOW - 1_800_000 },
  { kind: 'offer', planId: 'p2', symbol: 'MINE', memberId: ME, at: NOW - 1_700_000 },
  { kind: 'offer', planId: 'p3', symbol: 'THEIRS', memberId: OTHER, at: NOW - 1_600_000 },
  told({}),
  told({ own: true, mentions: [ME], planId: 'p2', at: NOW - 50_000 }),
  told({ own: true, mentions: [OTHER], planId: 'p3', at: NOW - 40_000 }),
  told({ memberId: OTHER, planId: 'p3', symbol: 'THEIRS', at: NOW - 35_000 }),
  told({ memberId: ME, mentions: [ME], planId: 'p4', symbol: 'ALSO', at: NOW - 34_000 }),
  {
    kind: 'health',
    part: 'stocks feed',
    state: 'down',
    since: NOW - 30_000,
    at: NOW - 30_000,
    reason: 'r',
    works: 'w',
  },
  {
    kind: 'health',
    part: 'stocks feed',
    state: 'down',
    since: NOW - 30_000,
    at: NOW - 30_000,
    reason: 'r',
    works: 'w',
    planId: 'p3',
  },
];

const brief = async (audience: 'private' | 'shared', planId?: string) => {
  const { result } = await briefingOf({
    ctx: stubCtx(),
    audience,
    alertsToday: async () => ALERTS,
    ...(planId === undefined ? {} : { planId }),
  });
  return result.output as unknown as {
    plans?: unknown[];
    trades?: { state: string; realisedR: number; openR: number }[];
    planOfThisThread?: { planId: string };
    alertsOfToday: { kind: string; symbol?: string; planId?: string }[];
    session: { phase: string };
  };
};

describe('the briefing', () => {
  it('tells the asker alone of the session, the own plans and trades, open ones first, and the alerts of the day', async () => {
    const { session, plans, trades, alertsOfToday } = await brief('private');
    expect(session.phase).toBe('regular');
    expect(plans).toHaveLength(1);
    expect(trades?.map(({ state }) => state)).toEqual(['triggered', 'stopped']);
    expect(trades?.[1]?.realisedR).toBeCloseTo(0.486, 3);
    expect(alertsOfToday.map(({ kind, symbol, planId }) => symbol ?? planId ?? kind)).toEqual([
      'health',
      'ALSO',
      'AAPL',
      'AAPL',
      'MINE',
      'AAPL',
      'session',
    ]);
  });

  it('holds nothing of any member where others read along', async () => {
    const shared = await brief('shared');
    expect(shared).not.toHaveProperty('plans');
    expect(shared).not.toHaveProperty('trades');
    expect(JSON.stringify(shared.alertsOfToday)).not.toMatch(/MINE|THEIRS|ALSO|p2|p3|p4|1000000000|3000000000/);
  });

  it('says nothing of the private plans of others, however many of their steps came last', async () => {
    const theirs = Array.from({ length: 50 }, (_, i) =>
      told({ memberId: OTHER, planId: 'p3', symbol: 'THEIRS', at: NOW - i }),
    );
    for (const audience of ['private', 'shared'] as const) {
      const { result } = await briefingOf({ ctx: stubCtx(), audience, alertsToday: async () => [...theirs, told({})] });
      expect((result.output as unknown as { alertsOfToday: unknown }).alertsOfToday).toMatchObject([
        { kind: 'step', symbol: 'AAPL', isMine: false },
      ]);
    }
  });

  it('names the plan that the thread is about, where it is everybody’s or the asker’s alone', async () => {
    expect((await brief('shared', publicPlan.planId)).planOfThisThread?.planId).toBe(publicPlan.planId);
    expect((await brief('private', '7f3a9c51d2e8')).planOfThisThread?.planId).toMatch(/^7f3a9c/);
    expect(await brief('shared', '7f3a9c51d2e8')).not.toHaveProperty('planOfThisThread');
  });

  it('lets nobody count trades, plans or alerts of which it tells only the newest', async () => {
    const ctx = stubCtx();
    const [trade] = await ctx.trades.list(ME);
    const [plan] = await ctx.plans.list(ME);
    const countsOf = async (many: number) => {
      const all = <T>(one: T | undefined): T[] => Array.from({ length: many }, () => one as T);
      const crowded = { ...ctx, trades: { list: async () => all(trade) }, plans: { list: async () => all(plan) } };
      const { result } = await briefingOf({
        ctx: crowded as unknown as typeof ctx,
        audience: 'private',
        alertsToday: async () => all(told({})),
      });
      const frame = { results: new Map([['t0', result]]), now: NOW };
      return ['trades', 'plans', 'alertsOfToday'].map((list) => render(`{{t0.${list}.length|count}}`, frame).ok);
    };
    expect(await countsOf(3)).toEqual([true, true, true]);
    expect(await countsOf(20)).toEqual([false, false, false]);
  });

  it('leaves out what cannot be read', async () => {
    const ctx = stubCtx();
    const broken = { ...ctx, overview: () => Promise.reject(new Error('down')), trades: {} } as unknown as typeof ctx;
    const { result, stamps } = await briefingOf({ ctx: broken, audience: 'private' });
    expect(Object.keys(result.output as object)).toEqual(['at', 'memberName', 'plans']);
    expect(stamps).toEqual([]);
  });
});
