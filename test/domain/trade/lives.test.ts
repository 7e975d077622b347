import { describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/domain/bar.ts';
import { canonicalJson } from '../../../src/domain/canonical.ts';
import { advance, advanceAll } from '../../../src/domain/trade/advance.ts';
import { resultOf } from '../../../src/domain/trade/result.ts';
import type { Step } from '../../../src/domain/trade.ts';
import { openShadow, openTrade, stepSchema, tradeIdOf, tradeSchema } from '../../../src/domain/trade.ts';
import { frozen } from '../detectors/contract.ts';
import type { Teller } from './real-lives.ts';
import { breachesOf, honest, realLives } from './real-lives.ts';
import { barEvents } from './table.ts';

const lives = realLives();
const CLOSING = new Set(['stopped', 'trailed', 'timed_out', 'closed_by_member', 'expired', 'invalidated', 'cancelled']);
const taken = (shares: number, takenAt: number) => ({ memberId: '1', shares, takenAt });

const told = lives.map(({ plan, bars }) => ({
  plan,
  bars,
  ...advanceAll(openTrade(plan, taken(plan.size.shares, plan.decidedAt)), barEvents(bars)),
}));

describe('the lives of every plan of 28 real sessions', () => {
  test('are there to look at, and all end', () => {
    expect(lives.length).toBeGreaterThan(250);
    const kinds = new Map<string, number>();
    for (const { steps } of told) for (const { kind } of steps) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    for (const kind of ['triggered', 'target', 'stopped', 'trailed', 'timed_out', 'invalidated', 'expired']) {
      expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
    }
    for (const { trade } of told) expect(trade.state).toBe('closed');
  });

  test('number their steps without a hole and end with one that ends', () => {
    for (const { trade, steps } of told) {
      expect(steps.map((step) => step.seq)).toEqual(steps.map((_, index) => index));
      expect(trade.seq).toBe(steps.length);
      expect(new Set(steps.map((step) => step.stepId)).size).toBe(steps.length);
      const ends = steps.map((step) => CLOSING.has(step.kind));
      expect(ends.indexOf(true)).toBe(steps.length - 1);
      const times = steps.map((step) => step.at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test('sell exactly what was bought, in whole shares, and only ever less', () => {
    for (const { trade, steps } of told) {
      const bought = steps.filter((step) => step.kind === 'triggered').reduce((sum, step) => sum + step.shares, 0);
      const sold = steps.filter((step) => step.kind !== 'triggered').reduce((sum, step) => sum + step.shares, 0);
      expect(sold).toBe(bought);
      expect(trade.exits.reduce((sum, exit) => sum + exit.shares, 0)).toBe(trade.fill ? trade.shares : 0);
      expect(steps.every((step) => Number.isInteger(step.shares) && step.shares >= 0)).toBe(true);
    }
  });

  test('count R exactly, as whole numbers do', () => {
    for (const { plan, trade, steps } of told) {
      const sign = plan.direction === 'long' ? 1n : -1n;
      const units = (price: number): bigint => BigInt(Math.round(price * 10_000));
      let won = 0n;
      const paid = units(trade.fill?.price ?? 0);
      for (const step of steps) {
        if (step.kind !== 'triggered' && step.price !== undefined && step.shares > 0) {
          won += sign * BigInt(step.shares) * (units(step.price) - paid);
        }
        const risked = units(plan.riskPerShare) * BigInt(trade.shares);
        expect(step.realisedR).toBe(Number(won) / Number(risked));
      }
      expect(resultOf(trade).realisedR).toBe(steps.at(-1)?.realisedR);
    }
  });

  test('lie between their worst and best price', () => {
    for (const { trade } of told) {
      const { realisedR, mfeR, maeR, minutesHeld } = resultOf(trade);
      expect(realisedR).toBeLessThanOrEqual(mfeR + 1e-9);
      expect(realisedR).toBeGreaterThanOrEqual(maeR - 1e-9);
      expect(Math.sign(mfeR)).toBeGreaterThanOrEqual(0);
      expect(Math.sign(maeR)).toBeLessThanOrEqual(0);
      expect(minutesHeld).toBeLessThanOrEqual(390);
    }
  });

  test('are what their schemas say, with nothing undefined, and leave their input alone', () => {
    for (const { plan, bars, trade, steps } of told) {
      expect(tradeSchema.parse(trade)).toEqual(trade);
      expect(steps.map((step) => stepSchema.parse(step))).toEqual(steps);
      expect(() => canonicalJson(trade)).not.toThrow();
      let current = frozen(openTrade(frozen(plan), taken(plan.size.shares, plan.decidedAt)));
      for (const bar of bars) current = frozen(advance(current, { kind: 'bar', bar: frozen(bar) }).trade);
      expect(current).toEqual(trade);
    }
  });

  test('have the same ids for the same member, others for another', () => {
    for (const { plan, bars, steps } of told.slice(0, 50)) {
      const again = honest(plan, bars);
      expect(canonicalJson(again)).toBe(canonicalJson(steps));
      const other = advanceAll(openTrade(plan, { ...taken(1, plan.decidedAt), memberId: '2' }), barEvents(bars)).steps;
      expect(other[0]?.stepId).not.toBe(steps[0]?.stepId);
      expect(steps[0]?.tradeId).toBe(tradeIdOf(plan.planId, '1'));
    }
  });

  test('have a shadow with the same steps and times, graded by the share', () => {
    for (const { plan, bars, trade, steps } of told) {
      const shadow = advanceAll(openShadow(plan), barEvents(bars));
      const outline = (made: readonly Step[]) => made.map(({ kind, target, at, price }) => [kind, target, at, price]);
      expect(outline(shadow.steps)).toEqual(outline(steps));
      expect(shadow.trade.memberId).toBeNull();
      expect(shadow.trade.exits.reduce((sum, exit) => sum + exit.shares, 0)).toBe(trade.fill ? 1 : 0);
      // whole shares round the parts, so the two differ by less than one share in R
      const { realisedR, mfeR } = resultOf(trade);
      const most = Math.max(4, Math.abs(mfeR)) * (3 / trade.shares);
      expect(Math.abs(resultOf(shadow.trade).realisedR - realisedR)).toBeLessThanOrEqual(most);
    }
  });
});

describe('a life told by the rules', () => {
  const find = (teller: Teller): readonly string[] => lives.flatMap((life) => breachesOf(teller, life));

  test('is the machine’s', () => {
    expect(find(honest)).toEqual([]);
  });

  test('is not told by one who forgives a stop because the target came later', () => {
    const posthoc: Teller = (plan, bars) => {
      const steps = honest(plan, bars);
      const last = steps.at(-1);
      const target = plan.targets[0];
      if (steps.length !== 2 || last?.kind !== 'stopped' || !target) return steps;
      const sign = plan.direction === 'long' ? 1 : -1;
      const came = bars.find(
        (bar) => bar.openAt >= last.at && sign * ((sign === 1 ? bar.high : bar.low) - target.price) >= 0,
      );
      const [first] = steps;
      return came && first
        ? [first, { ...last, stepId: 'T1', kind: 'target', target: 'T1', at: came.openAt + 60_000 }]
        : steps;
    };
    expect(find(posthoc).length).toBeGreaterThan(10);
  });

  test('is not told by one who takes the target where a minute reached both', () => {
    const hopeful: Teller = (plan, bars) => {
      const sign = plan.direction === 'long' ? 1 : -1;
      const raised = (bar: Bar): Bar => {
        const inside = plan.stop.price + sign * 0.01;
        const low = sign === 1 ? Math.min(Math.max(bar.low, inside), bar.open, bar.close) : bar.low;
        const high = sign === 1 ? bar.high : Math.max(Math.min(bar.high, inside), bar.open, bar.close);
        return { ...bar, low, high };
      };
      return honest(plan, bars.map(raised));
    };
    const both = lives.map(withBoth);
    expect(both.flatMap((life) => breachesOf(honest, life))).toEqual([]);
    expect(both.flatMap((life) => breachesOf(hopeful, life)).length).toBeGreaterThan(100);
  });

  test('is not told by one who bought at the low of the minute', () => {
    const early: Teller = (plan, bars) =>
      honest(plan, bars).map((step) => {
        const bar = bars.find((one) => one.openAt + 60_000 === step.at);
        const better = plan.direction === 'long' ? bar?.low : bar?.high;
        return step.kind === 'triggered' && better !== undefined ? { ...step, price: better } : step;
      });
    expect(find(early).length).toBeGreaterThan(100);
  });
});

/** The same tape, where the minute after the entry reaches the stop and the first target. */
function withBoth({ plan, bars }: (typeof lives)[number]): (typeof lives)[number] {
  const entry = honest(plan, bars).find((step) => step.kind === 'triggered');
  const target = plan.targets[0];
  const at = bars.findIndex((bar) => bar.openAt === entry?.at);
  const after = bars[at];
  if (!after || !target) return { plan, bars };
  const sign = plan.direction === 'long' ? 1 : -1;
  const ends = [
    after.open,
    after.close,
    after.high,
    after.low,
    plan.stop.price - sign * 0.01,
    target.price + sign * 0.01,
  ];
  return { plan, bars: bars.with(at, { ...after, high: Math.max(...ends), low: Math.min(...ends) }) };
}
