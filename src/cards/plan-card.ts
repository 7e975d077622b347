import type { Bar } from '../domain/bar.ts';
import type { Level } from '../domain/levels.ts';
import type { Plan, Refusal } from '../domain/plan.ts';
import { shortPlanId } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Card } from './card.ts';
import { discordTime } from './format.ts';
import {
  coachButton,
  confidenceLine,
  decidedLine,
  endLine,
  exitRows,
  orderLines,
  planTitle,
  reasonLines,
  sizeLine,
  takeButton,
  watchButton,
  whyButton,
} from './plan-body.ts';
import { planChart, planChartAlt } from './plan-chart.ts';
import { escapeMarkdown } from './text.ts';

export { whyCard } from './why-card.ts';

/** A plan with its chart, as one acts on it; `bars` are those it was decided on. */
export function planCard(
  plan: Plan,
  extras: {
    readonly bars: readonly Bar[];
    readonly levels: readonly Level[];
    readonly provenance: Provenance;
    /** Market time and price at which it is shown. */
    readonly at: number;
    readonly lastDollars?: number | undefined;
  },
): Card {
  const { bars, levels, provenance, at, lastDollars } = extras;
  const ended = plan.expiresAt <= at;
  return {
    layout: 'container',
    tone: ended ? 'neutral' : plan.direction === 'long' ? 'up' : 'down',
    title: planTitle(plan, ended),
    blocks: [
      {
        kind: 'text',
        text: [...(ended ? [endedLine(plan)] : []), ...orderLines(plan), decidedLine(plan, at, lastDollars)].join('\n'),
      },
      { kind: 'table', rows: exitRows(plan) },
      { kind: 'text', text: [sizeLine(plan, 'own'), confidenceLine(plan)].join('\n') },
      { kind: 'text', text: [...reasonLines(plan), ...(ended ? [] : [endLine(plan)])].join('\n') },
      { kind: 'chart', chart: planChart(plan, bars, levels), alt: planChartAlt(plan, levels) },
    ],
    buttons: [
      takeButton(plan, ended),
      whyButton(plan),
      watchButton(plan.symbol),
      coachButton(plan),
      { label: 'Plan again', style: 'secondary', action: { command: 'plan-build', input: { symbol: plan.symbol } } },
    ],
    provenance,
    tag: `plan ${shortPlanId(plan.planId)}`,
    disclaimer: true,
  };
}

/** Why there is no plan, and what to do meanwhile; for the asking member alone. */
export function refusalCard(symbol: string, refusal: Refusal, provenance?: Provenance): Card {
  const name = symbol.replace(/^I:/, '');
  const tradable = refusal.code !== 'not_tradable';
  return {
    layout: 'container',
    tone: 'neutral',
    title: `No plan for ${name} now`,
    blocks: [{ kind: 'text', text: escapeMarkdown(refusal.reason) }],
    buttons: tradable
      ? [
          watchButton(symbol),
          { label: 'Levels', style: 'secondary', action: { command: 'levels', input: { symbol } } },
          { label: 'Plan again', style: 'secondary', action: { command: 'plan-build', input: { symbol } } },
        ]
      : [{ label: 'Levels', style: 'secondary', action: { command: 'levels', input: { symbol } } }],
    ...(provenance ? { provenance } : {}),
    private: true,
  };
}

function endedLine({ expiresAt }: Plan): string {
  return `This plan ended ${discordTime(expiresAt, 'f')}. It is kept for reading, not for trading.`;
}
