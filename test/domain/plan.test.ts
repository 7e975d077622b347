import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import type { PlanInputs } from '../../src/domain/build-plan.ts';
import { buildPlan, ENGINE_VERSION } from '../../src/domain/build-plan.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import type { Plan, PlanQuestion } from '../../src/domain/plan.ts';
import { planFor, planSchema, shortPlanId, verifyPlan } from '../../src/domain/plan.ts';
import type { SessionDay } from '../../src/domain/session.ts';
import { atNewYork, newYork } from '../../src/domain/session.ts';
import { frozen, inputAt, probesOf } from './detectors/contract.ts';
import type { Recording } from './market-data.ts';
import { calendar, recording, recordings } from './market-data.ts';

const MINUTE_MS = 60_000;
const risk = { accountDollars: 10_000, riskPct: 1 };

const dayOn = (on: string): SessionDay => {
  const day = calendar.day(on);
  if (!day) throw new Error(`${on} has no session`);
  return day;
};

function ask(recorded: Recording, on: string, time: string, more: Partial<PlanQuestion> = {}) {
  const { symbol, daily, minutes } = recorded;
  return planFor({ symbol, day: dayOn(on), asOf: atNewYork(on, time), daily, minutes, risk, detectors, ...more });
}

function planOf(recorded: Recording, on: string, time: string, more: Partial<PlanQuestion> = {}): Plan {
  const result = ask(recorded, on, time, more);
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.plan;
}

/** Every plan that the recordings give when asked each quarter of an hour. */
function everyPlan(): readonly Plan[] {
  return recordings().flatMap((recorded) =>
    recorded.days.flatMap((day) => {
      const plans: Plan[] = [];
      for (let asOf = day.opensAt + 15 * MINUTE_MS; asOf < day.closesAt; asOf += 15 * MINUTE_MS) {
        const { symbol, daily, minutes } = recorded;
        const result = planFor({ symbol, day, asOf, daily, minutes, risk, detectors });
        if (result.ok) plans.push(result.plan);
        else expect(result.refusal.reason).toMatch(/\d/);
      }
      return plans;
    }),
  );
}

const onTick = (price: number): boolean => Math.abs(price * 100 - Math.round(price * 100)) < 1e-6;

const ibm = recording('IBM', '2013');

describe('every plan of 28 real sessions', () => {
  const plans = everyPlan();

  test('is there to look at', () => {
    expect(plans.length).toBeGreaterThan(200);
    expect(new Set(plans.map((plan) => plan.symbol)).size).toBe(5);
    expect(new Set(plans.map((plan) => plan.stop.basis))).toEqual(new Set(['structure', 'ema', 'atr']));
  });

  test('stands in the right order: stop, trigger, limit, three targets', () => {
    for (const { direction, stop, entry, targets } of plans) {
      const sign = direction === 'long' ? 1 : -1;
      const ladder = [stop.price, entry.triggerPrice, entry.limitPrice, ...targets.map((target) => target.price)];
      const rising = ladder.map((price) => sign * price);
      expect(targets.map((target) => target.name)).toEqual(['T1', 'T2', 'T3']);
      expect(rising[1]).toBeGreaterThan(rising[0] ?? Number.NaN);
      expect(rising[2]).toBeGreaterThanOrEqual(rising[1] ?? Number.NaN);
      for (let step = 3; step < rising.length; step += 1)
        expect(rising[step]).toBeGreaterThan(rising[step - 1] ?? Number.NaN);
      expect(ladder.every(onTick)).toBe(true);
    }
  });

  test('keeps its stop out of the noise and within three ATR', () => {
    for (const { stop, entry, atr, riskPerShare } of plans) {
      expect(riskPerShare).toBeCloseTo(Math.abs(entry.triggerPrice - stop.price), 6);
      expect(riskPerShare / atr).toBeGreaterThanOrEqual(0.5 - 1e-3);
      expect(riskPerShare / atr).toBeLessThanOrEqual(3 + 1e-3);
    }
  });

  test('sells everything once, and names R as prices do', () => {
    for (const { direction, targets, runner, entry, riskPerShare } of plans) {
      const sign = direction === 'long' ? 1 : -1;
      expect(targets.reduce((sum, target) => sum + target.shareRatio, runner.shareRatio)).toBe(1);
      for (const { price, r } of targets) {
        expect(r).toBeCloseTo((sign * (price - entry.triggerPrice)) / riskPerShare, 2);
      }
    }
  });

  test('loses no more than the member allows, even when filled at the limit', () => {
    for (const { size, entry, stop } of plans) {
      expect(size.shares * Math.abs(entry.limitPrice - stop.price)).toBeLessThanOrEqual(100 + 1e-6);
      expect(size.shares * Math.max(entry.limitPrice, entry.triggerPrice)).toBeLessThanOrEqual(10_000 + 1e-6);
      expect(Number.isInteger(size.shares) && size.shares > 0).toBe(true);
    }
  });

  test('shows how its confidence adds up and says that it is not measured', () => {
    for (const { confidence, rationale } of plans) {
      const sum = confidence.factors.reduce((total, factor) => total + factor.contribution, 50);
      expect(confidence.score).toBe(Math.round(sum));
      expect(confidence.measured).toBe(false);
      expect(confidence.factors.reduce((total, factor) => total + factor.weight, 0)).toBeLessThanOrEqual(50);
      const pros = confidence.factors.filter((factor) => factor.contribution >= 0.5).map((factor) => factor.label);
      expect([...rationale.for].sort()).toEqual(pros.sort());
    }
  });

  test('ends half an hour before the close: 15:30, 12:30 on a half day, the next session when decided later', () => {
    const kinds = new Map<string, number>();
    for (const { decidedAt, expiresAt } of plans) {
      const day = dayOn(newYork(decidedAt - 1).on);
      const lastEntryAt = (session: SessionDay): number => session.closesAt - 30 * MINUTE_MS;
      const late = decidedAt >= lastEntryAt(day);
      expect(expiresAt).toBe(lastEntryAt(late ? calendar.next(day.on) : day));
      const kind = late ? 'late' : newYork(expiresAt).hour === 12 ? 'half day' : 'whole day';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(['half day', 'late', 'whole day']);
  });

  test('is what its schema says, with nothing undefined', () => {
    for (const plan of plans) {
      expect(planSchema.parse(plan)).toEqual(plan);
      expect(plan.engineVersion).toBe(ENGINE_VERSION);
      expect(() => canonicalJson(plan)).not.toThrow();
      expect(shortPlanId(plan.planId)).toMatch(/^[0-9a-f]{6}$/);
    }
  });
});

describe('the same question', () => {
  const plan = planOf(ibm, '2013-10-10', '11:00');

  test('gives the same plan, byte for byte, and leaves its inputs alone', () => {
    expect(canonicalJson(planOf(frozen(ibm), '2013-10-10', '11:00'))).toBe(canonicalJson(plan));
  });

  test('gives the same plan within the minute', () => {
    const asOf = atNewYork('2013-10-10', '11:00');
    for (const laterMs of [1, 17_000, 59_999]) {
      expect(planOf(ibm, '2013-10-10', '11:00', { asOf: asOf + laterMs })).toEqual(plan);
    }
  });

  test('gives the same plan whatever the future holds', () => {
    const asOf = atNewYork('2013-10-10', '11:00');
    const other = (bar: Bar): Bar => ({ ...bar, open: 1, high: 999, low: 0.5, close: 500 });
    const minutes = ibm.minutes.map((bar) => (bar.openAt + MINUTE_MS <= asOf ? bar : other(bar)));
    const daily = ibm.daily.map((bar) => (bar.openAt < atNewYork('2013-10-10', '00:00') ? bar : other(bar)));
    expect(planOf({ ...ibm, minutes, daily }, '2013-10-10', '11:00')).toEqual(plan);
    expect(planOf({ ...ibm, minutes: minutes.filter((bar) => bar.openAt < asOf) }, '2013-10-10', '11:00')).toEqual(
      plan,
    );
  });

  test('does not depend on how much older history was loaded', () => {
    const minutes = ibm.minutes.filter((bar) => bar.openAt >= atNewYork('2013-10-09', '04:00'));
    expect(planOf({ ...ibm, minutes, daily: ibm.daily.slice(10) }, '2013-10-10', '11:00')).toEqual(plan);
  });

  test('gives another id for another risk, but the same prices', () => {
    const bolder = planOf(ibm, '2013-10-10', '11:00', { risk: { ...risk, riskPct: 2 } });
    expect(bolder.planId).not.toBe(plan.planId);
    expect([bolder.entry, bolder.stop, bolder.targets]).toEqual([plan.entry, plan.stop, plan.targets]);
  });
});

describe('confidence', () => {
  test('is the same at the close, in the evening, before the next open', () => {
    let compared = 0;
    for (const recorded of recordings()) {
      for (const [index, day] of recorded.days.entries()) {
        const next = recorded.days[index + 1];
        if (!next) continue;
        // the evening's own prints may end a plan: they are news, the hour is not
        const minutes = recorded.minutes.filter((bar) => bar.openAt < day.closesAt);
        const { symbol, daily } = recorded;
        const at = (asOf: number, session: SessionDay) =>
          planFor({ symbol, day: session, asOf, daily, minutes, risk, detectors });
        const atClose = at(day.closesAt, day);
        const others = [
          at(day.closesAt + 2 * 3_600_000, day),
          at(day.closesAt + 1, next),
          at(next.opensAt - 3_600_000, next),
        ];
        for (const other of others) expect(other).toEqual(atClose);
        if (atClose.ok) compared += 1;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(5);
  });

  test('rises for a long when more of the market rises, and falls for a short', () => {
    const base = planOf(ibm, '2013-10-10', '11:00');
    const sign = base.direction === 'long' ? 1 : -1;
    const scores = [10, 30, 50, 70, 90].map(
      (breadthPct) => planOf(ibm, '2013-10-10', '11:00', { context: { breadthPct } }).confidence.score,
    );
    expect(scores.map((score) => sign * score)).toEqual(scores.map((score) => sign * score).sort((a, b) => a - b));
    expect(Math.abs((scores.at(-1) ?? 0) - (scores[0] ?? 0))).toBe(8);
  });
});

test('a split that the prices do not know of yet cuts off what was before it', () => {
  const apple = recording('AAPL', '2014');
  const opensAt = dayOn('2014-06-09').opensAt;
  const first = apple.minutes.findIndex((bar) => bar.openAt >= opensAt);
  expect(apple.daily.at(-2)?.close).toBe(645.57);
  expect(apple.minutes[first]?.open).toBeLessThan(93);
  const alone = {
    ...apple,
    minutes: apple.minutes.filter((bar) => bar.openAt >= atNewYork('2014-06-09', '04:00')),
    daily: [],
  };
  const times = ['10:30', '11:30', '12:30', '13:30', '14:30'];
  const answers = times.map((time) => ask(apple, '2014-06-09', time));
  expect(answers).toEqual(times.map((time) => ask(alone, '2014-06-09', time)));
  expect(answers.filter((answer) => answer.ok).length).toBeGreaterThan(0);
});

describe('a refusal has a number in its sentence', () => {
  const refusal = (result: ReturnType<typeof ask>) => {
    if (result.ok) throw new Error('expected a refusal');
    expect(result.refusal.reason).toMatch(/\d/);
    return result.refusal;
  };

  test('an index, an option and a word that is no symbol', () => {
    for (const symbol of ['I:SPX', 'O:SPY260220C00600000']) {
      expect(refusal(ask(ibm, '2013-10-10', '11:00', { symbol })).code).toBe('not_tradable');
    }
    expect(ask(ibm, '2013-10-10', '11:00', { symbol: 'not a symbol' })).toMatchObject({
      refusal: { code: 'not_tradable' },
    });
  });

  test('too few bars', () => {
    const { code, reason } = refusal(ask(ibm, '2013-10-04', '09:47'));
    expect([code, reason]).toEqual(['not_enough_history', '3 five-minute bars of IBM are closed, a plan needs 6.']);
    expect(refusal(ask({ ...ibm, minutes: [] }, '2013-10-04', '11:00')).code).toBe('not_enough_history');
  });

  test('old bars', () => {
    const minutes = ibm.minutes.filter((bar) => bar.openAt < atNewYork('2013-10-10', '10:30'));
    const { code, reason } = refusal(ask({ ...ibm, minutes }, '2013-10-10', '11:00'));
    expect(code).toBe('stale_data');
    expect(reason).toContain('30 minutes ago (10:30 ET)');
  });

  test('nothing there, and what became of the last one', () => {
    const reasons = new Set<string>();
    for (let asOf = dayOn('2013-10-11').opensAt; asOf < dayOn('2013-10-11').closesAt; asOf += 5 * MINUTE_MS) {
      const result = ask(ibm, '2013-10-11', '10:00', { asOf });
      if (!result.ok && result.refusal.code === 'no_setup') {
        reasons.add(result.refusal.reason.replace(/.*(first target|stop|fell apart|entry zone|No setup).*/, '$1'));
      }
    }
    expect(reasons.size).toBeGreaterThanOrEqual(3);
  });

  test('an account that buys no share', () => {
    const { code, reason } = refusal(ask(ibm, '2013-10-10', '11:00', { risk: { accountDollars: 100, riskPct: 5 } }));
    expect(code).toBe('size_zero');
    expect(reason).toContain('more than the account of $100.00');
    const careful = refusal(ask(ibm, '2013-10-10', '11:00', { risk: { accountDollars: 1_000, riskPct: 0.001 } }));
    expect(careful.reason).toContain('$0.01 that may be lost');
  });
});

describe('a plan can be checked again', () => {
  const inputs: readonly PlanInputs[] = probesOf([ibm], 1).flatMap((probe) => {
    const { symbol, day, daily, bars: bars5m, levels } = inputAt(probe, probe.world);
    return detectors.flatMap((detector) => {
      const setup = detector.detect({ symbol, day, daily, bars: bars5m, levels });
      return setup ? [{ symbol, day, asOf: probe.at, daily, bars5m, levels, setup, risk }] : [];
    });
  });

  test('from its inputs', () => {
    let checked = 0;
    for (const input of inputs) {
      const result = buildPlan(input);
      if (!result.ok) continue;
      checked += 1;
      expect(verifyPlan(result.plan, input)).toBe(true);
      const cent = { ...result.plan, stop: { ...result.plan.stop, price: result.plan.stop.price - 0.01 } };
      expect(verifyPlan(cent, input)).toBe(false);
      expect(verifyPlan(result.plan, { ...input, risk: { ...risk, riskPct: 1.1 } })).toBe(false);
      const [first, ...rest] = input.bars5m;
      const forged = first ? [{ ...first, close: first.close + 0.01 }, ...rest] : [];
      expect(verifyPlan(result.plan, { ...input, bars5m: forged })).toBe(false);
    }
    expect(checked).toBeGreaterThan(50);
  });

  test('whatever a member risks, the limit holds', () => {
    const profile = fc.record({
      accountDollars: fc.double({ min: 100, max: 100_000_000, noNaN: true }),
      riskPct: fc.double({ min: 0.01, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(profile, fc.nat(inputs.length - 1), (member, pick) => {
        const input = inputs[pick];
        const result = input && buildPlan({ ...input, risk: member });
        if (!result?.ok) return;
        const { size, entry, stop } = result.plan;
        const worst = size.shares * Math.abs(entry.limitPrice - stop.price);
        expect(worst).toBeLessThanOrEqual((member.accountDollars * member.riskPct) / 100 + 1e-6);
        expect(size.shares * entry.limitPrice).toBeLessThanOrEqual(member.accountDollars + 1e-6);
      }),
      { numRuns: 500 },
    );
  });
});
