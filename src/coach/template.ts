import type { CommandDefinition } from '../command.ts';
import { shown } from './foreign-text.ts';
import type { Intent, Wanted } from './intents.ts';
import { needsSymbol, wantedIn } from './intents.ts';
import type { Rendered } from './render.ts';
import { render } from './render.ts';
import * as sentences from './sentences.ts';
import * as about from './trade-sentences.ts';
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
  question: Pick<Question, 'text' | 'planId' | 'audience' | 'ctx'>,
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
  'That is private and not read where others read along: ask with /coach, which opens a thread for you alone.';

async function say(
  intent: Intent,
  { symbol }: Wanted,
  question: Pick<Question, 'planId' | 'audience'>,
  { commands, desk }: TemplateDeps,
): Promise<readonly Line[]> {
  if (needsSymbol(intent) && symbol === undefined) return [sentences.WHICH_SYMBOL];
  const read = async (tool: string, input: Readonly<Record<string, unknown>> = {}): Promise<Answered> => {
    const command = commands.find((one) => one.tool === tool);
    return command ? desk.read(command, input) : { ok: false, reason: PRIVATE_ELSEWHERE };
  };
  const of = symbol === undefined ? {} : { symbol };
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
      return [told(await read('build_plan', of), sentences.plan)];
    case 'levels':
      return [told(await read('get_levels', of), sentences.levels)];
    case 'news':
      return [told(await read('get_news', of), sentences.news)];
    case 'price':
      return [told(await read('get_price', of), sentences.price)];
    case 'watchlist':
      return [told(await read('list_watchlist'), sentences.watchlist)];
    case 'my-plans':
      return [told(await read('list_plans'), sentences.plans)];
    case 'my-trades':
      return [told(await read('list_trades'), about.trades)];
    case 'setups':
      return [told(await read('list_setups'), about.setups)];
    case 'trade-result': {
      const listed = await read('list_trades');
      if (!listed.ok) return [{ plain: listed.reason }];
      const latest = about.latestTrade(outputOf(listed), symbol);
      if (!latest) return [about.NO_TRADE_YET];
      return [told(await read('show_trade', { id: latest.tradeId.slice(0, 12) }), about.trade)];
    }
    case 'why-plan': {
      const alone = question.audience === 'private';
      const planId = question.planId ?? (alone ? await latestPlan(read, symbol) : undefined);
      if (planId === undefined) return [alone ? sentences.NO_PLAN_YET : { plain: PRIVATE_ELSEWHERE }];
      const tool = alone ? 'explain_plan' : 'explain_offer';
      return [told(await read(tool, { planId: planId.slice(0, 12) }), sentences.why)];
    }
  }
}

type Answered = Awaited<ReturnType<Desk['read']>>;

/** What one tool's answer says, or the tool's own refusal. */
function told(answer: Answered, sentence: (id: string, output: never) => string): Line {
  return answer.ok ? sentence(answer.result.id, answer.result.output as never) : { plain: answer.reason };
}

/** Of the trade or the plan that came last; of this symbol where there is one. */
async function latestPlan(
  read: (tool: string) => Promise<Answered>,
  symbol: string | undefined,
): Promise<string | undefined> {
  const [traded, listed] = await Promise.all([read('list_trades'), read('list_plans')]);
  const trade = traded.ok ? about.latestTrade(outputOf(traded), symbol) : undefined;
  const plans = listed.ok ? outputOf<{ plans: readonly PlanHead[] }>(listed).plans : [];
  const plan = plans.find((one) => one.symbol === symbol) ?? plans[0];
  if (!trade || !plan) return trade?.planId ?? plan?.planId;
  const fits = (one: { readonly symbol: string }): boolean => symbol === undefined || one.symbol === symbol;
  if (fits(trade) !== fits(plan)) return fits(trade) ? trade.planId : plan.planId;
  return trade.armedAt >= plan.decidedAt ? trade.planId : plan.planId;
}

interface PlanHead {
  readonly planId: string;
  readonly symbol: string;
  readonly decidedAt: number;
}

const outputOf = <T>({ result }: Extract<Answered, { ok: true }>): T => result.output as unknown as T;

const plain = (text: string): Rendered => ({ ok: true, text, sources: [] });
