import type { Refusal } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Card } from './card.ts';
import { newYorkClock } from './format.ts';
import { buttonId, sideWord } from './plan-body.ts';
import { escapeMarkdown, truncate } from './text.ts';

const SELECT_LIMIT = 25;
/** The latest refusals in full; the table names the others. */
const REASONS = 3;
const REASON_LENGTH = 200;

export interface ShownSetup {
  readonly symbol: string;
  readonly title: string;
  readonly direction: 'long' | 'short';
  readonly detectedAt: number;
  readonly outcome: 'offered' | 'refused';
  readonly refusal?: Pick<Refusal, 'reason'> & { readonly code: string };
  readonly planId?: string;
}

/** What the scanner found in this session, newest first, and what became of it; `counts` are the whole session's. */
export function setupsCard(
  setups: readonly ShownSetup[],
  counts: { readonly offered: number; readonly refused: number },
  provenance: Provenance,
): Card {
  const title = 'Setups of this session';
  if (setups.length === 0) {
    const none =
      'None yet. Closed five-minute bars of watched, held and most active symbols are looked at in regular hours; add yours with /watch add.';
    return { layout: 'embed', tone: 'neutral', title, blocks: [{ kind: 'text', text: none }], provenance };
  }
  const offered = setups.filter((setup) => setup.outcome === 'offered');
  const refused = setups.filter((setup) => setup.outcome === 'refused');
  const options = offered.flatMap((setup) => (setup.planId === undefined ? [] : [{ ...setup, planId: setup.planId }]));
  return {
    layout: 'embed',
    tone: 'neutral',
    title,
    blocks: [
      { kind: 'text', text: `**${counts.offered} offered**, ${counts.refused} refused` },
      {
        kind: 'table',
        head: ['ET', 'became'],
        rows: setups.map((setup) => [
          `${newYorkClock(setup.detectedAt, false)} ${sideWord(setup.direction)} ${setup.symbol}`,
          becameWord(setup),
        ]),
      },
      ...reasonBlocks(refused),
    ],
    ...(options.length === 0
      ? {}
      : {
          select: {
            placeholder: 'Show its plan…',
            action: { command: 'plan-show', input: {} },
            key: 'id',
            options: options.slice(0, SELECT_LIMIT).map((setup) => ({
              label: `${setup.symbol} ${setup.direction} · ${setup.planId.slice(0, 6)}`,
              value: buttonId(setup.planId),
              description: `${setup.title}, ${newYorkClock(setup.detectedAt, false)} ET`,
            })),
          },
        }),
    provenance,
    disclaimer: true,
  };
}

function becameWord({ outcome, refusal, planId }: ShownSetup): string {
  if (outcome === 'offered') return `plan ${planId?.slice(0, 6) ?? ''}`.trim();
  return refusal?.code.replaceAll('_', ' ') ?? 'refused';
}

function reasonBlocks(refused: readonly ShownSetup[]): Card['blocks'] {
  const lines = refused.slice(0, REASONS).flatMap(({ symbol, refusal }) => {
    if (!refusal) return [];
    return [`-# ${symbol}: ${escapeMarkdown(truncate(refusal.reason, REASON_LENGTH))}`];
  });
  return lines.length === 0 ? [] : [{ kind: 'text', text: lines.join('\n') }];
}
