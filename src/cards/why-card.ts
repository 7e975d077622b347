import type { Plan } from '../domain/plan.ts';
import { shortPlanId } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Card } from './card.ts';
import { fraction, money, newYorkClock, price, rMultiple } from './format.ts';
import { escapeMarkdown } from './text.ts';

const NEUTRAL = 50;

/** Every number behind a plan: factors with their points, where the stop could have been, how the size came about; for the asking member alone. */
export function whyCard(plan: Plan, provenance: Provenance, whose: 'own' | 'reference' = 'own'): Card {
  const { confidence, stop, stopsNotChosen, targets, runner } = plan;
  const factors = [...confidence.factors].sort((a, b) => b.contribution - a.contribution);
  return {
    layout: 'embed',
    tone: plan.direction === 'long' ? 'up' : 'down',
    title: `Why ${plan.symbol} ${plan.direction} at ${price(plan.entry.triggerPrice)}`,
    blocks: [
      {
        kind: 'text',
        text: [
          `**Confidence ${confidence.score.toFixed(0)}** = ${NEUTRAL} and these points:`,
          ...factors.map(factorLine),
        ].join('\n'),
      },
      {
        kind: 'text',
        text: [
          `**Stop ${price(stop.price)}** by ${basisWord(stop.basis)}: ${escapeMarkdown(stop.reason)}`,
          ...stopsNotChosen.map(
            (other) => `not ${price(other.price)} by ${basisWord(other.basis)}: ${escapeMarkdown(other.reason)}`,
          ),
        ].join('\n'),
      },
      {
        kind: 'text',
        text: [
          '**Exits**',
          ...targets.map(
            (target) =>
              `${target.name} ${price(target.price)} (${rMultiple(target.r)}): ${escapeMarkdown(target.reason ?? 'a multiple of the risk')}`,
          ),
          `Runner, ${fraction(runner.shareRatio)}: ${escapeMarkdown(runner.reason)}`,
        ].join('\n'),
      },
      {
        kind: 'text',
        text: `**${whose === 'own' ? 'Size' : 'Size, reference account:'}** ${escapeMarkdown(plan.size.reason)}`,
      },
      {
        kind: 'fields',
        fields: [
          { name: 'ATR, 5 min', value: money(plan.atr) },
          { name: 'Last price seen', value: price(plan.referencePrice) },
          { name: 'Decided', value: `${newYorkClock(plan.decidedAt, false)} ET` },
        ],
      },
    ],
    provenance,
    tag: `plan ${shortPlanId(plan.planId)} · engine ${plan.engineVersion}`,
    disclaimer: true,
    private: true,
  };
}

function factorLine({ label, value, score, weight, contribution }: Plan['confidence']['factors'][number]): string {
  const points = `${contribution < 0 ? '-' : '+'}${Math.abs(contribution).toFixed(1)}`;
  return `\`${points.padStart(5)}\` ${escapeMarkdown(label)} (${signed(score)} × ${number(weight)}, value ${number(value)})`;
}

function basisWord(basis: Plan['stop']['basis']): string {
  return { atr: 'ATR', ema: 'EMA', structure: 'structure' }[basis];
}

function signed(score: number): string {
  return `${score < 0 ? '-' : '+'}${Math.abs(score).toFixed(2)}`;
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
