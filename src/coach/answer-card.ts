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

/** For the asking member alone: each value that the answer shows, the tool, its arguments, the field, its time and source. */
export function sourcesCard(sources: readonly Source[]): Card {
  const text = sources.map(sourceLine).join('\n');
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

function sourceLine({ shown, expression, cited }: Source): string {
  const derived = cited.length > 1 ? ` = ${escapeMarkdown(expression)}` : '';
  const fields = cited.map(
    (one) => `${escapeMarkdown(one.tool)}${argumentsOf(one)} → ${escapeMarkdown(one.field)}${stampOf(one)}`,
  );
  return `**${shown}**${derived}  ${[...new Set(fields)].join('; ')}`;
}

function argumentsOf({ input }: Cited): string {
  const pairs = Object.entries(input).map(([key, value]) => `${key}: ${String(value)}`);
  return pairs.length === 0 ? '' : escapeMarkdown(` (${truncate(pairs.join(', '), 80)})`).replace(/^/, ' ');
}

function stampOf({ asOf, source }: Cited): string {
  const parts = [asOf === undefined ? '' : discordTime(asOf, 'T'), source === undefined ? '' : escapeMarkdown(source)];
  const known = parts.filter((part) => part !== '');
  return known.length === 0 ? '' : `, ${known.join(', ')}`;
}
