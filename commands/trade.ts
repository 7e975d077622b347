import { z } from 'zod';
import { takenCard } from '../src/cards/taken-card.ts';
import { tradeCard } from '../src/cards/trade-card.ts';
import { tradeListCard } from '../src/cards/trade-list-card.ts';
import { type Ctx, defineCommand } from '../src/command.ts';
import { planSchema } from '../src/domain/plan.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { stepSchema } from '../src/domain/trade.ts';
import { planIdInput, suggestTrades, tradeIdInput } from './id.ts';
import { lifeOf, lifeSchema, shownTradeSchema, sourceOf } from './trade-life.ts';

const LARGEST_PRICE = 1_000_000;

const priceInput = z
  .number({ error: (issue) => `found "${shown(issue.input)}", needed a price such as 94.12` })
  .positive({ error: (issue) => `found ${shown(issue.input)}, needed a price above 0` })
  .max(LARGEST_PRICE, { error: (issue) => `found ${shown(issue.input)}, needed a price of one share` });

const sharesInput = z
  .number({ error: (issue) => `found "${shown(issue.input)}", needed a number of shares such as 100` })
  .int({ error: (issue) => `found ${shown(issue.input)}, needed a whole number of shares` })
  .min(1, { error: (issue) => `found ${shown(issue.input)}, needed at least 1 share` });

/** Takes a plan: the member says with how many shares, and at what price if they are in already. */
export const tradeTakeCommand = defineCommand({
  name: 'trade-take',
  summary: 'Take a plan: its steps then come with a ping',
  guidance: 'The member presses "Take it" under a plan.',
  tier: 'free',
  effect: 'write',
  private: true,
  input: z.object({
    planId: planIdInput,
    shares: sharesInput.describe('How many shares'),
    fillPrice: priceInput.optional().describe('What you paid; empty when you wait for the trigger'),
  }),
  output: z.object({
    trade: shownTradeSchema,
    plan: planSchema,
    outcome: z.enum(['taken', 'already']),
    threadId: z.string().optional(),
    provenance: provenanceSchema,
  }),
  form: {
    title: 'Take this plan',
    fields: [
      { key: 'shares', label: 'Shares, sized by your /risk; told to nobody', placeholder: '100' },
      {
        key: 'fillPrice',
        label: 'Fill if in already; told with your name',
        placeholder: 'empty: waits for the trigger',
      },
    ],
    async prefill(ctx, { planId }) {
      const { shares, fillPrice, plan } = await ctx.trades.prefill(ctx.caller.memberId, String(planId));
      const sign = plan.direction === 'long' ? 1 : -1;
      // before the trigger nobody has a fill by this plan: a price sent along unread would be one
      const isIn = fillPrice !== undefined && sign * (fillPrice - plan.entry.triggerPrice) >= 0;
      return { shares: String(shares), ...(isIn ? { fillPrice: String(fillPrice) } : {}) };
    },
  },
  async run(ctx, { planId, shares, fillPrice }) {
    const { memberId, name } = ctx.caller;
    const taken = { shares, ...(fillPrice === undefined ? {} : { fillPrice }) };
    const { trade, plan, outcome } = await ctx.trades.take({ memberId, name }, planId, taken);
    return {
      trade,
      plan,
      outcome,
      threadId: await threadOf(ctx, trade.planId),
      provenance: ctx.provenance({ asOf: ctx.clock.now(), delayed: false }, [trade.symbol]),
    };
  },
  card: takenCard,
});

/** The member's trades. */
export const tradeListCommand = defineCommand({
  name: 'trade-list',
  slash: 'trade list',
  tool: 'list_trades',
  summary: 'Your trades: state, result in R, what is open',
  guidance: "Call for the member's own trades: which are open, how they stand, how they ended.",
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({ open: z.boolean().default(false).describe('Only those still open') }),
  output: z.object({ trades: z.array(lifeSchema), open: z.boolean(), provenance: provenanceSchema.optional() }),
  async run(ctx, { open }) {
    const views = await ctx.trades.list(ctx.caller.memberId, { openOnly: open });
    const trades = views.map((view) => lifeOf(ctx, view));
    return { trades, open, provenance: sourceOf(trades) };
  },
  card: ({ trades, open, provenance }) => tradeListCard(trades, { provenance, openOnly: open }),
});

/** One trade with every step. */
export const tradeShowCommand = defineCommand({
  name: 'trade-show',
  slash: 'trade show',
  tool: 'show_trade',
  summary: 'One of your trades with every step',
  guidance: "Call for how one of the member's trades went, step by step, by its id from list_trades.",
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({ id: tradeIdInput }),
  output: lifeSchema.extend({
    steps: z.array(stepSchema.omit({ stepId: true, tradeId: true })),
    plan: planSchema.pick({ planId: true, symbol: true, direction: true, setup: true, entry: true, stop: true }),
    threadId: z.string().optional(),
  }),
  suggest: { id: (ctx, text) => suggestTrades(ctx, text, false) },
  async run(ctx, { id }) {
    const { steps, plan, ...view } = await ctx.trades.show(ctx.caller.memberId, id);
    return { ...lifeOf(ctx, view), steps: [...steps], plan, threadId: await threadOf(ctx, plan.planId) };
  },
  card: (output) => tradeCard(output, output),
});

/** Ends a trade at the member's word. */
export const tradeCloseCommand = defineCommand({
  name: 'trade-close',
  slash: 'trade close',
  summary: 'Close one of your trades, or cancel it before its trigger',
  guidance: 'The member closes a trade by its button or the slash command.',
  tier: 'free',
  effect: 'write',
  private: true,
  input: z.object({
    id: tradeIdInput,
    price: priceInput.optional().describe('What you got a share; not needed before the trigger'),
  }),
  output: lifeSchema,
  suggest: { id: (ctx, text) => suggestTrades(ctx, text, true) },
  form: {
    title: 'Close this trade',
    fields: [{ key: 'price', label: 'Price of the rest; empty before the trigger', placeholder: '94.12' }],
    async prefill(ctx, { id }) {
      const { trade, head } = await ctx.trades.show(ctx.caller.memberId, String(id));
      const held: { price?: string } = trade.fill ? { price: String(head.lastPrice) } : {};
      return held;
    },
  },
  run: async (ctx, { id, price }) => lifeOf(ctx, await ctx.trades.close(ctx.caller.memberId, id, price)),
  card: (output) => tradeCard(output, { ...output, said: 'Closed at your word.' }),
});

/** Puts right what the entry cost. */
export const tradeFixCommand = defineCommand({
  name: 'trade-fix',
  slash: 'trade fix',
  summary: 'Correct the fill price of one of your trades',
  guidance: 'The member corrects a fill by its button or the slash command.',
  tier: 'free',
  effect: 'write',
  private: true,
  input: z.object({ id: tradeIdInput, price: priceInput.describe('What you paid a share') }),
  output: lifeSchema,
  suggest: { id: (ctx, text) => suggestTrades(ctx, text, true) },
  form: {
    title: 'Correct your fill',
    fields: [{ key: 'price', label: 'What you paid a share', placeholder: '94.12' }],
    async prefill(ctx, { id }) {
      const { head } = await ctx.trades.show(ctx.caller.memberId, String(id));
      const filled: { price?: string } = head.fillPrice === undefined ? {} : { price: String(head.fillPrice) };
      return filled;
    },
  },
  run: async (ctx, { id, price }) => lifeOf(ctx, await ctx.trades.correct(ctx.caller.memberId, id, price)),
  card: (output) => tradeCard(output, { ...output, said: 'Your fill is corrected; every R follows from it.' }),
});

/** Where the plan's life is told; a plan whose thread is not open yet has none. */
async function threadOf(ctx: Ctx, planId: string): Promise<string | undefined> {
  try {
    return (await ctx.offers.get(ctx.caller.memberId, planId)).threadId;
  } catch {
    return undefined;
  }
}

const shown = (value: unknown): string => String(value).slice(0, 20);
