import type { Card } from '../cards/card.ts';
import { escapeMarkdown } from '../cards/text.ts';
import { openingLine, planTag, TITLE } from './thread-memory.ts';

/** The first message of a private thread: who asked what, and the plan it is about; all that a restart needs to go on. */
export function questionCard(memberId: string, question: string, planId: string | undefined): Card {
  const lines = question.split('\n').map(escapeMarkdown);
  return {
    layout: 'container',
    tone: 'neutral',
    title: TITLE.question,
    blocks: [{ kind: 'text', text: [openingLine(memberId), ...lines].join('\n') }],
    ...(planId === undefined ? {} : { tag: planTag(planId) }),
  };
}
