import type { Plan } from '../../domain/plan.ts';
import { sizeOf } from '../../domain/position-size.ts';
import { priceText } from '../../domain/price.ts';
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

/** An offer, or a plan the member built, by id or prefix; AppError `not_found` otherwise, `conflict` for one of an earlier version. */
export async function offeredTo(store: Pick<Store, 'as'>, memberId: string, planId: string): Promise<Offered> {
  const own = store.as(memberId);
  const offer = await keeping('this plan', () => own.offers.get(planId));
  if (offer) return { plan: offer.plan, isPublic: offer.memberId === null, isNew: false };
  const plan = await keeping('this plan', () => own.plans.get(planId));
  if (plan?.sharedId !== undefined) return { plan, isPublic: false, isNew: true };
  if (plan) {
    const old = `This plan of ${plan.symbol} is of an earlier version of the bot; build a new one with /plan build.`;
    throw new AppError('conflict', old);
  }
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

/** Refuses to wait for the trigger of a plan that has had its first target: who is in may say so. */
export function refuseIfLate(plan: Plan, shadow: Trade | undefined, fillPrice: number | undefined): void {
  const [first] = plan.targets;
  if (!shadow || !first || shadow.targetsHit === 0 || fillPrice !== undefined) return;
  const message = `${first.name} ${priceText(first.price)} is reached already, this plan waits for no new entry. In already? Give your fill price.`;
  throw new AppError('conflict', message);
}
