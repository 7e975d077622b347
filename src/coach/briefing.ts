import type { CommandDefinition } from '../command.ts';
import type { Alert } from '../domain/alert.ts';
import type { Plan } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import { sessionDateOf } from '../domain/session.ts';
import { alertLine, isFor, planLine, tradeLine } from './briefing-lines.ts';
import type { ToolResult } from './reference.ts';
import { firstOf, tidy } from './reference.ts';
import type { Question } from './turn.ts';

const MOST_PLANS = 5;
const MOST_TRADES = 8;
const MOST_ALERTS = 12;
const LONGEST_NAME = 40;

/** What the common question needs, read before the model is asked: session, indices, the member's plans and trades, today's alerts. */
export interface BriefingDeps {
  readonly ctx: Pick<Question['ctx'], 'overview' | 'plans' | 'trades' | 'offers' | 'caller' | 'clock'>;
  readonly audience: Question['audience'];
  readonly planId?: string;
  readonly alertsToday?: AlertsToday | undefined;
}

/** Posted lately, in any order. */
export type AlertsToday = () => Promise<readonly Alert[]>;

export interface Briefing {
  readonly result: ToolResult;
  /** Of everything in it. */
  readonly stamps: readonly Provenance[];
}

/** As result `t0`; a part that cannot be read is left out, and where others read along everything that is one member's own. */
export async function briefingOf({ ctx, audience, planId, alertsToday }: BriefingDeps): Promise<Briefing> {
  const { memberId } = ctx.caller;
  const alone = audience === 'private';
  const [overview, plans, trades, alerts, about] = await Promise.all([
    quietly(() => ctx.overview()),
    alone ? quietly(() => ctx.plans.list(memberId)) : undefined,
    alone ? quietly(() => ctx.trades.list(memberId)) : undefined,
    alertsToday && quietly(alertsToday),
    planId === undefined ? undefined : quietly(() => planAt(ctx, planId, alone)),
  ]);
  const today = sessionDateOf(ctx.clock.now());
  const news = alerts
    ?.filter((alert) => sessionDateOf(alert.at) === today && isFor(alert, alone ? memberId : undefined))
    .sort((a, b) => b.at - a.at);
  const shown = trades && [...trades].sort((a, b) => Number(isOver(a)) - Number(isOver(b)));
  const session = overview && {
    phase: overview.phase,
    nextPhase: overview.nextPhase,
    nextChangeAt: overview.nextChangeAt,
    nextHoliday: overview.nextHoliday,
    advancingPct: overview.advancingPct,
    indices: overview.indices.map(({ name, value, changePct }) => ({ name, value, changePct })),
    provenance: overview.provenance,
  };
  const result: ToolResult = {
    id: 't0',
    tool: 'briefing',
    input: {},
    output: tidy({
      at: ctx.clock.now(),
      memberName: ctx.caller.name.slice(0, LONGEST_NAME),
      ...(session ? { session } : {}),
      ...(about ? { planOfThisThread: planLine(about) } : {}),
      ...(plans ? { plans: firstOf(plans.map(planLine), MOST_PLANS) } : {}),
      ...(shown ? { trades: firstOf(shown.map(tradeLine), MOST_TRADES) } : {}),
      ...(news ? { alertsOfToday: firstOf(news.map(alertLine), MOST_ALERTS) } : {}),
    }),
  };
  const stamps = [overview?.provenance, ...(shown ?? []).slice(0, MOST_TRADES).map(({ provenance }) => provenance)];
  return { result, stamps: stamps.filter((stamp) => stamp !== undefined) };
}

/** Everybody's plan, or with nobody else reading the member's own. */
async function planAt(ctx: BriefingDeps['ctx'], planId: string, alone: boolean): Promise<Plan | undefined> {
  const { memberId } = ctx.caller;
  const own = alone ? await quietly(() => ctx.plans.get(memberId, planId)) : undefined;
  if (own) return own;
  const offer = await ctx.offers.get(memberId, planId);
  return offer.memberId === null || alone ? offer.plan : undefined;
}

type Listed = Awaited<ReturnType<Question['ctx']['trades']['list']>>[number];

const isOver = ({ trade }: Listed): boolean => trade.state === 'closed';

async function quietly<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** Whether what a command tells is one member's alone; help is private only not to fill a channel. */
export const isOwn = (command: CommandDefinition): boolean => command.private === true && command.name !== 'help';

/** The tools that may be read here: where others read along, none that tells what is one member's alone. */
export const readable = (commands: readonly CommandDefinition[], audience: Question['audience']): CommandDefinition[] =>
  commands.filter(
    (command) => command.effect === 'read' && command.tool !== undefined && (audience === 'private' || !isOwn(command)),
  );
