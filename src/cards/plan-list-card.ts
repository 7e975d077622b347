import type { Plan } from '../domain/plan.ts';
import { shortPlanId } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Card } from './card.ts';
import { discordTime, escapeMarkdown, price } from './format.ts';

const SELECT_LIMIT = 25;

/** A member's plans, newest first; `at` is market time, epoch ms, and decides which have ended; the source is the newest plan's. */
export function planListCard(plans: readonly Plan[], at: number, provenance?: Provenance): Card {
  if (plans.length === 0) {
    const text = 'You have no plan yet. /plan build AAPL makes one, or says why there is none.';
    return { layout: 'embed', tone: 'neutral', title: 'Your plans', blocks: [{ kind: 'text', text }] };
  }
  const lines = plans.map((plan) => {
    const arrow = plan.direction === 'long' ? '▲ long' : '▼ short';
    const end = plan.expiresAt > at ? `until ${discordTime(plan.expiresAt, 't')}` : 'ended';
    const prices = `entry ${price(plan.entry.triggerPrice)}, stop ${price(plan.stop.price)}`;
    return `\`${shortPlanId(plan.planId)}\` **${plan.symbol}** ${arrow} · ${escapeMarkdown(plan.setup.title)} · ${prices} · decided ${discordTime(plan.decidedAt, 'f')} · ${end}`;
  });
  return {
    layout: 'embed',
    tone: 'neutral',
    title: 'Your plans',
    blocks: [{ kind: 'text', text: lines.join('\n') }],
    select: {
      placeholder: 'Show one of them…',
      action: { command: 'plan-show', input: {} },
      key: 'id',
      options: plans.slice(0, SELECT_LIMIT).map((plan) => ({
        label: `${plan.symbol} ${plan.direction} · ${shortPlanId(plan.planId)}`,
        value: plan.planId.slice(0, 12),
        description: plan.setup.title,
      })),
    },
    ...(provenance ? { provenance } : {}),
    disclaimer: true,
  };
}
