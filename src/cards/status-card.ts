import type { Provenance } from '../domain/provenance.ts';
import type { Phase } from '../domain/session.ts';
import type { Card, CardBlock, Tone } from './card.ts';
import { dateText, discordTime, newYorkClock, percent, price } from './format.ts';

/** What the status card and the market board both show; times are epoch ms of the market's clock. */
export interface StatusView {
  readonly phase: Phase;
  readonly nextPhase: Phase;
  readonly nextChangeAt: number;
  readonly marketAt: number;
  readonly nextHoliday?:
    | { readonly on: string; readonly name: string; readonly kind: 'closed' | 'early-close' }
    | undefined;
  readonly indices: readonly {
    readonly name: string;
    readonly value: number;
    readonly changePct?: number | undefined;
  }[];
  readonly advancingPct?: number | undefined;
  readonly components: readonly { readonly name: string; readonly state: string; readonly reason: string }[];
  readonly provenance?: Provenance | undefined;
}

const PHASE_WORD: Record<Phase, string> = {
  premarket: 'Pre-market',
  regular: 'Market open',
  aftermarket: 'After hours',
  closed: 'Market closed',
};

const NEXT_WORD: Record<Phase, string> = {
  premarket: 'Pre-market starts',
  regular: 'Market opens',
  aftermarket: 'Market closes',
  closed: 'After hours end',
};

const PHASE_TONE: Record<Phase, Tone> = { premarket: 'warn', regular: 'up', aftermarket: 'warn', closed: 'neutral' };

const STATE_WORD: Readonly<Record<string, string>> = {
  ok: '● ok',
  sandbox: '◆ sandbox',
  degraded: '▲ degraded',
  down: '▼ down',
  off: '○ off',
};

/** Session, indices, breadth and the health of every part. */
export function statusCard(view: StatusView): Card {
  const broken = view.components.some((component) => component.state === 'down' || component.state === 'degraded');
  const parts = view.components.map(
    ({ name, state, reason }) => `**${name}**  ${STATE_WORD[state] ?? state} · ${reason}`,
  );
  return {
    layout: 'embed',
    tone: broken ? 'warn' : PHASE_TONE[view.phase],
    title: `${PHASE_WORD[view.phase]} · ${newYorkClock(view.marketAt)} ET`,
    blocks: [
      { kind: 'text', text: sessionLines(view).join('\n') },
      ...indexBlocks(view),
      { kind: 'text', text: parts.join('\n') },
    ],
    ...(view.provenance ? { provenance: view.provenance } : {}),
  };
}

/** The market board: the same facts, kept current by editing one message. */
export function boardCard(view: StatusView): Card {
  const troubled = view.components.filter((component) => component.state === 'down' || component.state === 'degraded');
  const notes: CardBlock[] = troubled.map(({ name, state, reason }) => ({
    kind: 'text',
    text: `**${name}** ${STATE_WORD[state] ?? state}: ${reason}`,
  }));
  return {
    layout: 'embed',
    tone: troubled.length > 0 ? 'warn' : PHASE_TONE[view.phase],
    title: `${PHASE_WORD[view.phase]} · ${newYorkClock(view.marketAt, false)} ET`,
    blocks: [{ kind: 'text', text: sessionLines(view).join('\n') }, ...indexBlocks(view), ...notes],
    ...(view.provenance ? { provenance: view.provenance } : {}),
  };
}

function sessionLines(view: StatusView): string[] {
  const untilMinutes = Math.max(0, Math.round((view.nextChangeAt - view.marketAt) / 60_000));
  const hours = Math.floor(untilMinutes / 60);
  const until = hours > 0 ? `${hours} h ${untilMinutes % 60} min` : `${untilMinutes} min`;
  const lines = [`${NEXT_WORD[view.nextPhase]} in **${until}** (${discordTime(view.nextChangeAt, 't')})`];
  if (view.nextHoliday) {
    const { on, name, kind } = view.nextHoliday;
    lines.push(`Next ${kind === 'closed' ? 'holiday' : 'half-day'}: ${name}, ${dateText(on)}`);
  }
  return lines;
}

function indexBlocks(view: StatusView): CardBlock[] {
  if (view.indices.length === 0) return [{ kind: 'text', text: 'No index level is known now.' }];
  const rows = view.indices.map(({ name, value, changePct }) => [
    name,
    price(value),
    changePct === undefined ? '' : `${changePct >= 0 ? '▲' : '▼'} ${percent(changePct)}`,
  ]);
  const blocks: CardBlock[] = [{ kind: 'table', rows }];
  if (view.advancingPct !== undefined)
    blocks.push({ kind: 'text', text: `Breadth: **${view.advancingPct.toFixed(0)} %** of stocks advancing` });
  return blocks;
}
