import type { Bar } from '../domain/bar.ts';
import { decisionOf } from '../domain/decision.ts';
import { detectors } from '../domain/detectors/all.ts';
import type { Level } from '../domain/levels.ts';
import type { Plan, Refusal } from '../domain/plan.ts';
import { planFor } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Calendar } from '../domain/session.ts';
import { AppError } from '../kit/errors.ts';
import type { Store } from '../store/store.ts';
import type { History } from './history.ts';
import type { KnownInstrument } from './instruments.ts';
import type { Members } from './members.ts';
import { keeping } from './members.ts';
import type { Origin } from './origin.ts';
import { provenanceOf } from './origin.ts';

type PlanAnswer =
  | {
      readonly outcome: 'plan';
      readonly plan: Plan;
      /** The five-minute bars the plan was decided on, those of the session before first. */
      readonly bars: readonly Bar[];
      /** As they stood when it was decided. */
      readonly levels: readonly Level[];
      readonly provenance: Provenance;
    }
  | {
      readonly outcome: 'refused';
      readonly symbol: string;
      readonly refusal: Refusal;
      readonly provenance: Provenance;
    };

export interface Plans {
  build(memberId: string, name: string, known: KnownInstrument): Promise<PlanAnswer>;
  /** By id or an unambiguous prefix of at least six characters. */
  get(memberId: string, planId: string): Promise<Plan>;
  /** A kept plan with the bars and levels it was decided on. */
  show(memberId: string, planId: string): Promise<Omit<Extract<PlanAnswer, { outcome: 'plan' }>, 'outcome'>>;
  /** The same of any plan that one has in hand. */
  decided(plan: Plan): ReturnType<Plans['show']>;
  list(memberId: string): Promise<readonly Plan[]>;
}

const DELAYED: Refusal = {
  code: 'stale_data',
  reason:
    'The data plan is delayed by 15 minutes and a plan needs live bars: by now it could be over. /levels and /chart work, labelled delayed.',
};

export function createPlans(deps: {
  history: Pick<History, 'view' | 'past'>;
  members: Pick<Members, 'risk'>;
  store: Pick<Store, 'as' | 'system'>;
  origin: Origin;
  calendar: Calendar;
}): Plans {
  const { history, members, store, origin, calendar } = deps;
  const get = async (memberId: string, planId: string): Promise<Plan> => {
    const plan = await keeping('your plans', () => store.as(memberId).plans.get(planId));
    if (!plan)
      throw new AppError(
        'not_found',
        `You have no plan ${planId.slice(0, 12)}; it may be another member's. /plan list shows yours.`,
      );
    return plan;
  };
  const decided: Plans['decided'] = async (plan) => {
    const past = await history.past(plan.symbol, plan.decidedAt);
    const { bars, levels } = decisionOf(plan, { ...past, calendar });
    const answer = { ...past.answer, asOf: plan.decidedAt };
    return { plan, bars, levels, provenance: provenanceOf(origin, answer, [plan.symbol], bars) };
  };
  return {
    async build(memberId, name, known) {
      const { symbol, instrument } = known;
      const [view, risk] = await Promise.all([history.view(symbol), members.risk(memberId)]);
      const provenance = provenanceOf(origin, view.answer, [symbol], view.minutes);
      if (instrument.kind === 'index') {
        const reason = `${symbol.slice(2)} is an index and cannot be traded itself. Plan its fund instead (SPY for SPX, QQQ for NDX, DIA for DJI, IWM for RUT).`;
        return { outcome: 'refused', symbol, refusal: { code: 'not_tradable', reason }, provenance };
      }
      if (view.answer.delayed) return { outcome: 'refused', symbol, refusal: DELAYED, provenance };
      const result = planFor({
        symbol,
        calendar,
        asOf: view.asOf,
        day: view.day,
        daily: view.daily,
        minutes: view.minutes,
        risk: { accountDollars: risk.accountDollars, riskPct: risk.riskPct },
        detectors,
        owner: memberId,
      });
      if (!result.ok) return { outcome: 'refused', symbol, refusal: result.refusal, provenance };
      const { plan } = result;
      await keeping('the plan', async () => {
        await store.system.members.ensure({ memberId, name });
        await store.as(memberId).plans.save(plan);
      });
      return { outcome: 'plan', plan, ...decisionOf(plan, { ...view, calendar }), provenance };
    },
    get,
    show: async (memberId, planId) => decided(await get(memberId, planId)),
    decided,
    list: (memberId) => keeping('your plans', () => store.as(memberId).plans.list({ limit: 10 })),
  };
}
