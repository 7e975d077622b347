import type { Card } from '../cards/card.ts';
import { discordTime, escapeMarkdown, truncate } from '../cards/format.ts';
import type { Cited, Source } from './render.ts';
import type { CoachAnswer } from './turn.ts';

const LONGEST_LIST = 3_400;

/** All that a face shows of an answer; `sources` is left out where the answer shows no value. */
export function answerCards(answer: CoachAnswer): {
  readonly card: Card;
  readonly sources?: Card;
  readonly more: readonly Card[];
} {
  const { sources, cards } = answer;
  return { card: answerCard(answer), ...(sources.length === 0 ? {} : { sources: sourcesCard(sources) }), more: cards };
}

/** The answer as a card; the "Sources" button is the face's, since it must find the list again. */
function answerCard(answer: CoachAnswer): Card {
  return {
    layout: 'container',
    tone: answer.fault === undefined ? 'neutral' : 'warn',
    title: 'Coach',
    blocks: [{ kind: 'text', text: answer.text }],
    ...(answer.buttons.length === 0 ? {} : { buttons: answer.buttons }),
    ...(answer.provenance === undefined ? {} : { provenance: answer.provenance }),
    disclaimer: true,
    ...(answer.private ? { private: true } : {}),
  };
}

/** For the asking member alone: each value that the answer shows under the tool that gave it, with field, time and source. */
export function sourcesCard(sources: readonly Source[]): Card {
  const groups = new Map<string, string[]>();
  for (const source of sources) {
    const heads = source.cited.map(headLine);
    for (const head of heads) if (!groups.has(head)) groups.set(head, []);
    groups.get(heads[0] ?? '')?.push(valueLine(source));
  }
  const text = [...groups].flatMap(([head, values]) => [head, ...values]).join('\n');
  return {
    layout: 'embed',
    tone: 'neutral',
    title: `Sources (${sources.length})`,
    blocks: [
      { kind: 'text', text: text === '' ? 'That answer shows no value from a tool.' : truncate(text, LONGEST_LIST) },
    ],
    private: true,
  };
}

function headLine({ result, tool, input, asOf, source }: Cited): string {
  const pairs = Object.entries(input).map(([key, value]) => `${key}: ${String(value)}`);
  const given = pairs.length === 0 ? '' : ` (${truncate(pairs.join(', '), 80)})`;
  const call = escapeMarkdown(`${result}: ${tool}${given}`);
  const stamp = [
    ...(asOf === undefined ? [] : [discordTime(asOf, 'T')]),
    ...(source === undefined ? [] : [escapeMarkdown(source)]),
  ];
  return [call, ...stamp].join(', ');
}

function valueLine({ shown, expression, cited }: Source): string {
  const [only] = cited;
  const from = cited.length === 1 && only ? only.field : `= ${expression}`;
  return `- **${shown}** ${escapeMarkdown(from)}`;
}
