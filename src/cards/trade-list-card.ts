import type { Provenance } from '../domain/provenance.ts';
import type { Card } from './card.ts';
import { rMultiple } from './format.ts';
import { buttonId, sideWord } from './plan-body.ts';
import { type ShownLife, stateWord } from './trade-state.ts';

const SHOWN = 20;

/** A member's trades, newest first: state and R, and the sum of what has ended. */
export function tradeListCard(
  lives: readonly ShownLife[],
  { provenance, openOnly = false }: { readonly provenance?: Provenance | undefined; readonly openOnly?: boolean },
): Card {
  const title = openOnly ? 'Your open trades' : 'Your trades';
  if (lives.length === 0) {
    const none = openOnly
      ? 'You have no open trade. /trade list shows those that ended.'
      : 'You have no trade yet. Press "Take it" under a plan in #plans, or under one of your own from /plan build.';
    return { layout: 'embed', tone: 'neutral', title, blocks: [{ kind: 'text', text: none }], private: true };
  }
  const shown = lives.slice(0, SHOWN);
  const hidden = lives.length - shown.length;
  return {
    layout: 'embed',
    tone: 'neutral',
    title,
    blocks: [
      { kind: 'text', text: `**${summaryOf(lives)}**` },
      {
        kind: 'table',
        head: ['', 'state', 'R'],
        rows: shown.map((life) => [
          `${life.trade.tradeId.slice(0, 6)} ${sideWord(life.trade.direction)} ${life.trade.symbol}`,
          stateWord(life),
          life.trade.fill ? rMultiple(life.head.realisedR + life.head.openR) : '–',
        ]),
      },
      { kind: 'text', text: `-# R: banked and open together.${hidden > 0 ? ` And ${hidden} earlier.` : ''}` },
    ],
    select: {
      placeholder: 'Show one of them…',
      action: { command: 'trade-show', input: {} },
      key: 'id',
      options: shown.map((life) => ({
        label: `${life.trade.symbol} ${life.trade.direction} · ${stateWord(life)}`,
        value: buttonId(life.trade.tradeId),
        description: `trade ${life.trade.tradeId.slice(0, 6)} of plan ${life.trade.planId.slice(0, 6)}`,
      })),
    },
    ...(provenance ? { provenance } : {}),
    disclaimer: true,
    private: true,
  };
}

function summaryOf(lives: readonly ShownLife[]): string {
  const ended = lives.filter(({ head }) => head.state === 'closed');
  const entered = ended.filter(({ trade }) => trade.fill !== undefined);
  const open = `${lives.length - ended.length} open`;
  if (ended.length === 0) return open;
  const sum = entered.reduce((total, { head }) => total + head.realisedR, 0);
  return `${open} · ${ended.length} ended, ${entered.length} of them entered: ${rMultiple(sum)}`;
}
