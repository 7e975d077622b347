import type { Provenance } from '../domain/provenance.ts';
import type { Step } from '../domain/trade.ts';
import type { Card, CardBlock, CardButton } from './card.ts';
import { duration, money, newYorkClock, price, rDistance, rMultiple, size } from './format.ts';
import { buttonId, coachButton, sideWord, whyButton } from './plan-body.ts';
import { stepName } from './step-line.ts';
import { lifeTone, type ShownLife, type ShownTrade, sightedLine, stateLine } from './trade-state.ts';

/** Of a long life only the last steps fit a phone. */
const SHOWN_STEPS = 12;

interface TradeExtras {
  readonly provenance: Provenance;
  readonly steps?: readonly Pick<Step, 'kind' | 'target' | 'at' | 'price' | 'realisedR'>[];
  /** The plan's thread, where one knows it. */
  readonly threadId?: string | undefined;
  /** What has just been done to it, in front. */
  readonly said?: string;
}

/** A member's own trade with its size and dollars, for that member alone. */
export function tradeCard(life: ShownLife, extras: TradeExtras): Card {
  const { trade, head } = life;
  const { provenance, steps = [], threadId, said } = extras;
  const sighted = sightedLine(life);
  const over = head.state === 'closed';
  return {
    layout: 'container',
    tone: lifeTone(life),
    title: tradeTitle(trade, over),
    blocks: [
      ...(said === undefined ? [] : [text(said)]),
      text([`**${stateLine(life)}**`, ...(sighted === undefined ? [] : [sighted])].join('\n')),
      text([...sizeLines(life), ...(trade.fill ? [resultLine(life, over)] : [])].join('\n')),
      ...stepBlocks(steps),
      ...(threadId === undefined ? [] : [text(`Told step by step in <#${threadId}>.`)]),
    ],
    buttons: [
      ...(over ? [] : closingButtons(trade)),
      whyButton({ planId: trade.planId }),
      coachButton({ planId: trade.planId }),
    ],
    provenance: { ...provenance, asOf: trade.closedAt ?? provenance.asOf },
    tag: `trade ${trade.tradeId.slice(0, 6)}`,
    disclaimer: true,
    private: true,
  };
}

function resultLine({ trade, result }: ShownLife, over: boolean): string {
  const { realisedR, mfeR, maeR, minutesHeld } = result;
  const dollars = money(roundCents(realisedR * trade.riskPerShare * trade.shares));
  const range = `best ${rDistance(mfeR)} (MFE) · worst ${rMultiple(maeR)} (MAE)`;
  return `${over ? 'Result' : 'Banked'} ${rMultiple(realisedR)} = ${dollars} · ${range} · ${duration(minutesHeld * 60_000)}`;
}

function tradeTitle({ symbol, direction, shares, splitFactor }: ShownTrade, over: boolean): string {
  return `${over ? 'Ended: ' : ''}${sideWord(direction)} ${symbol} · ${size(shares * splitFactor)}`;
}

function sizeLines({ trade, head }: ShownLife): string[] {
  const { riskPerShare, shares, targets, targetsHit, splitFactor } = trade;
  const left = head.state === 'closed' || !trade.fill ? '' : ` · holds ${size(head.remainingShares)}`;
  const ahead = targets.slice(targetsHit).map((one) => `${one.name} ${price(one.price / splitFactor)}`);
  const goals = head.state === 'closed' || ahead.length === 0 ? [] : [`Ahead: ${ahead.join(', ')}`];
  return [`1 R = ${money(roundCents(riskPerShare * shares))}${left}`, ...goals];
}

function stepBlocks(steps: NonNullable<TradeExtras['steps']>): CardBlock[] {
  if (steps.length === 0) return [];
  const rows = steps
    .slice(-SHOWN_STEPS)
    .map((step) => [
      `${newYorkClock(step.at, false)} ${stepName(step)}`,
      step.price === undefined ? '' : price(step.price),
      rMultiple(step.realisedR),
    ]);
  const hidden = steps.length - rows.length;
  return [
    { kind: 'table', head: ['ET', 'price', 'banked'], rows },
    ...(hidden > 0 ? [text(`-# and ${hidden} earlier`)] : []),
  ];
}

function closingButtons({ tradeId, fill }: ShownTrade): CardButton[] {
  const input = { id: buttonId(tradeId) };
  const close: CardButton = {
    label: fill ? 'Close it' : 'Cancel it',
    style: 'danger',
    action: { command: 'trade-close', input },
  };
  return fill ? [close, { label: 'Fix fill', style: 'secondary', action: { command: 'trade-fix', input } }] : [close];
}

const text = (words: string): CardBlock => ({ kind: 'text', text: words });

const roundCents = (dollars: number): number => Math.round(dollars * 100) / 100;
