import { buildPlan, ENGINE_VERSION } from '../domain/build-plan.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { Plan } from '../domain/plan.ts';
import { planInputsSchema } from '../domain/plan-inputs.ts';
import type { Calendar } from '../domain/session.ts';
import { phaseAt } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Offer } from '../store/offers.ts';
import type { SetupRecord } from '../store/setups.ts';
import type { Store } from '../store/store.ts';
import { keeping } from './members.ts';

interface Verified {
  readonly plan: Plan;
  /** `none` where no plan could be built again. */
  readonly recomputedId: string;
  /** Same id and same bytes. */
  readonly equal: boolean;
  /** Why it is not equal, in one sentence. */
  readonly problem?: string;
}

/** What the scanner found and offered. */
export interface Offers {
  /** An offer that everybody sees, or the member's own; by id or an unambiguous prefix. AppError `not_found` otherwise. */
  get(memberId: string, planId: string): Promise<Offer>;
  /** Of the running session, or the last one before the open; newest first. */
  setups(limit: number): Promise<readonly SetupRecord[]>;
  /** Builds the plan again from the inputs that were kept; `not_found` where none were, as for members' own plans. */
  verify(memberId: string, planId: string): Promise<Verified>;
}

const OF_A_SESSION = 1_000;

export function createOffers(deps: {
  store: {
    as(memberId: string): { readonly offers: Pick<ReturnType<Store['as']>['offers'], 'get'> };
    readonly system: {
      readonly offers: Pick<Store['system']['offers'], 'inputsOf'>;
      readonly setups: Pick<Store['system']['setups'], 'since'>;
    };
  };
  calendar: Calendar;
  clock: Pick<Clock, 'now'>;
}): Offers {
  const { store, calendar, clock } = deps;
  const get = async (memberId: string, planId: string): Promise<Offer> => {
    const offer = await keeping('the offers', () => store.as(memberId).offers.get(planId));
    if (offer) return offer;
    const message = `No offer ${planId.trim().slice(0, 12)} is known here, or more than one begins like it.`;
    throw new AppError('not_found', message);
  };
  return {
    get,
    async setups(limit) {
      const now = clock.now();
      const { day, nextDay } = phaseAt(calendar, now);
      const { opensAt } = day && now >= day.opensAt ? day : calendar.previous((day ?? nextDay).on);
      const found = await keeping('the setups', () => store.system.setups.since(opensAt, OF_A_SESSION));
      // a replay that began again knows what is still to come
      return found.filter(({ detectedAt }) => detectedAt <= now).slice(0, limit);
    },
    async verify(memberId, planId) {
      const { plan } = await get(memberId, planId);
      const inputs = await keeping('the inputs of this plan', () => store.system.offers.inputsOf(plan.planId));
      if (inputs === undefined || inputs === null) {
        const message = `The inputs of plan ${plan.planId.slice(0, 6)} were not kept: only plans that the scanner offered can be built again.`;
        throw new AppError('not_found', message);
      }
      return { plan, ...verified(plan, inputs) };
    },
  };
}

/** What these inputs give today, held against the plan. */
function verified(plan: Plan, kept: unknown): Omit<Verified, 'plan'> {
  const nothing = (problem: string) => ({ recomputedId: 'none', equal: false, problem });
  const inputs = planInputsSchema.safeParse(kept);
  if (!inputs.success) return nothing('The kept inputs are not what a plan is built from.');
  const again = buildPlan(inputs.data);
  if (!again.ok) return nothing(`The kept inputs give no plan: ${again.refusal.reason}`);
  const recomputedId = again.plan.planId;
  const equal = canonicalJson(again.plan) === canonicalJson(plan);
  if (equal) return { recomputedId, equal };
  if (plan.engineVersion !== ENGINE_VERSION) {
    const problem = `It was built by engine version ${plan.engineVersion}, this bot has ${ENGINE_VERSION}.`;
    return { recomputedId, equal, problem };
  }
  const problem = recomputedId === plan.planId ? 'The stored plan was changed.' : 'The kept inputs were changed.';
  return { recomputedId, equal, problem };
}
