import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { createCoach } from '../../src/coach/coach.ts';
import { evaluate } from '../../src/coach/evaluate.ts';
import { parseExpression } from '../../src/coach/expression.ts';
import { createModel } from '../../src/coach/model.ts';
import { render } from '../../src/coach/render.ts';
import { createDesk } from '../../src/coach/turn.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { actsIn } from './acts.ts';
import { TRICKS } from './adversarial.ts';
import { INJECTIONS } from './injection.ts';
import { ASKER, follower, PLACES, questionWith, wholeText } from './injection-model.ts';
import { decimals, fractionOf, tree } from './random-expressions.ts';
import { scripts, startScriptedModel } from './scripted-model.ts';
import { SLIPS } from './slips.ts';
import { NOW, stubCtx, withWrites } from './stub-house.ts';
import { ungroundedIn } from './ungrounded.ts';
import { sentenceSets } from './well-formed.ts';

let server: Awaited<ReturnType<typeof startScriptedModel>>;
beforeAll(async () => {
  server = await startScriptedModel(scripts.good);
});
afterAll(() => server.stop());

/** The numbers of this file, for whoever reads the test's output. */
const tell = (line: string): unknown => process.stdout.write(`  ${line}\n`);

describe('a number that no tool gave', () => {
  it('reaches no message: 0 of 470 adversarial answers and none of over a hundred known slips show one', async () => {
    const { invoke, commands: all } = withWrites();
    const model = createModel({ apiKey: 'k', baseUrl: server.baseUrl, model: 'scripted', requestMs: 10_000 });
    const coach = createCoach({ commands: all, invoke, model, log: { warn: () => {} }, metrics: createMetrics() });
    const slipped: string[] = [];
    let fromModel = 0;
    let answers = 0;
    const tricks = TRICKS.flatMap(({ name, write }) =>
      Array.from({ length: 10 }, (_, i) => ({ name, written: write(21 + ((i * 37 + name.length * 11) % 378)) })),
    );
    for (const { name, written } of [...tricks, ...SLIPS.map((written) => ({ name: 'a slip', written }))]) {
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
        slipped.push(`${name}: ${written} -> ${answer.text} (${found})`);
      for (const source of answer.sources) expect(source.cited.length).toBeGreaterThan(0);
    }
    tell(`${answers} adversarial answers: ${slipped.length} with an ungrounded number, ${fromModel} shown as written`);
    expect(slipped).toEqual([]);
    expect(answers).toBe(470 + SLIPS.length);
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
  it('is shown: of 300 well-formed ones at most three (1 %) are refused', async () => {
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
    tell(`${answers.length} well-formed answers: ${refused.length} refused`);
    expect(answers).toHaveLength(300);
    expect(new Set(answers).size).toBeGreaterThan(290);
    expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(3);
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
    tell(`5000 random answers: ${shown} shown, none with a number of its own, a ping or a foreign link`);
    expect(shown).toBeGreaterThan(500);
  });
});

describe('a derived number', () => {
  it('agrees with exact arithmetic on 1,000 fuzzed expressions and more', () => {
    let values = 0;
    let zeros = 0;
    fc.assert(
      fc.property(tree(4), fc.array(decimals, { minLength: 6, maxLength: 6 }), ({ text, value }, numbers) => {
        const said = comesTo(text, numbers);
        const expected = value(numbers.map(fractionOf));
        if (typeof said === 'string' && said.includes('cancel out')) return;
        if (expected === undefined) {
          zeros += 1;
          expect(said).toBe('division by zero');
          return;
        }
        values += 1;
        if (typeof said === 'string') throw new Error(said);
        expect(said.top * expected[1]).toBe(expected[0] * said.bottom);
      }),
      { numRuns: 1_400, seed: 20151223 },
    );
    tell(`${values} fuzzed expressions equal exact fractions, ${zeros} divisions by zero are refused`);
    expect(values).toBeGreaterThan(1_000);
    expect(zeros).toBeGreaterThan(5);
  });
});

/** By the coach's arithmetic; a sentence where it refuses. */
function comesTo(text: string, numbers: readonly string[]) {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed.reason;
  const output = Object.fromEntries(numbers.map((value, i) => [`f${i}Ratio`, Number(value)]));
  const answer = evaluate(parsed.expression, new Map([['t1', { id: 't1', tool: 'get_price', input: {}, output }]]));
  return answer.ok ? answer.quantity.value : answer.reason;
}

describe('an instruction in the words of others', () => {
  it.each(PLACES)(
    'in the %s moves nobody: 50 texts, 0 tools misused, 0 pings, 0 foreign links, by model and by template',
    async (place) => {
      const { invoke, commands: all, written, records } = withWrites();
      const model = createModel({
        apiKey: 'canary-key-42',
        baseUrl: server.baseUrl,
        model: 'scripted',
        requestMs: 10_000,
      });
      const deps = { commands: all, invoke, log: { warn: () => {} }, metrics: createMetrics() };
      const coaches = [createCoach({ ...deps, model }), createCoach(deps)];
      const acted: string[] = [];
      let byModel = 0;
      for (const text of INJECTIONS) {
        for (const coach of coaches) {
          server.play(follower);
          const answer = await coach.answer(questionWith(text, place));
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
      const foreign = records.filter(({ memberId }) => memberId !== ASKER);
      const misused = records.filter(
        ({ command, outcome }) => outcome === 'ok' && /order|risk|take|close|fix/.test(command),
      );
      tell(
        `${INJECTIONS.length} texts in the ${place}: ${written.length + foreign.length + misused.length} tools misused, ${acted.length} pings or foreign links, ${byModel} answered by the model that obeys`,
      );
      expect(acted).toEqual([]);
      expect([written, foreign, misused]).toEqual([[], [], []]);
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
