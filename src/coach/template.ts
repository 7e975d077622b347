import type { CommandDefinition } from '../command.ts';
import { shown } from './foreign-text.ts';
import type { Intent, Wanted } from './intents.ts';
import { needsSymbol, wantedIn } from './intents.ts';
import type { Rendered } from './render.ts';
import { render } from './render.ts';
import * as sentences from './sentences.ts';
import type { Desk, Question } from './turn.ts';

interface TemplateDeps {
  readonly commands: readonly CommandDefinition[];
  readonly desk: Desk;
}

/** A sentence with placeholders, or one that is shown as it is: a refusal may hold what the member typed. */
type Line = string | { readonly plain: string };

const LONGEST_REFUSAL = 400;

/** The coach by fixed rules over the same tools and the same placeholders; `intents` is empty when it did not understand. */
export async function answerByTemplate(
  question: Pick<Question, 'text' | 'planId' | 'ctx'>,
  deps: TemplateDeps,
): Promise<{ readonly rendered: Rendered; readonly intents: readonly Intent[] }> {
  const wanted = wantedIn(question.text);
  const lines = await Promise.all(wanted.intents.map((intent) => say(intent, wanted, question, deps)));
  const frame = { results: deps.desk.results, now: question.ctx.clock.now() };
  const parts = (lines.length === 0 ? [sentences.NOT_UNDERSTOOD] : lines.flat()).map((line) => {
    if (typeof line !== 'string') return plain(shown(line.plain, LONGEST_REFUSAL));
    const rendered = render(line, frame);
    return rendered.ok ? rendered : plain('A part of this cannot be read from the data right now.');
  });
  return {
    rendered: {
      ok: true,
      text: parts.map((part) => part.text).join('\n'),
      sources: parts.flatMap((part) => part.sources),
    },
    intents: wanted.intents,
  };
}

const PRIVATE_ELSEWHERE =
  'That is private and not read where others read along; the slash command shows it to you alone.';

async function say(
  intent: Intent,
  { symbol }: Wanted,
  question: Pick<Question, 'planId'>,
  { commands, desk }: TemplateDeps,
): Promise<readonly Line[]> {
  if (needsSymbol(intent) && symbol === undefined) return [sentences.WHICH_SYMBOL];
  const read = async (tool: string, input: Readonly<Record<string, unknown>> = {}): Promise<Answered> => {
    const command = commands.find((one) => one.tool === tool);
    return command ? desk.read(command, input) : { ok: false, reason: PRIVATE_ELSEWHERE };
  };
  const about = symbol === undefined ? {} : { symbol };
  switch (intent) {
    case 'help':
      return [told(await read('list_commands'), sentences.help)];
    case 'movers': {
      const [up, down] = await Promise.all([
        read('get_movers', { direction: 'up', limit: 5 }),
        read('get_movers', { direction: 'down', limit: 5 }),
      ]);
      return [told(up, sentences.gainers), told(down, sentences.losers)];
    }
    case 'breadth':
      return [told(await read('get_breadth'), sentences.breadth)];
    case 'market': {
      const [status, breadth] = await Promise.all([read('get_status'), read('get_breadth')]);
      return [told(status, sentences.indices), told(breadth, sentences.breadth)];
    }
    case 'open':
      return [told(await read('get_status'), sentences.session)];
    case 'holiday':
      return [told(await read('get_status'), sentences.holiday)];
    case 'plan':
      return [told(await read('build_plan', about), sentences.plan)];
    case 'levels':
      return [told(await read('get_levels', about), sentences.levels)];
    case 'news':
      return [told(await read('get_news', about), sentences.news)];
    case 'price':
      return [told(await read('get_price', about), sentences.price)];
    case 'watchlist':
      return [told(await read('list_watchlist'), sentences.watchlist)];
    case 'my-plans':
      return [told(await read('list_plans'), sentences.plans)];
    case 'why-plan': {
      const listed = question.planId === undefined ? await read('list_plans') : undefined;
      if (listed && !listed.ok) return [{ plain: listed.reason }];
      const planId = question.planId ?? (listed && latestPlan(listed, symbol));
      if (planId === undefined) return [sentences.NO_PLAN_YET];
      return [told(await read('explain_plan', { planId: planId.slice(0, 64) }), sentences.why)];
    }
  }
}

type Answered = Awaited<ReturnType<Desk['read']>>;

/** What one tool's answer says, or the tool's own refusal. */
function told(answer: Answered, sentence: (id: string, output: never) => string): Line {
  return answer.ok ? sentence(answer.result.id, answer.result.output as never) : { plain: answer.reason };
}

function latestPlan(answer: Extract<Answered, { ok: true }>, symbol: string | undefined): string | undefined {
  const { plans } = answer.result.output as unknown as {
    readonly plans: readonly { readonly planId: string; readonly symbol: string }[];
  };
  return (plans.find((plan) => plan.symbol === symbol) ?? plans[0])?.planId;
}

const plain = (text: string): Rendered => ({ ok: true, text, sources: [] });
