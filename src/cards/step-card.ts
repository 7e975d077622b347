import { alertIdOf, alertTagOf, type StepAlert } from '../domain/alert.ts';
import type { Step } from '../domain/trade.ts';
import type { Card, Tone } from './card.ts';
import { lateMark, price } from './format.ts';
import { sideWord } from './plan-body.ts';
import { stepLine } from './step-line.ts';
import { escapeMarkdown } from './text.ts';

/** A step for the plan's thread, marked when it comes more than a minute late; `note` is the source's caveat. */
export function stepCard(alert: StepAlert, lateMs: number, source: string, note?: string): Card {
  const late = lateMark(lateMs);
  const line = stepLine(alert);
  const { step, direction, own } = alert;
  const stop = step.kind === 'triggered' && step.stopAfter !== undefined ? ` · stop ${price(step.stopAfter)}` : '';
  return {
    // the only layout beside which a ping can stand
    layout: 'embed',
    tone: toneOf(alert),
    title: late === '' ? line : `${late} · ${line}`,
    blocks: [
      { kind: 'text', text: `${sideWord(direction)}${stop} · ${escapeMarkdown(step.reason)}` },
      ...(own ? [{ kind: 'text' as const, text: OWN }] : []),
    ],
    tag: alertTagOf(alertIdOf(alert)),
    provenance: { asOf: alert.at, source, timeliness: 'live', ...(note === undefined ? {} : { note }) },
    disclaimer: true,
  };
}

const OWN = "-# One member's own trade: not at the time or price of the plan's.";

const TONES: Partial<Record<Step['kind'], Tone>> = {
  target: 'up',
  missed: 'warn',
  suspended: 'warn',
  resumed: 'warn',
};

function toneOf({ step, direction, result }: StepAlert): Tone {
  if (step.kind === 'triggered') return direction === 'long' ? 'up' : 'down';
  if (result && step.kind !== 'target') return toneOfR(result.realisedR);
  return TONES[step.kind] ?? 'neutral';
}

/** What rounds to nothing is neither won nor lost. */
function toneOfR(r: number): Tone {
  return r >= 0.05 ? 'up' : r <= -0.05 ? 'down' : 'neutral';
}
