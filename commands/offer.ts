import { z } from 'zod';
import { whyCard } from '../src/cards/plan-card.ts';
import { verifyCard } from '../src/cards/verify-card.ts';
import { type Ctx, defineCommand } from '../src/command.ts';
import { type Plan, planSchema } from '../src/domain/plan.ts';
import { type Provenance, provenanceSchema } from '../src/domain/provenance.ts';
import { AppError } from '../src/kit/errors.ts';
import { planIdInput, suggestPlans } from './id.ts';

/** A plan of the member's own, else one that was offered; AppError `not_found` when it is neither. */
export async function planOf(
  ctx: Pick<Ctx, 'plans' | 'offers' | 'caller'>,
  planId: string,
): Promise<{ readonly plan: Plan; readonly offered: boolean; readonly isOver: boolean }> {
  const { memberId } = ctx.caller;
  const unknown = (err: unknown): undefined => {
    if (!(err instanceof AppError) || err.code !== 'not_found') throw err;
  };
  const own = await ctx.plans.get(memberId, planId).catch(unknown);
  if (own) return { plan: own, offered: false, isOver: false };
  const offer = await ctx.offers.get(memberId, planId).catch(unknown);
  if (offer) return { plan: offer.plan, offered: offer.memberId === null, isOver: offer.isOver };
  throw new AppError(
    'not_found',
    `No plan ${planId.slice(0, 12)} was offered, and you have none of that id; it may be another member's. /plan list shows yours, /setups the offered ones.`,
  );
}

/** The source of a plan's prices, as of its decision. */
export function decisionSource(ctx: Pick<Ctx, 'provenance'>, { symbol, decidedAt }: Plan): Provenance {
  return ctx.provenance({ asOf: decidedAt, delayed: false }, [symbol]);
}

/** Builds an offered plan again from the inputs that were kept, and compares. */
export const planVerifyCommand = defineCommand({
  name: 'plan-verify',
  slash: 'plan verify',
  tool: 'verify_plan',
  summary: 'Build an offered plan again and compare every byte',
  guidance: 'Call when the member doubts an offered plan, or asks whether it was changed after it was made.',
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({ planId: planIdInput }),
  output: z.object({
    planId: z.string(),
    symbol: z.string(),
    decidedAt: z.number(),
    engineVersion: z.number(),
    recomputedId: z.string(),
    equal: z.boolean(),
  }),
  suggest: { planId: suggestPlans },
  async run(ctx, { planId }) {
    const { plan, recomputedId, equal } = await ctx.offers.verify(ctx.caller.memberId, planId);
    const { symbol, decidedAt, engineVersion } = plan;
    return { planId: plan.planId, symbol, decidedAt, engineVersion, recomputedId, equal };
  },
  card: verifyCard,
});

/** The reasons behind an offer where others read along: no plan of any member's own is found by it. */
export const offerWhyCommand = defineCommand({
  name: 'offer-why',
  tool: 'explain_offer',
  summary: 'Why this offered plan: every factor, and the stops not chosen',
  guidance: 'Call for the reasons behind a plan that was offered to everybody, in a thread that others read.',
  tier: 'free',
  effect: 'read',
  input: z.object({ planId: planIdInput }),
  output: z.object({ plan: planSchema, provenance: provenanceSchema }),
  async run(ctx, { planId }) {
    const { plan, memberId, provenance } = await ctx.offers.get(ctx.caller.memberId, planId);
    if (memberId === null) return { plan, provenance: { ...provenance, asOf: plan.decidedAt } };
    throw new AppError('not_found', `No plan ${planId.slice(0, 12)} was offered to everybody.`);
  },
  card: ({ plan, provenance }) => ({ ...whyCard(plan, provenance, 'reference'), private: false }),
});
