import { INSTRUCTIONS, repairNote } from './instructions.ts';
import type { Model, ModelCall, ModelItem } from './model.ts';
import { fitting, LONGEST_PROMPT, lengthOf, resultJson } from './prompt.ts';
import type { Refused } from './reference.ts';
import type { Rendered } from './render.ts';
import { render } from './render.ts';
import type { Tool } from './tools.ts';
import { argumentsOf } from './tools.ts';
import type { Desk, Fault, Question } from './turn.ts';

const MOST_ROUNDS = 4;
const MOST_CALLS = 8;

const LONGEST_QUESTION = 2_500;
const LONGEST_MEMORY = 1_200;
/** Twelve questions with their answers. */
const MOST_MEMORIES = 24;
const LONGEST_RESULT = 14_000;
const SHORTEST_RESULT = 1_000;

type Looped =
  | { readonly ok: true; readonly rendered: Rendered }
  | { readonly ok: false; readonly fault: Fault; readonly detail?: unknown };

interface LoopDeps {
  readonly model: Model;
  readonly tools: readonly Tool[];
  readonly desk: Desk;
  readonly signal: AbortSignal;
}

/** Question, tools, answer: at most four rounds and eight calls, and one chance to mend an answer that cannot be shown. */
export async function runLoop(question: Question, { model, tools, desk, signal }: LoopDeps): Promise<Looped> {
  const memories = remembered(question);
  const items: ModelItem[] = opening(question, desk);
  let calls = 0;
  let mended = false;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const mustAnswer = round === MOST_ROUNDS || calls >= MOST_CALLS || mended;
    const read = [...fitting(memories, items), ...items];
    const reply = await model.ask({ instructions: INSTRUCTIONS, items: read, tools, mustAnswer }, signal);
    if (signal.aborted) return { ok: false, fault: 'timeout' };
    if (!reply.ok) return { ok: false, fault: reply.fault, detail: reply.err };
    if (reply.calls.length > 0) {
      if (mustAnswer) return { ok: false, fault: 'endless' };
      const left = MOST_CALLS - calls;
      calls += reply.calls.length;
      const room = LONGEST_PROMPT - lengthOf(items);
      items.push(...(await answered(reply.calls, { left, room }, { tools, desk, question })));
      if (signal.aborted) return { ok: false, fault: 'timeout' };
      continue;
    }
    const rendered = render(reply.text, { results: desk.results, now: question.ctx.clock.now() });
    if (rendered.ok) return { ok: true, rendered };
    if (mended) return { ok: false, fault: 'ungrounded', detail: rendered.reason };
    mended = true;
    items.push(
      { kind: 'said', by: 'coach', text: reply.text.slice(0, LONGEST_QUESTION) },
      { kind: 'said', by: 'house', text: repairNote(rendered.reason) },
    );
    // the mending is no round of its own
    round -= 1;
  }
  return { ok: false, fault: 'endless' };
}

function remembered({ history }: Question): ModelItem[] {
  return history.slice(-MOST_MEMORIES).map(({ by, text }): ModelItem => {
    const short = cleaned(text, LONGEST_MEMORY);
    return by === 'coach'
      ? { kind: 'said', by, text: short }
      : { kind: 'said', by, text: JSON.stringify({ earlierQuestion: short }) };
  });
}

function opening(question: Question, desk: Desk): ModelItem[] {
  const text = cleaned(question.text, LONGEST_QUESTION);
  return [
    ...[...desk.results.values()].map(
      (result): ModelItem => ({
        kind: 'said',
        by: 'member',
        text: resultJson(result.id, result.output, LONGEST_RESULT),
      }),
    ),
    { kind: 'said', by: 'member', text: JSON.stringify({ question: text }) },
  ];
}

/** Text by others for the model: no control, zero-width or direction characters; lines stay lines. */
function cleaned(text: string, longest: number): string {
  return text
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu, '')
    .slice(0, longest)
    .trim();
}

/** All calls of a round at once, as the asking member; a call that cannot be made is answered, not skipped. */
async function answered(
  calls: readonly ModelCall[],
  { left, room }: { readonly left: number; readonly room: number },
  { tools, desk, question }: Pick<LoopDeps, 'tools' | 'desk'> & { readonly question: Question },
): Promise<ModelItem[]> {
  const made = Math.min(calls.length, left);
  const longest = Math.max(SHORTEST_RESULT, Math.min(LONGEST_RESULT, Math.floor(room / Math.max(1, made))));
  const outcomes = await Promise.all(
    calls.map(async (call, place): Promise<string> => {
      if (place >= left)
        return wrong({ ok: false, reason: 'no calls are left in this turn; answer from what is here' });
      const tool = tools.find(({ name }) => name === call.name);
      if (!tool) {
        const known = tools.map(({ name }) => name).join(', ');
        return wrong({ ok: false, reason: `there is no tool of that name; there are ${known}` });
      }
      const input = argumentsOf(tool, call.arguments);
      if (!input.ok) return wrong(input);
      question.onProgress?.(`Reading ${tool.command.summary.toLowerCase()}`);
      const reading = await desk.read(tool.command, input.input);
      if (!reading.ok) return wrong(reading);
      const { id, output } = reading.result;
      return resultJson(id, output, longest);
    }),
  );
  return calls.flatMap((call, place): ModelItem[] => [
    { kind: 'call', call: { ...call, arguments: call.arguments.slice(0, LONGEST_QUESTION) } },
    { kind: 'result', callId: call.callId, json: outcomes[place] ?? wrong({ ok: false, reason: 'no answer' }) },
  ]);
}

const wrong = ({ reason }: Refused): string => JSON.stringify({ error: reason });
