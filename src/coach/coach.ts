import type { CommandDefinition, Invoke } from '../command.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { type AlertsToday, briefingOf, isOwn, readable } from './briefing.ts';
import { buttonsFor } from './follow-up.ts';
import { runLoop } from './loop.ts';
import type { Model } from './model.ts';
import type { Rendered } from './render.ts';
import { answerByTemplate } from './template.ts';
import { toolsOf } from './tools.ts';
import type { CoachAnswer, Desk, Fault, Question } from './turn.ts';
import { createDesk, jointProvenance } from './turn.ts';

/** Calls `fn` after so many milliseconds of wall time; gives back what cancels it. */
export type After = (ms: number, fn: () => void) => () => void;

export interface Coach {
  /** Always an answer within the deadline, never a rejection. */
  answer(question: Question): Promise<CoachAnswer>;
}

/** One after the other they take 18 s at worst, and a member is answered within twenty, Discord's part included. */
const BRIEFING_MS = 1_500;
const MODEL_MS = 13_000;
const TEMPLATE_MS = 3_500;

const wallAfter: After = (ms, fn) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
};

/** The coach: by the model where there is one and it keeps to the rules, else by fixed sentences over the same tools. */
export function createCoach(deps: {
  commands: readonly CommandDefinition[];
  invoke: Invoke;
  /** Absent: the template coach alone, without any apology. */
  model?: Model | undefined;
  /** What the house has posted lately. */
  alertsToday?: AlertsToday;
  log: Pick<Log, 'warn'>;
  metrics: Pick<Metrics, 'counter'>;
  after?: After;
}): Coach {
  const { commands, invoke, model, alertsToday, log, metrics, after = wallAfter } = deps;
  const answers = metrics.counter('coach_answers_total', 'Answers of the coach', ['by', 'fault']);

  const byModel = async (question: Question, desk: Desk, offered: readonly CommandDefinition[], chosen: Model) => {
    const stop = new AbortController();
    const cancel = after(MODEL_MS, () => stop.abort());
    const late = new Promise<{ ok: false; fault: Fault; detail?: unknown }>((resolve) =>
      stop.signal.addEventListener('abort', () => resolve({ ok: false, fault: 'timeout' }), { once: true }),
    );
    const run = async () => {
      try {
        return await runLoop(question, { model: chosen, tools: toolsOf(offered), desk, signal: stop.signal });
      } catch (err) {
        return { ok: false as const, fault: 'garbage' as const, detail: err };
      }
    };
    try {
      return await Promise.race([run(), late]);
    } finally {
      cancel();
    }
  };

  const byTemplate = async (question: Question, desk: Desk, offered: readonly CommandDefinition[]) => {
    const none: Rendered = {
      ok: true,
      text: 'The data did not come in time either; ask again in a minute.',
      sources: [],
    };
    return within(after, TEMPLATE_MS, answerByTemplate(question, { commands: offered, desk }), {
      rendered: none,
      intents: [],
    });
  };

  return {
    async answer(question) {
      const offered = readable(commands, question.audience);
      const { ctx } = question;
      const briefing = model && (await within(after, BRIEFING_MS, briefingOf({ ...question, alertsToday }), undefined));
      const desk = createDesk({ invoke, ctx, ...(briefing ? { briefing: briefing.result } : {}) });
      let fault: Fault | undefined;
      if (model) {
        const looped = await byModel(question, desk, offered, model);
        if (looped.ok) {
          answers.inc({ by: 'model', fault: 'none' });
          return finished(looped.rendered, 'model', desk, commands, briefing?.stamps);
        }
        fault = looped.fault;
        log.warn({ fault, err: looped.detail, memberId: ctx.caller.memberId }, 'the model did not answer');
      }
      // what the model read is not the member's question
      const own = createDesk({ invoke, ctx });
      const { rendered } = await byTemplate(question, own, offered);
      answers.inc({ by: 'template', fault: fault ?? 'none' });
      const text = fault === undefined ? rendered.text : `${APOLOGY[fault] ?? UNAVAILABLE}\n${rendered.text}`;
      return { ...finished({ ...rendered, text }, 'template', own, commands), ...(fault ? { fault } : {}) };
    },
  };
}

const UNAVAILABLE = 'The AI model is unavailable right now, so this comes straight from the data.';

const APOLOGY: Partial<Record<Fault, string>> = {
  timeout: 'The AI model had no answer in time, so this comes straight from the data.',
  ungrounded:
    "The AI model's answer was withheld: it held something that no source backs. This comes straight from the data.",
  endless: 'The AI model found no end, so this comes straight from the data.',
  refusal: 'The AI model declined that question; this comes straight from the data.',
  empty: 'The AI model said nothing, so this comes straight from the data.',
};

const ACTED_ON = new Set(['plan-build', 'plan-show', 'trade-show']);

function finished(
  rendered: Rendered,
  by: CoachAnswer['by'],
  desk: Desk,
  commands: readonly CommandDefinition[],
  briefed: readonly Provenance[] = [],
): CoachAnswer {
  const cards = desk.readings.filter(({ command }) => ACTED_ON.has(command.name)).map(({ card }) => card);
  const citesBriefing = rendered.sources.some(({ cited }) => cited.some(({ result }) => result === 't0'));
  const stamps = desk.readings.map((reading) => reading.provenance);
  const provenance = jointProvenance(citesBriefing ? [...stamps, ...briefed] : stamps);
  return {
    text: rendered.text,
    sources: rendered.sources,
    buttons: buttonsFor(desk.readings, commands),
    cards: cards.slice(-2),
    ...(provenance ? { provenance } : {}),
    by,
    private: desk.readings.some(({ command }) => isOwn(command)),
  };
}

async function within<T>(after: After, ms: number, work: Promise<T>, otherwise: T): Promise<T> {
  const late = Promise.withResolvers<T>();
  const cancel = after(ms, () => late.resolve(otherwise));
  try {
    return await Promise.race([work.catch(() => otherwise), late.promise]);
  } finally {
    cancel();
  }
}
