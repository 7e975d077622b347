import type { Plan } from '../../domain/plan.ts';
import { sizeOf } from '../../domain/position-size.ts';
import { wallClock } from '../../domain/session.ts';
import { resultOf } from '../../domain/trade/result.ts';
import type { Trade } from '../../domain/trade.ts';
import { AppError } from '../../kit/errors.ts';
import type { Store } from '../../store/store.ts';
import { keeping, type Members } from '../members.ts';

/** A plan that a member may take. */
export interface Offered {
  readonly plan: Plan;
  /** Everybody sees it; else it is the member's own. */
  readonly isPublic: boolean;
  /** The member's own plan becomes an offer when they take it. */
  readonly isNew: boolean;
}

/** An offer, or a plan the member built, by id or prefix; AppError `not_found` otherwise. */
export async function offeredTo(store: Pick<Store, 'as'>, memberId: string, planId: string): Promise<Offered> {
  const own = store.as(memberId);
  const offer = await keeping('this plan', () => own.offers.get(planId));
  if (offer) return { plan: offer.plan, isPublic: offer.memberId === null, isNew: false };
  const plan = await keeping('this plan', () => own.plans.get(planId));
  if (plan) return { plan, isPublic: false, isNew: true };
  const message = `No plan ${planId.trim().slice(0, 12)} is on offer to you; /setups and /plan list show which are.`;
  throw new AppError('not_found', message);
}

/** The plan as it would be for this member: sized by their own risk. AppError `invalid_input` where that allows no share. */
export async function sizedFor(members: Pick<Members, 'risk'>, memberId: string, plan: Plan): Promise<Plan> {
  const { accountDollars, riskPct } = await members.risk(memberId);
  const { symbol, entry, stop } = plan;
  const sized = sizeOf({ symbol, ...entry, stopPrice: stop.price, risk: { accountDollars, riskPct } });
  if (!sized.ok) throw new AppError('invalid_input', `${sized.refusal.reason} Change it with /risk.`);
  return { ...plan, size: sized.size };
}

/** Refuses a plan whose time or whose own life is over: nobody joins what has ended. */
export function refuseIfOver(plan: Plan, now: number, shadow: Trade | undefined): void {
  if (now >= plan.expiresAt) throw new AppError('conflict', `This plan ended at ${wallClock(plan.expiresAt)} ET.`);
  if (shadow?.state !== 'closed') return;
  const how = resultOf(shadow).outcome.replaceAll('_', ' ');
  throw new AppError('conflict', `This plan ended at ${wallClock(shadow.closedAt ?? now)} ET: ${how}.`);
}
