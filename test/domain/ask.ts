import { detectors } from '../../src/domain/detectors/all.ts';
import type { Plan, PlanQuestion } from '../../src/domain/plan.ts';
import { planFor } from '../../src/domain/plan.ts';
import type { SessionDay } from '../../src/domain/session.ts';
import { atNewYork } from '../../src/domain/session.ts';
import type { Recording } from './market-data.ts';
import { calendar } from './market-data.ts';

/** What the asking member risks unless said: $100 of $10,000. */
export const risk = { accountDollars: 10_000, riskPct: 1 };

/** A session that must exist. */
export const dayOn = (on: string): SessionDay => {
  const day = calendar.day(on);
  if (!day) throw new Error(`${on} has no session`);
  return day;
};

/** What `planFor` answers on a recorded day at a New York time. */
export function ask(recorded: Recording, on: string, time: string, more: Partial<PlanQuestion> = {}) {
  const { symbol, daily, minutes } = recorded;
  return planFor({
    symbol,
    calendar,
    day: dayOn(on),
    asOf: atNewYork(on, time),
    daily,
    minutes,
    risk,
    detectors,
    ...more,
  });
}

/** The same where a plan is expected. */
export function planOf(recorded: Recording, on: string, time: string, more: Partial<PlanQuestion> = {}): Plan {
  const result = ask(recorded, on, time, more);
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.plan;
}
