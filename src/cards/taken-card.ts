import type { Plan } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Card } from './card.ts';
import { money, price, size } from './format.ts';
import { buttonId, coachButton, sideWord, whyButton } from './plan-body.ts';
import type { ShownTrade } from './trade-state.ts';

/** What a member has just taken: how it stands and where its steps will be told. */
export function takenCard(taken: {
  readonly trade: ShownTrade;
  readonly plan: Plan;
  readonly outcome: 'taken' | 'already';
  readonly threadId?: string | undefined;
  readonly provenance: Provenance;
}): Card {
  const { trade, plan, outcome, threadId, provenance } = taken;
  const { entry, stop } = plan;
  const fill = trade.fill?.price ?? trade.claimedFill;
  const how =
    fill === undefined
      ? `Waits for ${price(entry.triggerPrice)}, ${trade.direction === 'long' ? 'up' : 'down'} to ${price(entry.limitPrice)}; stop ${price(stop.price)}.`
      : `Filled at ${price(fill / trade.splitFactor)}; stop ${price(trade.stop.price / trade.splitFactor)}.`;
  const perShare = fill === undefined ? trade.riskPerShare : Math.abs(fill - trade.stop.price);
  const atRisk = money(Math.round(trade.shares * perShare * 100) / 100);
  const where = threadId === undefined ? "the plan's thread" : `<#${threadId}>`;
  return {
    layout: 'container',
    tone: outcome === 'already' ? 'neutral' : trade.direction === 'long' ? 'up' : 'down',
    title: `${outcome === 'taken' ? 'Taken' : 'You have it already'}: ${sideWord(trade.direction)} ${trade.symbol}`,
    blocks: [
      {
        kind: 'text',
        text: [
          `**${size(trade.shares)}**, ${atRisk} at risk. ${how}`,
          `Each step is told in ${where} with your name: prices and R, never your shares.`,
        ].join('\n'),
      },
      { kind: 'text', text: '-# The bot places no order: it follows what you say you did.' },
    ],
    buttons: [
      {
        label: 'My trade',
        style: 'primary',
        action: { command: 'trade-show', input: { id: buttonId(trade.tradeId) } },
      },
      whyButton(plan),
      coachButton(plan),
    ],
    provenance,
    tag: `trade ${trade.tradeId.slice(0, 6)}`,
    disclaimer: true,
    private: true,
  };
}
