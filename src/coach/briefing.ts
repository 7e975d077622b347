import type { CommandDefinition } from '../command.ts';
import type { Plan } from '../domain/plan.ts';
import type { ToolResult } from './reference.ts';
import { tidy } from './reference.ts';
import type { Question } from './turn.ts';

const MOST_PLANS = 5;
const LONGEST_NAME = 40;

/** What the common question needs, read before the model is asked: session, indices, the member's plans. */
export interface BriefingDeps {
  readonly ctx: Pick<Question['ctx'], 'overview' | 'plans' | 'caller' | 'clock'>;
  readonly audience: Question['audience'];
}

/** As result `t0`; a part that cannot be read is left out, and plans where others read along. */
export async function briefingOf({ ctx, audience }: BriefingDeps): Promise<ToolResult> {
  const [overview, plans] = await Promise.all([
    Promise.resolve()
      .then(() => ctx.overview())
      .catch(() => undefined),
    audience === 'private'
      ? Promise.resolve()
          .then(() => ctx.plans.list(ctx.caller.memberId))
          .catch(() => undefined)
      : undefined,
  ]);
  const session = overview && {
    phase: overview.phase,
    nextPhase: overview.nextPhase,
    nextChangeAt: overview.nextChangeAt,
    nextHoliday: overview.nextHoliday,
    advancingPct: overview.advancingPct,
    indices: overview.indices.map(({ name, value, changePct }) => ({ name, value, changePct })),
    provenance: overview.provenance,
  };
  return {
    id: 't0',
    tool: 'briefing',
    input: {},
    output: tidy({
      at: ctx.clock.now(),
      memberName: ctx.caller.name.slice(0, LONGEST_NAME),
      ...(session ? { session } : {}),
      ...(plans ? { plans: plans.slice(0, MOST_PLANS).map(planLine) } : {}),
    }),
  };
}

function planLine(plan: Plan): object {
  const { planId, symbol, direction, setup, decidedAt, expiresAt, entry, stop, targets, size, confidence } = plan;
  return {
    planId,
    symbol,
    direction,
    setup: setup.title,
    decidedAt,
    expiresAt,
    triggerPrice: entry.triggerPrice,
    stopPrice: stop.price,
    targets: targets.map(({ name, price, r }) => ({ name, price, r })),
    sizeShares: size.shares,
    riskDollars: size.riskDollars,
    confidence: confidence.score,
  };
}

/** The tools that may be read here: where others read along, none that is private. */
export const readable = (commands: readonly CommandDefinition[], audience: Question['audience']): CommandDefinition[] =>
  commands.filter(
    (command) =>
      command.effect === 'read' &&
      command.tool !== undefined &&
      (audience === 'private' || !command.private || command.name === 'help'),
  );
