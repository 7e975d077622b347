import type { Bar } from '../domain/bar.ts';
import type { Level } from '../domain/levels.ts';
import type { Plan, Refusal } from '../domain/plan.ts';
import { shortPlanId } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import { sessionDateOf } from '../domain/session.ts';
import type { Card, CardButton } from './card.ts';
import {
  dateText,
  discordTime,
  fraction,
  money,
  newYorkClock,
  price,
  rMultiple,
  share,
  size,
  wholeMoney,
} from './format.ts';
import { planChart, planChartAlt } from './plan-chart.ts';
import { escapeMarkdown } from './text.ts';
import { TONE_SIGN } from './theme.ts';

export { whyCard } from './why-card.ts';

/** Long enough to be one member's own plan, short enough for a button. */
const BUTTON_ID_LENGTH = 12;
/** The strongest reasons; "Why?" has them all. */
const REASONS_FOR = 3;
const REASONS_AGAINST = 2;

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
  const side = plan.direction === 'long' ? 'up' : 'down';
  const ended = plan.expiresAt <= at;
  return {
    layout: 'container',
    tone: ended ? 'neutral' : side,
    title: `${ended ? 'Ended: ' : ''}${TONE_SIGN[side]} ${plan.symbol}  ${plan.direction} · ${plan.setup.title} · ${timeframeWords(plan.setup.timeframe)}`,
    blocks: [
      {
        kind: 'text',
        text: [...(ended ? [endedLine(plan)] : []), ...orderLines(plan), decidedLine(plan, at, lastDollars)].join('\n'),
      },
      { kind: 'table', rows: exitRows(plan) },
      { kind: 'text', text: [sizeLine(plan), confidenceLine(plan)].join('\n') },
      { kind: 'text', text: [...reasonLines(plan), ...(ended ? [] : [endLine(plan)])].join('\n') },
      { kind: 'chart', chart: planChart(plan, bars, levels), alt: planChartAlt(plan, levels) },
    ],
    buttons: [
      {
        label: 'Why?',
        style: 'primary',
        action: { command: 'plan-why', input: { planId: plan.planId.slice(0, BUTTON_ID_LENGTH) } },
      },
      watchButton(plan.symbol),
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

function watchButton(symbol: string): CardButton {
  return {
    label: `Watch ${symbol.replace(/^I:/, '')}`,
    style: 'secondary',
    action: { command: 'watch-add', input: { symbol } },
  };
}

function orderLines({ direction, entry, stop, riskPerShare }: Plan): string[] {
  const [verb, side, bound] = direction === 'long' ? ['Buy', 'above', 'up'] : ['Sell short', 'below', 'down'];
  return [
    `**${verb} ${side} ${price(entry.triggerPrice)}**, ${bound} to ${price(entry.limitPrice)}`,
    `**Stop ${price(stop.price)}** · risk ${money(riskPerShare)} a share`,
    `-# ${escapeMarkdown(stop.reason)}`,
  ];
}

/** The plan's facts are of its decision; what the price does since then stands beside it. */
function decidedLine({ decidedAt, referencePrice }: Plan, at: number, lastDollars: number | undefined): string {
  const sameDay = sessionDateOf(decidedAt) === sessionDateOf(at);
  const decided = `${sameDay ? '' : `${dateText(sessionDateOf(decidedAt), { weekday: true })} `}${newYorkClock(decidedAt, false)} ET`;
  const now = lastDollars === undefined ? '' : `, now ${price(lastDollars)} at ${newYorkClock(at, false)}`;
  return `-# Decided ${decided} at ${price(referencePrice)}${now}`;
}

function endedLine({ expiresAt }: Plan): string {
  return `This plan ended ${discordTime(expiresAt, 'f')}. It is kept for reading, not for trading.`;
}

function exitRows({ targets, runner, direction }: Plan): string[][] {
  const verb = direction === 'long' ? 'sell' : 'cover';
  const rows = targets.map(({ name, price: at, r, shareRatio }) => [
    name,
    price(at),
    rMultiple(r),
    `${verb} ${fraction(shareRatio)}`,
  ]);
  if (runner.shareRatio > 0)
    rows.push(['Run', `trail ${money(runner.trailDistance)}`, '', `keep ${fraction(runner.shareRatio)}`]);
  return rows;
}

function sizeLine({ size: { shares, riskDollars, riskPct, accountDollars } }: Plan): string {
  return `Size **${size(shares)}** = ${wholeMoney(riskDollars)} at risk (limit ${share(riskPct, 1)} of ${wholeMoney(accountDollars)})`;
}

function confidenceLine({ confidence }: Plan): string {
  return `Confidence **${confidence.score.toFixed(0)} / 100**${confidence.measured ? '' : ' · not measured yet'}`;
}

function reasonLines({ rationale }: Plan): string[] {
  const line = (word: string, reasons: readonly string[]): string[] =>
    reasons.length === 0 ? [] : [`**${word}** ${reasons.map(escapeMarkdown).join(' · ')}`];
  return [
    ...line('For:', rationale.for.slice(0, REASONS_FOR)),
    ...line('Against:', rationale.against.slice(0, REASONS_AGAINST)),
  ];
}

function endLine({ expiresAt, invalidation }: Plan): string {
  return `Ends ${discordTime(expiresAt, 'f')} if not triggered · wrong if ${escapeMarkdown(invalidation.rule)}`;
}

function timeframeWords(timeframe: string): string {
  return timeframe.replace(/^(\d+)m$/, '$1 min');
}
