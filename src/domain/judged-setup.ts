import type { PlanInputs, PlanResult } from './build-plan.ts';
import { buildPlan } from './build-plan.ts';
import type { KnownTape } from './known-tape.ts';
import type { RiskProfile } from './plan.ts';
import type { FoundSetup } from './recent-setups.ts';
import { endOf } from './recent-setups.ts';
import { wallClock } from './session.ts';

/** A setup with all that its plan is built from, and the plan or why there is none. */
export interface JudgedSetup extends FoundSetup {
  readonly inputs: PlanInputs;
  readonly result: PlanResult;
}

/** Builds the plan of a setup on the tape it was found on; one whose entry no longer stands on the tape of `now` is refused. */
export function judgeSetup(
  found: FoundSetup,
  tape: KnownTape,
  asked: Pick<PlanInputs, 'context' | 'owner'> & { readonly risk: RiskProfile; readonly now?: KnownTape },
): JudgedSetup {
  const { detector, setup, levels } = found;
  const { risk, context, owner, now = tape } = asked;
  const { day, nextDay, asOf, daily, bars5m } = tape;
  const { symbol } = setup;
  const base = { symbol, day, nextDay, asOf, daily, bars5m, levels, setup, title: detector.title, risk };
  const inputs = { ...base, ...(context && { context }), ...(owner !== undefined && { owner }) };
  const result = buildPlan(inputs);
  const ended = result.ok ? endOf(result.plan, now) : undefined;
  if (ended === undefined) return { ...found, inputs, result };
  const name = `${setup.direction}, ${detector.title}, ${wallClock(setup.detectedAt)} ET`;
  const reason = `The last setup of ${symbol} (${name}) ${ended}.`;
  return { ...found, inputs, result: { ok: false, refusal: { code: 'no_setup', reason } } };
}
