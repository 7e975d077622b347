import { answerCards } from '../coach/answer-card.ts';
import { createCoach } from '../coach/coach.ts';
import { createModel } from '../coach/model.ts';
import type { Caller, CommandDefinition, Ctx, Invoke } from '../command.ts';
import type { ConversationDeps } from '../discord/conversation.ts';
import type { Clock } from '../kit/clock.ts';
import { systemClock } from '../kit/clock.ts';
import type { Env } from '../kit/env.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { Kept } from '../services/outgoing.ts';
import type { Store } from '../store/store.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A thread of a plan older than this is a thread like any other. */
const PLAN_THREADS_MS = 14 * DAY_MS;
/** Other members' own alerts are among them, so many more than are told. */
const ALERTS_READ = 1_000;
const PLANS_READ = 500;
/** One question to the model; the coach's own deadline for all of them is shorter than two. */
const MODEL_REQUEST_MS = 12_000;

/** The coach as Discord's conversations ask it: the faces do not know each other. */
export function openCoach(deps: {
  env: Pick<Env, 'model'>;
  commands: readonly CommandDefinition[];
  invoke: Invoke;
  ctxFor: (caller: Caller) => Ctx;
  store: Pick<Store, 'system'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  metrics: Metrics;
}): ConversationDeps {
  const { env, commands, invoke, ctxFor, store, clock, log, metrics } = deps;
  const coach = createCoach({
    commands,
    invoke,
    model: env.model && createModel({ ...env.model, requestMs: MODEL_REQUEST_MS }),
    alertsToday: async () => {
      const sent = await store.system.outbox.sentSince(systemClock.now() - DAY_MS, ALERTS_READ);
      return sent.map(({ payload }) => (payload as Kept).alert);
    },
    log,
    metrics,
  });
  return {
    answer: async ({ caller, ...question }) => answerCards(await coach.answer({ ...question, ctx: ctxFor(caller) })),
    async planOf(threadId) {
      const offers = await store.system.offers.since(clock.now() - PLAN_THREADS_MS, PLANS_READ);
      const found = offers.find((offer) => offer.threadId === threadId);
      return found && { planId: found.plan.planId, memberId: found.memberId };
    },
  };
}
