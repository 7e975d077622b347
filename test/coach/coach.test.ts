import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { After } from '../../src/coach/coach.ts';
import { createCoach } from '../../src/coach/coach.ts';
import { createModel } from '../../src/coach/model.ts';
import { LONGEST_PROMPT } from '../../src/coach/prompt.ts';
import type { Question } from '../../src/coach/turn.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { samplePlan } from '../cards/sample.ts';
import { createHandClock, settle } from '../kit/hand-clock.ts';
import { type Script, scripts, startScriptedModel } from './scripted-model.ts';
import { stubCtx, withWrites } from './stub-house.ts';

let server: Awaited<ReturnType<typeof startScriptedModel>>;
beforeAll(async () => {
  server = await startScriptedModel(scripts.good);
});
afterAll(() => server.stop());

const question = (over: Partial<Question> = {}): Question => ({
  text: 'How is AAPL and how is breadth?',
  ctx: stubCtx(),
  history: [],
  audience: 'private',
  ...over,
});

function house(script: Script, { stream = false, after }: { stream?: boolean; after?: After } = {}) {
  server.play(script);
  const { invoke, commands, written, records } = withWrites();
  const warnings: unknown[] = [];
  const model = createModel({ apiKey: 'k', baseUrl: server.baseUrl, model: 'scripted', stream, requestMs: 10_000 });
  const coach = createCoach({
    commands,
    invoke,
    model,
    log: { warn: (...line: unknown[]) => warnings.push(line) },
    metrics: createMetrics(),
    ...(after ? { after } : {}),
  });
  return { coach, written, records, warnings };
}

describe.each([{ stream: false }, { stream: true }])('the coach with a model (stream: $stream)', ({ stream }) => {
  it('answers with the tools’ numbers in bold and the source of each', async () => {
    const { coach, records } = house(scripts.good, { stream });
    const progress: string[] = [];
    const answer = await coach.answer(question({ onProgress: (line) => progress.push(line) }));
    expect(answer.text).toBe(
      'AAPL trades at **$94.10**, **+1.2 %** on the day, and **62.3 %** of stocks advance. From the close before, that is **+1.2 %**.',
    );
    expect(answer).toMatchObject({
      by: 'model',
      private: false,
      provenance: { source: 'Sandbox replay of 23 Dec 2015' },
    });
    expect(
      answer.sources.map((source) => [source.shown, source.cited.map((one) => `${one.tool} ${one.field}`)]),
    ).toEqual([
      ['$94.10', ['get_price lastDollars']],
      ['+1.2 %', ['get_price changePct']],
      ['62.3 %', ['get_breadth advancingPct']],
      ['+1.2 %', ['get_price lastDollars', 'get_price previousCloseDollars', 'get_price previousCloseDollars']],
    ]);
    expect(answer.sources[0]?.cited[0]).toMatchObject({
      input: { symbol: 'AAPL' },
      source: 'Sandbox replay of 23 Dec 2015',
    });
    expect(records.every((record) => record.memberId === '100000000000000007' && record.outcome === 'ok')).toBe(true);
    expect(progress).toHaveLength(2);
    expect(server.asked).toHaveLength(2);
    expect(server.asked.every((body) => body.store === false && body.tools.every((tool) => tool.strict))).toBe(true);
  });

  it.each([
    ['unauthorized', scripts.unauthorized],
    ['rate_limited', scripts.rateLimited],
    ['server_error', scripts.broken],
    ['garbage', scripts.garbage],
    ['empty', scripts.empty],
    ['refusal', scripts.declines],
    ['unauthorized', scripts.revoked],
    ['endless', scripts.endless],
    ['ungrounded', scripts.bareNumbers],
    ['ungrounded', scripts.inventsFields],
  ] as const)('answers from the data and says so when the model is %s', async (fault, script) => {
    const { coach, warnings } = house(script, { stream });
    const answer = await coach.answer(question({ text: 'how is breadth?' }));
    expect(answer).toMatchObject({ by: 'template', fault });
    expect(answer.text).toMatch(
      /^The AI model.*straight from the data\.\nBreadth is broadly rising: \*\*62\.3 %\*\* of \*\*483\*\* stocks advance/s,
    );
    expect(warnings).toHaveLength(1);
    expect(server.asked.length).toBeLessThanOrEqual(4);
  });

  it('answers from the data when the line is cut in the middle', async () => {
    const { coach } = house(scripts.cut, { stream });
    expect(await coach.answer(question({ text: 'is the market open?' }))).toMatchObject({
      by: 'template',
      text: expect.stringContaining('The market is open. Next: the regular session closes at **<t:'),
    });
  });
});

describe('the coach', () => {
  it('lets the model mend an answer once', async () => {
    const { coach } = house(scripts.mends);
    expect(await coach.answer(question())).toMatchObject({ by: 'model', text: 'AAPL trades at **$94.10**.' });
    expect(server.asked).toHaveLength(3);
    expect(server.asked[2]?.input.at(-1)?.content).toContain('a bare number "$94.10');
  });

  it('answers unknown tools, broken arguments and foreign ids as errors, and nothing is written', async () => {
    const { coach, written, records } = house(scripts.foreign);
    const answer = await coach.answer(question());
    expect(answer).toMatchObject({ by: 'model', text: 'Nothing could be read.' });
    const outputs = server.asked[1]?.input
      .filter((item) => item.type === 'function_call_output')
      .map((item) => item.output);
    expect(outputs).toHaveLength(6);
    for (const output of outputs ?? []) expect(JSON.parse(output ?? '')).toHaveProperty('error');
    expect(written).toEqual([]);
    expect(records.map((record) => record.command)).toEqual(['plan-why']);
  });

  it('makes at most eight calls however many the model wants', async () => {
    const { coach, records } = house(scripts.greedy);
    await coach.answer(question());
    expect(records).toHaveLength(8);
    const refused = server.asked[1]?.input.filter((item) => item.output?.includes('no calls are left'));
    expect(refused).toHaveLength(3);
  });

  it('waits for a slow model that keeps within its time', async () => {
    const { coach } = house(scripts.slow);
    expect(await coach.answer(question())).toMatchObject({ by: 'model', text: expect.stringContaining('**$94.10**') });
    expect(server.asked).toHaveLength(2);
  });

  it('never reads more than its prompt has room for: the oldest memory goes first', async () => {
    const { coach } = house((asked) =>
      asked.input.some((item) => item.type === 'function_call_output')
        ? { say: 'Nothing more.' }
        : {
            call: Array.from({ length: 8 }, (_, i) => ({
              name: 'explain_plan',
              args: { planId: samplePlan.planId.slice(0, 6 + i) },
            })),
          },
    );
    const history = Array.from({ length: 24 }, (_, i) => ({
      by: i % 2 === 0 ? ('member' as const) : ('coach' as const),
      text: `memory ${i} ${'w'.repeat(1_190)}`,
    }));
    const reasons = Array.from({ length: 20 }, () => 'n'.repeat(290));
    const wordy = { ...samplePlan, rationale: { ...samplePlan.rationale, for: reasons } };
    const ctx = stubCtx();
    const plans = { ...ctx.plans, get: async () => wordy };
    await coach.answer(question({ text: 'x'.repeat(2_500), history, ctx: { ...ctx, plans } }));
    const sizes = server.asked.map(({ input }) =>
      input.reduce((sum, item) => sum + (item.content ?? item.output ?? '').length, 0),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LONGEST_PROMPT);
    const [first, second] = server.asked.map(({ input }) => JSON.stringify(input));
    expect(first).toContain('memory 0 ');
    expect(second).toContain('memory 23 ');
    expect(second).not.toContain('memory 0 ');
  });

  it.each([
    ['dead', scripts.dead, false],
    ['stalled', scripts.stalls, false],
    ['stalled stream of a', scripts.stalls, true],
  ] as const)('gives a %s model up in thirteen seconds and answers from the data', async (_name, script, stream) => {
    const clock = createHandClock();
    const { coach } = house(script, { after: clock.setTimer, stream });
    let answered = false;
    const pending = coach.answer(question({ text: 'breadth' })).then((answer) => {
      answered = true;
      return answer;
    });
    while (server.asked.length === 0) await settle();
    await clock.advance(12_999);
    expect(answered).toBe(false);
    await clock.advance(1);
    expect(await pending).toMatchObject({ by: 'template', fault: 'timeout', text: expect.stringContaining('62.3 %') });
    expect(clock.timers()).toBe(0);
  });

  it('still answers when the data hangs too', async () => {
    const clock = createHandClock();
    const { coach } = house(scripts.dead, { after: clock.setTimer });
    const ctx = {
      ...stubCtx(),
      overview: () => new Promise(() => {}),
      market: { breadth: () => new Promise(() => {}), indices: () => new Promise(() => {}) },
    };
    const pending = coach.answer(question({ text: 'breadth', ctx: ctx as unknown as Question['ctx'] }));
    await clock.advance(1_500);
    while (server.asked.length === 0) await settle();
    await clock.advance(16_500);
    expect(await pending).toMatchObject({ by: 'template', text: expect.stringContaining('did not come in time') });
    expect(clock.now()).toBeLessThanOrEqual(18_000);
  });

  it('keeps the plans of the asker out of places where others read along', async () => {
    const { coach } = house(scripts.good);
    await coach.answer(question({ audience: 'shared' }));
    const [body] = server.asked;
    expect(body?.tools.map((tool) => tool.name)).not.toContain('list_plans');
    expect(JSON.stringify(body?.input)).not.toContain('7f3a9c51d2e8');
    server.play(scripts.good);
    await coach.answer(question());
    expect(JSON.stringify(server.asked[0]?.input)).toContain('7f3a9c51d2e8');
  });

  it('sends the model only texts without hidden characters, in typed fields of limited length', async () => {
    const { coach } = house(scripts.good);
    const ctx = stubCtx({ memberName: `A\u202eB\u200b${'x'.repeat(100)}` });
    await coach.answer(question({ text: `what\u0000 now\u2066${'y'.repeat(5_000)}`, ctx }));
    const sent = JSON.stringify(server.asked[0]?.input);
    expect(sent).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]|\\u0000/);
    expect(sent.match(/x+/g)?.every((run) => run.length <= 40)).toBe(true);
    expect(sent.match(/y+/g)?.every((run) => run.length <= 2_500)).toBe(true);
  });
});
