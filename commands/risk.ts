import { z } from 'zod';
import { money } from '../src/cards/format.ts';
import { defineCommand } from '../src/command.ts';
import { parseRisk } from '../src/domain/risk.ts';
import { AppError } from '../src/kit/errors.ts';

/** The member's account size and risk per trade; every plan's size follows from them. */
export const riskCommand = defineCommand({
  name: 'risk',
  slash: 'risk',
  summary: 'Your account size and risk per trade',
  guidance: 'The member sets these in a form; the model only reads what a plan used.',
  tier: 'free',
  effect: 'write',
  private: true,
  input: z.object({
    account: z.coerce
      .string()
      .trim()
      .max(20, { error: 'found more than 20 characters, an amount such as 10000 is needed' })
      .describe('Account size in dollars, for example 10000'),
    percent: z.coerce
      .string()
      .trim()
      .max(10, { error: 'found more than 10 characters, a percentage such as 1 is needed' })
      .describe('Risk per trade in percent, for example 1'),
  }),
  output: z.object({ accountDollars: z.number(), riskPct: z.number() }),
  form: {
    title: 'Your risk',
    fields: [
      { key: 'account', label: 'Account size in dollars', placeholder: '10000' },
      { key: 'percent', label: 'Risk per trade in percent', placeholder: '1' },
    ],
    async prefill(ctx) {
      const { accountDollars, riskPct } = await ctx.members.risk(ctx.caller.memberId);
      return { account: String(accountDollars), percent: String(riskPct) };
    },
  },
  async run(ctx, { account, percent }) {
    const parsed = parseRisk(account, percent);
    if (!parsed.ok) throw new AppError('invalid_input', parsed.reason);
    await ctx.members.setRisk(ctx.caller.memberId, ctx.caller.name, parsed.profile);
    return parsed.profile;
  },
  card({ accountDollars, riskPct }) {
    const text = `Account ${money(accountDollars)}, risk ${riskPct} % a trade: at most **${money((accountDollars * riskPct) / 100)}** lost when a stop is hit. Plans you build from now on are sized by it.`;
    return { layout: 'embed', tone: 'neutral', title: 'Your risk', blocks: [{ kind: 'text', text }] };
  },
});
