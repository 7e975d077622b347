import { z } from 'zod';
import type { Choice, Ctx } from '../src/command.ts';

const idInput = (noun: 'plan' | 'trade') =>
  z
    .string({ error: `found nothing, needed a ${noun} id of 6 to 64 characters of 0-9 and a-f` })
    .trim()
    .regex(/^[0-9a-f]{6,64}$/, {
      error: (issue) =>
        `found "${String(issue.input).slice(0, 20)}", a ${noun} id is 6 to 64 characters of 0-9 and a-f`,
    });

export const planIdInput = idInput('plan').describe('Plan id as the card shows it');
export const tradeIdInput = idInput('trade').describe('Trade id as /trade list shows it');

/** The member's own plans while they type an id or a symbol. */
export async function suggestPlans(ctx: Ctx, text: string): Promise<readonly Choice[]> {
  const plans = await ctx.plans.list(ctx.caller.memberId);
  return plans
    .filter(({ planId, symbol }) => isMeant(text, planId, symbol))
    .map((plan) => ({
      name: `${plan.symbol} ${plan.direction} · ${plan.setup.title} · ${plan.planId.slice(0, 6)}`,
      value: plan.planId.slice(0, 12),
    }));
}

/** The member's own trades while they type; with `openOnly` those that can still be changed. */
export async function suggestTrades(ctx: Ctx, text: string, openOnly: boolean): Promise<readonly Choice[]> {
  const views = await ctx.trades.list(ctx.caller.memberId, { openOnly });
  return views
    .filter(({ trade }) => isMeant(text, trade.tradeId, trade.symbol))
    .map(({ trade }) => ({
      name: `${trade.symbol} ${trade.direction} · ${trade.closedAs?.replaceAll('_', ' ') ?? trade.state} · ${trade.tradeId.slice(0, 6)}`,
      value: trade.tradeId.slice(0, 12),
    }));
}

function isMeant(text: string, id: string, symbol: string): boolean {
  const typed = text.trim();
  return id.startsWith(typed.toLowerCase()) || symbol.startsWith(typed.toUpperCase());
}
