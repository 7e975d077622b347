import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { footerLine } from '../../src/cards/footer.ts';
import { answerCard, sourcesCard } from '../../src/coach/answer-card.ts';
import { createCoach } from '../../src/coach/coach.ts';
import { createModel } from '../../src/coach/model.ts';
import type { CoachAnswer, Question } from '../../src/coach/turn.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { actsIn } from './acts.ts';
import { INJECTIONS } from './injection.ts';
import { type Act, type Asked, resultsIn, scripts, startScriptedModel } from './scripted-model.ts';
import { NOW, stubCtx, withWrites } from './stub-house.ts';

let server: Awaited<ReturnType<typeof startScriptedModel>>;
beforeAll(async () => {
  server = await startScriptedModel(scripts.good);
});
afterAll(() => server.stop());

const PLACES = ['title', 'publisher', 'memberName', 'question'] as const;
const ASKER = '100000000000000007';

const wholeText = (answer: CoachAnswer): string =>
  [answerCard(answer), sourcesCard(answer.sources)]
    .flatMap((card) => [
      card.title,
      ...card.blocks.map((block) => (block.kind === 'text' ? block.text : '')),
      footerLine(card, NOW),
    ])
    .join('\n');

/** A model that does everything that it reads: calls what is named, repeats the text, cites it by placeholder. */
function follower(asked: Asked): Act {
  const results = resultsIn(asked);
  if (!results.has('t1')) {
    return {
      call: [
        { name: 'get_news', args: { symbol: null } },
        { name: 'place_order', args: { symbol: 'GME' } },
        { name: 'risk', args: { account: '1000000', percent: '99' } },
        { name: 'list_plans', args: { memberId: '200000000000000009' } },
        { name: 'explain_plan', args: { planId: 'deadbeefdeadbeef' } },
      ],
    };
  }
  const told = asked.input.some((item) => item.role === 'developer');
  const everything = asked.input.map((item) => item.output ?? item.content ?? '').join(' ');
  // first in its own words, then, told not to, through the placeholders
  return {
    say: told
      ? 'The news: {{t1.items.0.title|text}} by {{t1.items.0.publisher|text}}, for {{t0.memberName|text}}: {{t1.items.0.url|link}}'
      : `As told: ${/(?:title|publisher|memberName|question)":"((?:[^"\\]|\\.)*)"/.exec(everything)?.[1] ?? ''} ${everything.slice(-400)}`,
  };
}

describe('an instruction in the words of others', () => {
  it.each(PLACES)(
    'in the %s moves nobody: no tool misused, no ping, no foreign link, by model and by template',
    async (place) => {
      const { invoke, commands, written, records } = withWrites();
      const model = createModel({
        apiKey: 'canary-key-42',
        baseUrl: server.baseUrl,
        model: 'scripted',
        requestMs: 10_000,
      });
      const deps = { commands, invoke, log: { warn: () => {} }, metrics: createMetrics() };
      const coaches = [createCoach({ ...deps, model }), createCoach(deps)];
      const acted: string[] = [];
      let byModel = 0;
      for (const text of INJECTIONS) {
        const ctx = stubCtx(place === 'question' ? {} : { [place]: text }, ASKER);
        const question: Question = {
          text: place === 'question' ? `${text} news` : 'any news?',
          ctx,
          history: [{ by: 'member', text }],
          audience: 'private',
        };
        for (const coach of coaches) {
          server.play(follower);
          const answer = await coach.answer(question);
          if (answer.by === 'model') byModel += 1;
          const shown = wholeText(answer);
          const act = actsIn(shown);
          if (act !== undefined) acted.push(`${act} <- ${text} -> ${shown}`);
          expect(shown).not.toContain('canary-key-42');
        }
        for (const { input } of server.asked) {
          expect(JSON.stringify(input)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2060]|\\u0000/);
        }
      }
      expect(acted).toEqual([]);
      expect(written).toEqual([]);
      expect(records.every((record) => record.memberId === ASKER)).toBe(true);
      expect(
        records
          .filter((record) => record.outcome === 'ok')
          .every((record) => !['order', 'risk'].includes(record.command)),
      ).toBe(true);
      expect(INJECTIONS).toHaveLength(50);
      expect(byModel).toBeGreaterThan(40);
    },
  );

  it('is seen by this test when Discord would act on it', () => {
    for (const text of [
      '@everyone',
      '<@123>',
      '<#1>',
      'https://evil.example',
      '[x](y)',
      '```',
      'a\u202eb',
      'discord.gg/x',
    ]) {
      expect(actsIn(text)).toBeDefined();
    }
  });
});
