import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { createCoach } from '../../src/coach/coach.ts';
import { createModel } from '../../src/coach/model.ts';
import { render } from '../../src/coach/render.ts';
import type { CoachAnswer } from '../../src/coach/turn.ts';
import { createDesk } from '../../src/coach/turn.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { actsIn } from './acts.ts';
import { inWords, TRICKS } from './adversarial.ts';
import { INJECTIONS } from './injection.ts';
import { scripts, startScriptedModel } from './scripted-model.ts';
import { NOW, stubCtx, withWrites } from './stub-house.ts';
import { sentenceSets } from './well-formed.ts';

let server: Awaited<ReturnType<typeof startScriptedModel>>;
beforeAll(async () => {
  server = await startScriptedModel(scripts.good);
});
afterAll(() => server.stop());

const ALLOWED =
  /S&P 500|Nasdaq 100|Russell 2000|52-week|\b(?:5|15) min\b|\bT[123]\b|\bEMA \d+\b|\b(?:upper|second) half\b/g;
const WORDS = new RegExp(
  `\\b(?:${Array.from({ length: 378 }, (_, i) => inWords(i + 21))
    .flatMap((words) => words.split(/[ -]/))
    .filter((word, i, all) => all.indexOf(word) === i && word !== 'one')
    .join('|')}|half|thirds?|millions?|thousand)\\b`,
  'i',
);

/** As Discord shows it: an escaped character is itself. */
const readAs = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f*]/g, '')
    .replace(/\\(.)/g, '$1');

/** Numbers in a message that none of its sources shows; written apart from the code that it judges. */
function ungroundedIn({ text, sources }: Pick<CoachAnswer, 'text' | 'sources'>): string | undefined {
  let rest = readAs(text);
  const shown = sources.map((source) => readAs(source.shown));
  for (const one of shown.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(one, '');
  // marks of a list count its lines, not the market
  rest = rest.replace(ALLOWED, '').replace(/^[1-9]\. /gm, '');
  return (/\p{N}+/u.exec(rest) ??
    WORDS.exec(rest) ??
    /[$€%]/.exec(rest) ??
    /[^\p{Script=Latin}\p{P}\p{S}\p{Z}\s]/u.exec(rest))?.[0];
}

describe('a number that no tool gave', () => {
  it('reaches no message in any of 470 answers', async () => {
    const { invoke, commands: all } = withWrites();
    const model = createModel({ apiKey: 'k', baseUrl: server.baseUrl, model: 'scripted', requestMs: 10_000 });
    const coach = createCoach({ commands: all, invoke, model, log: { warn: () => {} }, metrics: createMetrics() });
    const slipped: string[] = [];
    let fromModel = 0;
    let answers = 0;
    for (const trick of TRICKS) {
      for (let i = 0; i < 10; i += 1) {
        const written = trick.write(21 + ((i * 37 + trick.name.length * 11) % 378));
        server.play((asked) =>
          asked.input.some((item) => item.type === 'function_call_output')
            ? { say: written }
            : { call: [{ name: 'get_price', args: { symbol: 'AAPL' } }] },
        );
        const answer = await coach.answer({
          text: 'is the market open?',
          ctx: stubCtx(),
          history: [],
          audience: 'private',
        });
        answers += 1;
        if (answer.by === 'model') fromModel += 1;
        const found = ungroundedIn(answer);
        if (found !== undefined || answer.by === 'model')
          slipped.push(`${trick.name}: ${written} -> ${answer.text} (${found})`);
        for (const source of answer.sources) expect(source.cited.length).toBeGreaterThan(0);
      }
    }
    expect(slipped).toEqual([]);
    expect(answers).toBe(470);
    expect(fromModel).toBe(0);
  });

  it('is found by this test when it is there', () => {
    expect(ungroundedIn({ text: 'AAPL at **$94.10**.', sources: [] })).toBe('94');
    expect(ungroundedIn({ text: 'AAPL at fifty.', sources: [] })).toBe('fifty');
    expect(
      ungroundedIn({
        text: 'AAPL at **$94.10**.',
        sources: [{ shown: '$94.10', expression: 't1.lastDollars', cited: [] }],
      }),
    ).toBeUndefined();
  });
});

describe('an answer that keeps to the rules', () => {
  it('is shown: of 300 at most three are refused', async () => {
    const { invoke } = withWrites();
    const desk = createDesk({ invoke, ctx: stubCtx() });
    const inputs: [string, object][] = [
      ['price', { symbol: 'AAPL' }],
      ['breadth', {}],
      ['movers', { direction: 'up', limit: 3 }],
      ['plan-build', { symbol: 'AAPL' }],
      ['news', {}],
      ['levels', { symbol: 'AAPL' }],
      ['status', {}],
    ];
    for (const [name, input] of inputs) {
      const command = commands.find((one) => one.name === name);
      const reading = command && (await desk.read(command, input as Record<string, unknown>));
      expect(reading).toMatchObject({ ok: true });
    }
    const refused: string[] = [];
    const answers = sentenceSets(300);
    for (const text of answers) {
      const rendered = render(text, { results: desk.results, now: NOW });
      if (!rendered.ok) refused.push(`${rendered.reason} <- ${text}`);
      else expect(ungroundedIn(rendered)).toBeUndefined();
    }
    expect(answers).toHaveLength(300);
    expect(new Set(answers).size).toBeGreaterThan(290);
    expect(refused).toEqual([]);
  });
});

describe('whatever a model writes', () => {
  it('holds no number of its own, pings nobody and links nowhere, in 5,000 random answers', async () => {
    const { invoke } = withWrites();
    const desk = createDesk({ invoke, ctx: stubCtx() });
    for (const name of ['price', 'news']) {
      const command = commands.find((one) => one.name === name);
      if (command) await desk.read(command, { symbol: 'AAPL' });
    }
    const pieces = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 2, arbitrary: fc.constantFrom(...INJECTIONS) },
      { weight: 1, arbitrary: fc.constantFrom(...TRICKS.map((trick) => trick.write(257))) },
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
    );
    let shown = 0;
    fc.assert(
      fc.property(
        fc.array(pieces, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('', ' ', '\n', '\u200b', '**', '\\'),
        (parts, glue) => {
          const rendered = render(parts.join(glue), { results: desk.results, now: NOW });
          if (!rendered.ok) return;
          shown += 1;
          expect(ungroundedIn(rendered)).toBeUndefined();
          expect(actsIn(rendered.text)).toBeUndefined();
        },
      ),
      { numRuns: 5_000, seed: 7 },
    );
    expect(shown).toBeGreaterThan(500);
  });
});

const FRAGMENTS = [
  '{{t1.lastDollars|money}}',
  '{{t1.changePct|percent}}',
  '{{t2.items.0.title|text}}',
  '{{t2.items.0.url|link}}',
  '{{t1.symbol|text}}',
  '{{',
  '}}',
  '{',
  '|',
  '$',
  '%',
  '@',
  'every',
  'one',
  'here',
  '<',
  '>',
  '@&',
  '#',
  ':',
  '//',
  'http',
  's',
  '[',
  '](',
  ')',
  '`',
  '```',
  '||',
  '\\',
  '**',
  '_',
  'AAPL',
  'long above',
  'S&P 500',
  '52-week',
  'T1',
  'fif',
  'ty',
  'hun',
  'dred',
  'The stock',
  'is up',
  'evil',
  '.com',
  'discord',
  '.gg/',
  '\n',
  '- ',
  '1. ',
  '\u202e',
  '\u200b',
  '\ufe0f\u20e3',
  '\u{e000}',
  '▲',
];
