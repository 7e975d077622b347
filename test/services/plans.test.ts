import { describe, expect, it } from 'vitest';
import { ownPlanIdOf } from '../../src/domain/build-plan.ts';
import { keyLevels } from '../../src/domain/levels.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { atNewYork, newYork } from '../../src/domain/session.ts';
import type { KnownInstrument } from '../../src/services/instruments.ts';
import { createPlans } from '../../src/services/plans.ts';
import type { Store } from '../../src/store/store.ts';
import { dayOn, planOf, risk } from '../domain/ask.ts';
import { calendar, type Recording, recording, recordings } from '../domain/market-data.ts';
import { historyAt } from './recorded-history.ts';

const MINUTE_MS = 60_000;

/** The planning desk at one instant of a recording; it keeps what it is given. */
function deskAt(recorded: Recording, now: number, lag: { lagMs?: number; delayed?: boolean } = {}) {
  const saved: Plan[] = [];
  const mine: Pick<ReturnType<Store['as']>, 'plans'> = {
    plans: {
      save: async (plan) => (saved.push(plan) > 0 ? 'saved' : 'already'),
      get: async () => saved[0],
      list: async () => saved,
    },
  };
  const store = {
    as: () => mine,
    system: { members: { ensure: async () => {} } },
  } as unknown as Pick<Store, 'as' | 'system'>;
  const plans = createPlans({
    history: historyAt(recorded, now, lag),
    members: { risk: async () => ({ ...risk, isDefault: true }) },
    store,
    origin: { label: 'Massive', noteFor: () => undefined },
    calendar,
  });
  const { symbol } = recorded;
  const known: KnownInstrument = { instrument: { kind: 'stock', symbol }, symbol, name: symbol };
  return { saved, show: plans.show, build: (memberId = '1') => plans.build(memberId, 'a', known) };
}

/** Levels of the session that holds the plan's deciding bar, at its close. */
function levelsOf(recorded: Recording, plan: Plan) {
  const day = dayOn(newYork(plan.decidedAt - 1).on);
  return keyLevels({ daily: recorded.daily, minutes: recorded.minutes, day, asOf: plan.decidedAt });
}

describe('a plan', () => {
  it('two seconds after a bar is the one of a minute ago while the provider is still writing that bar', async () => {
    let plans = 0;
    for (const recorded of recordings()) {
      for (const day of recorded.days.slice(1)) {
        for (let at = day.opensAt + 30 * MINUTE_MS; at < day.closesAt; at += 45 * MINUTE_MS) {
          const early = await deskAt(recorded, at + 2_000, { lagMs: MINUTE_MS }).build();
          const before = await deskAt(recorded, at - MINUTE_MS + 20_000).build();
          expect(early).toEqual(before);
          if (early.outcome === 'plan') plans += 1;
        }
      }
    }
    expect(plans).toBeGreaterThan(20);
  }, 60_000);

  it('carries the levels and bars that it was judged by, in the session, after the close and before the next open', async () => {
    const phases = new Map<string, number>();
    for (const recorded of recordings()) {
      for (const day of recorded.days.slice(1)) {
        const next = calendar.next(day.on);
        const moments = {
          session: day.opensAt + 95 * MINUTE_MS,
          evening: day.closesAt + 5 * MINUTE_MS,
          morning: next.opensAt - 40 * MINUTE_MS,
        };
        for (const [phase, now] of Object.entries(moments)) {
          const desk = deskAt(recorded, now + 20_000);
          const answer = await desk.build();
          if (answer.outcome !== 'plan') continue;
          expect(answer.levels).toEqual(levelsOf(recorded, answer.plan));
          expect(answer.bars.at(-1)).toMatchObject({ openAt: answer.plan.decidedAt - 5 * MINUTE_MS });
          const { plan, bars, levels } = await desk.show('1', answer.plan.planId);
          expect([plan, bars, levels]).toEqual([answer.plan, answer.bars, answer.levels]);
          phases.set(phase, (phases.get(phase) ?? 0) + 1);
        }
      }
    }
    expect([...phases.keys()].sort()).toEqual(['evening', 'morning', 'session']);
  }, 60_000);

  it('that a member builds has an id of its own, beside the same plan of another member and the one for everybody', async () => {
    const ibm = recording('IBM', '2013');
    const desk = deskAt(ibm, atNewYork('2013-10-10', '11:00') + 20_000);
    await desk.build('1');
    await desk.build('2');
    const [first, second] = desk.saved;
    const shared = first?.sharedId ?? '';
    expect(new Set([first?.planId, second?.planId, shared]).size).toBe(3);
    expect(first?.planId).toBe(ownPlanIdOf(shared, '1'));
    expect(second).toEqual({ ...first, planId: ownPlanIdOf(shared, '2') });
  });

  it('is shown days later as it was decided', async () => {
    const ibm = recording('IBM', '2013');
    const plan = planOf(ibm, '2013-10-09', '11:00');
    const desk = deskAt(ibm, atNewYork('2013-10-11', '12:00'));
    desk.saved.push(plan);
    const shown = await desk.show('1', plan.planId);
    expect(shown.levels).toEqual(levelsOf(ibm, plan));
    expect(shown.bars.at(-1)?.close).toBe(plan.referencePrice);
    expect(shown.provenance.asOf).toBe(plan.decidedAt);
  });

  it('is refused on a delayed data plan, since by now it could be over', async () => {
    const ibm = recording('IBM', '2013');
    const now = atNewYork('2013-10-10', '11:00');
    expect((await deskAt(ibm, now).build()).outcome).toBe('plan');
    const desk = deskAt(ibm, now, { delayed: true, lagMs: 15 * MINUTE_MS });
    const answer = await desk.build();
    expect(answer).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'stale_data', reason: expect.stringMatching(/delayed by 15 minutes.*live bars/) },
      provenance: { timeliness: 'delayed' },
    });
    expect(desk.saved).toEqual([]);
  });
});
