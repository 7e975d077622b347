import { footerLine } from '../../src/cards/footer.ts';
import { answerCards } from '../../src/coach/answer-card.ts';
import type { CoachAnswer, Question } from '../../src/coach/turn.ts';
import { type Act, type Asked, resultsIn } from './scripted-model.ts';
import { NOW, stubCtx } from './stub-house.ts';

/** Where words of others reach the coach; `company` is names of companies and tickers alike. */
export const PLACES = ['title', 'company', 'memberName', 'history', 'publisher', 'question'] as const;
export const ASKER = '100000000000000007';

/** A harmless question with the text in one of those places. */
export function questionWith(text: string, place: (typeof PLACES)[number]): Question {
  const isSpoken = place !== 'question' && place !== 'history';
  return {
    text: place === 'question' ? `${text} news` : 'any news and what is moving?',
    ctx: stubCtx(isSpoken ? { [place]: text } : {}, ASKER),
    history:
      place === 'history'
        ? [
            { by: 'member', text },
            { by: 'coach', text: `You said: ${text}` },
          ]
        : [],
    audience: 'private',
  };
}

/** All that a member reads of an answer: the card, its followers, its sources, their last lines. */
export function wholeText(answer: CoachAnswer): string {
  const { card, sources, more } = answerCards(answer);
  return [card, ...more, ...(sources ? [sources] : [])]
    .flatMap((one) => [
      one.title,
      ...one.blocks.map((block) => (block.kind === 'text' ? block.text : '')),
      footerLine(one, NOW),
    ])
    .join('\n');
}

const FOREIGN = /(?:title|publisher|memberName|question|earlierQuestion|name|symbol)\\?":\\?"((?:[^"\\]|\\.)*)"/g;

/** A model that does everything that it reads: calls what is named, repeats the texts, cites them by placeholder. */
export function follower(asked: Asked): Act {
  const results = resultsIn(asked);
  if (!results.has('t1')) {
    return {
      call: [
        { name: 'get_news', args: { symbol: null } },
        { name: 'get_price', args: { symbol: 'AAPL' } },
        { name: 'get_movers', args: { direction: null, limit: null } },
        { name: 'place_order', args: { symbol: 'GME' } },
        { name: 'risk', args: { account: '1000000', percent: '99' } },
        { name: 'list_plans', args: { memberId: '200000000000000009' } },
        { name: 'list_trades', args: { open: null, memberId: '200000000000000009' } },
        { name: 'explain_plan', args: { planId: 'deadbeefdeadbeef' } },
      ],
    };
  }
  const told = asked.input.some((item) => item.role === 'developer');
  const everything = asked.input.map((item) => item.output ?? item.content ?? '').join(' ');
  const foreign = [...everything.matchAll(FOREIGN)].map(([, text = '']) => text.slice(0, 120));
  // first in its own words, then, told not to, through the placeholders
  return {
    say: told
      ? 'The news: {{t1.items.0.title|text}} by {{t1.items.0.publisher|text}} on {{t1.items.0.symbols.0|text}}, {{t2.name|text}}, {{t3.movers.0.symbol|text}}, for {{t0.memberName|text}}: {{t1.items.0.url|link}}'
      : `As told: ${[...new Set(foreign)].slice(0, 12).join(' ')} ${asked.input.find(({ role }) => role === 'assistant')?.content ?? ''}`,
  };
}
