import { z } from 'zod';
import { offerCard } from '../src/cards/offer-card.ts';
import { planCard, refusalCard, whyCard } from '../src/cards/plan-card.ts';
import { planListCard } from '../src/cards/plan-list-card.ts';
import { type Ctx, defineCommand } from '../src/command.ts';
import { barSchema } from '../src/domain/bar.ts';
import { levelSchema } from '../src/domain/levels.ts';
import { planSchema, refusalSchema } from '../src/domain/plan.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { planIdInput, suggestPlans } from './id.ts';
import { decisionSource, planOf } from './offer.ts';
import { suggestSymbols, symbolInput } from './symbol.ts';

/** What the price does at the moment at which a plan is shown. */
const shownNow = { at: z.number(), lastDollars: z.number().optional() };

/** The plan stands without it: a price that cannot be read only leaves a gap on the card. */
async function nowOf(ctx: Ctx, symbol: string): Promise<{ at: number; lastDollars: number | undefined }> {
  const at = ctx.clock.now();
  try {
    const known = await ctx.instruments.resolve(symbol);
    return { at, lastDollars: (await ctx.market.price(known)).value?.last };
  } catch {
    return { at, lastDollars: undefined };
  }
}

/** A deterministic trade plan for one symbol, or the reason why there is none. */
export const planBuildCommand = defineCommand({
  name: 'plan-build',
  slash: 'plan build',
  tool: 'build_plan',
  route: '/api/plan',
  summary: 'Trade plan with entry, stop, targets, size and chart',
  guidance: 'Call for a trade plan, an entry, a stop or targets for one symbol. A refusal is a normal answer.',
  tier: 'free',
  // that the plan is kept for its member changes nothing that anybody decided
  effect: 'read',
  // its size speaks of the member's account
  private: true,
  input: z.object({ symbol: symbolInput }),
  output: z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('plan'),
      plan: planSchema,
      bars: z.array(barSchema),
      levels: z.array(levelSchema),
      provenance: provenanceSchema,
      ...shownNow,
    }),
    z.object({
      outcome: z.literal('refused'),
      symbol: z.string(),
      refusal: refusalSchema,
      provenance: provenanceSchema,
    }),
  ]),
  suggest: { symbol: suggestSymbols },
  async run(ctx, { symbol: text }) {
    const known = await ctx.instruments.resolve(text);
    const answer = await ctx.plans.build(ctx.caller.memberId, ctx.caller.name, known);
    if (answer.outcome === 'refused') return answer;
    const { plan, bars, levels, provenance } = answer;
    return {
      outcome: 'plan' as const,
      plan,
      bars: [...bars],
      levels: [...levels],
      provenance,
      ...(await nowOf(ctx, plan.symbol)),
    };
  },
  card: (output) =>
    output.outcome === 'refused'
      ? refusalCard(output.symbol, output.refusal, output.provenance)
      : planCard(output.plan, output),
});

/** Every number behind a plan. */
export const planWhyCommand = defineCommand({
  name: 'plan-why',
  summary: 'Why this plan: every factor, and the stops not chosen',
  guidance: 'Call for the reasons behind a plan that the member has, or that was offered to everybody.',
  tool: 'explain_plan',
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({ planId: planIdInput }),
  output: z.object({ plan: planSchema, offered: z.boolean(), provenance: provenanceSchema }),
  async run(ctx, { planId }) {
    const { plan, offered } = await planOf(ctx, planId);
    return { plan, offered, provenance: decisionSource(ctx, plan) };
  },
  card: ({ plan, offered, provenance }) => whyCard(plan, provenance, offered ? 'reference' : 'own'),
});

/** The member's last plans. */
export const planListCommand = defineCommand({
  name: 'plan-list',
  slash: 'plan list',
  tool: 'list_plans',
  summary: 'Your last ten plans',
  guidance: 'Call for the plans that the member asked for before.',
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({}),
  output: z.object({ plans: z.array(planSchema), at: z.number(), provenance: provenanceSchema.optional() }),
  async run(ctx) {
    const plans = [...(await ctx.plans.list(ctx.caller.memberId))];
    const [newest] = plans;
    return { plans, at: ctx.clock.now(), provenance: newest && decisionSource(ctx, newest) };
  },
  card: ({ plans, at, provenance }) => planListCard(plans, at, provenance),
});

/** A plan of the member's own or an offered one again, with its chart as it was decided. */
export const planShowCommand = defineCommand({
  name: 'plan-show',
  slash: 'plan show',
  tool: 'show_plan',
  summary: 'Show one of your plans, or an offered one, again',
  guidance: 'Call to see one plan by its id: one that the member has, or one that was offered.',
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({ id: planIdInput }),
  output: z.object({
    plan: planSchema,
    /** Found by the scanner and offered to everybody, sized for the reference account. */
    offered: z.boolean(),
    /** Of an offered one: no trade of it is open any more. */
    isOver: z.boolean(),
    bars: z.array(barSchema),
    levels: z.array(levelSchema),
    provenance: provenanceSchema,
    ...shownNow,
  }),
  suggest: { id: suggestPlans },
  async run(ctx, { id }) {
    const { plan, offered, isOver } = await planOf(ctx, id);
    const { bars, levels, provenance } = await ctx.plans.decided(plan);
    const now = await nowOf(ctx, plan.symbol);
    return { plan, offered, isOver, bars: [...bars], levels: [...levels], provenance, ...now };
  },
  card: (output) =>
    output.offered ? offerCard(output, undefined, output.bars, output.levels, output) : planCard(output.plan, output),
});
