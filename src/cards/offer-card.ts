import { alertIdOf, alertTagOf } from '../domain/alert.ts';
import type { Bar } from '../domain/bar.ts';
import type { Level } from '../domain/levels.ts';
import type { Plan } from '../domain/plan.ts';
import { shortPlanId } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Card, CardButton } from './card.ts';
import { lateMark } from './format.ts';
import {
  buttonId,
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
import { lifeTone, type ShownLife, sightedLine, stateLine } from './trade-state.ts';

/** An offered plan; `memberId` where it is one member's own, in a thread of theirs alone. */
export interface ShownOffer {
  readonly plan: Plan;
  readonly provenance: Provenance;
  readonly memberId?: string | null;
  /** No trade of it is open any more. */
  readonly isOver?: boolean;
}

/**
 * The head card: the plan as it was offered, and in front of it where its life is once it has one. `life` is the shadow's, or the own
 * trade of a private plan; `bars` and `levels` are those it was decided on. Nothing of any member is on a public one.
 */
export function offerCard(
  offer: ShownOffer,
  life?: ShownLife,
  bars: readonly Bar[] = [],
  levels: readonly Level[] = [],
  now: {
    /** Market time at which it is shown. */
    readonly at: number;
    /** Beside the decision where no life tells the price. */
    readonly lastDollars?: number | undefined;
    /** How late it is posted. */
    readonly lateMs?: number;
  } = { at: offer.provenance.asOf },
): Card {
  const { plan } = offer;
  const isOwn = typeof offer.memberId === 'string';
  const provenance = { ...offer.provenance, asOf: asOfLife(offer.provenance.asOf, life) };
  const at = Math.max(provenance.asOf, now.at);
  const over = life ? life.head.state === 'closed' : offer.isOver === true || plan.expiresAt <= at;
  const waits = !over && (!life || life.head.state === 'armed');
  const late = lateMark(now.lateMs ?? 0);
  const sighted = life && sightedLine(life);
  const front = life ? [`**${stateLine(life)}**`, ...(sighted === undefined ? [] : [sighted])] : [];
  return {
    layout: 'container',
    tone: over ? 'neutral' : life ? lifeTone(life) : plan.direction === 'long' ? 'up' : 'down',
    title: late === '' ? planTitle(plan, over) : `${late} · ${planTitle(plan, over)}`,
    blocks: [
      ...(front.length === 0 ? [] : [{ kind: 'text' as const, text: front.join('\n') }, { kind: 'divider' as const }]),
      {
        kind: 'text',
        text: [...orderLines(plan), decidedLine(plan, at, life ? undefined : now.lastDollars)].join('\n'),
      },
      { kind: 'table', rows: exitRows(plan) },
      { kind: 'text', text: [sizeLine(plan, isOwn ? 'own' : 'reference'), confidenceLine(plan)].join('\n') },
      { kind: 'text', text: [...reasonLines(plan), ...(waits ? [endLine(plan)] : [])].join('\n') },
      { kind: 'chart', chart: planChart(plan, bars, levels), alt: planChartAlt(plan, levels) },
    ],
    buttons: [
      ...(isOwn ? ownButtons(life) : [takeButton(plan, over || plan.expiresAt <= at)]),
      whyButton(plan),
      ...(isOwn ? [] : [verifyButton(plan)]),
      watchButton(plan.symbol),
      coachButton(plan),
    ],
    provenance,
    tag: offerTag(plan, offer.memberId ?? null),
    disclaimer: true,
  };
}

/** The plan for people, the alert for finding the message again. */
function offerTag({ planId, symbol, decidedAt }: Plan, memberId: string | null): string {
  const alertId = alertIdOf({ kind: 'offer', planId, symbol, memberId, at: decidedAt });
  return `plan ${shortPlanId(planId)} · ${alertTagOf(alertId)}`;
}

/** The time of the last price that the life has seen; of its end where it has ended. */
function asOfLife(asOf: number, life: ShownLife | undefined): number {
  if (!life) return asOf;
  return life.trade.closedAt ?? Math.max(asOf, life.trade.last.closedAt);
}

function ownButtons(life: ShownLife | undefined): CardButton[] {
  if (!life) return [];
  const input = { id: buttonId(life.trade.tradeId) };
  return [{ label: 'My trade', style: 'primary', action: { command: 'trade-show', input } }];
}

function verifyButton({ planId }: Plan): CardButton {
  return {
    label: 'Verify',
    style: 'secondary',
    action: { command: 'plan-verify', input: { planId: buttonId(planId) } },
  };
}
