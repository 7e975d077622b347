import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanInputs } from '../../src/domain/build-plan.ts';
import { buildPlan, ENGINE_VERSION } from '../../src/domain/build-plan.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { planFor, planSchema, shortPlanId, verifyPlan } from '../../src/domain/plan.ts';
import type { SessionDay } from '../../src/domain/session.ts';
import { newYork } from '../../src/domain/session.ts';
import { dayOn, risk } from './ask.ts';
import { inputAt, probesOf } from './detectors/contract.ts';
import { calendar, recording, recordings } from './market-data.ts';

const MINUTE_MS = 60_000;

/** Every plan that the recordings give when asked each quarter of an hour. */
function everyPlan(): readonly Plan[] {
  return recordings().flatMap((recorded) =>
    recorded.days.flatMap((day) => {
      const plans: Plan[] = [];
      for (let asOf = day.opensAt + 15 * MINUTE_MS; asOf < day.closesAt; asOf += 15 * MINUTE_MS) {
        const { symbol, daily, minutes } = recorded;
        const result = planFor({ symbol, calendar, day, asOf, daily, minutes, risk, detectors });
        if (result.ok) plans.push(result.plan);
        else expect(result.refusal.reason).toMatch(/\d/);
      }
      return plans;
    }),
  );
}

const onTick = (price: number): boolean => Math.abs(price * 100 - Math.round(price * 100)) < 1e-6;

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

  test('leaves half the risk to win until the first target, even when filled at the limit', () => {
    for (const { direction, entry, targets, riskPerShare } of plans) {
      const left = (direction === 'long' ? 1 : -1) * ((targets[0]?.price ?? Number.NaN) - entry.limitPrice);
      expect(left / riskPerShare).toBeGreaterThanOrEqual(0.5 - 1e-9);
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

describe('a plan can be checked again', () => {
  const inputs: readonly PlanInputs[] = probesOf([recording('IBM', '2013')], 1).flatMap((probe) => {
    const { symbol, day, daily, bars: bars5m, levels } = inputAt(probe, probe.world);
    return detectors.flatMap((detector) => {
      const setup = detector.detect({ symbol, day, daily, bars: bars5m, levels });
      return setup
        ? [{ symbol, day, nextDay: calendar.next(day.on), asOf: probe.at, daily, bars5m, levels, setup, risk }]
        : [];
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
      const own = buildPlan({ ...input, owner: '1' });
      expect(own.ok && own.plan.sharedId === result.plan.planId && verifyPlan(own.plan, { ...input, owner: '1' })).toBe(
        true,
      );
      expect(own.ok && verifyPlan(own.plan, { ...input, owner: '2' })).toBe(false);
      expect(own.ok && verifyPlan(own.plan, input)).toBe(false);
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
