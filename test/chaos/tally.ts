import type { APIMessage } from 'discord-api-types/v10';
import { type Alert, alertIdOf, alertTagOf } from '../../src/domain/alert.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openShadow, openTrade, type Step, type Trade } from '../../src/domain/trade.ts';
import type { DiscordSandbox } from '../../src/sandbox/discord/server.ts';
import type { Round } from './rounds.ts';
import type { Ledger } from './task.ts';

/** What stands in Discord, held against what must. */
export interface Tally {
  alerts: number;
  lost: number;
  doubled: number;
  /** Messages of a thread that stand in another order than their alerts were written in. */
  disordered: number;
  /** What else is wrong, in words. */
  readonly wrong: string[];
}

const MOST = 10_000;
const DAY_MS = 86_400_000;

export const noTally = (): Tally => ({ alerts: 0, lost: 0, doubled: 0, disordered: 0, wrong: [] });

/** Adds what became of one round; steps are computed from the plan and the market alone, the database only says who had taken it. */
export function count(
  tally: Tally,
  round: Round,
  ledger: Ledger,
  discord: Pick<DiscordSandbox, 'person' | 'users' | 'channels'>,
): void {
  const messages = (channelId: string) => discord.person.messages(discord.users.owner, channelId, MOST);
  const heads = messages(discord.channels.plans);
  for (const row of ledger.outbox) if (row.state !== 'sent') tally.wrong.push(`alert ${row.alert_id} is ${row.state}`);
  for (const { plan, takers } of round.lives) {
    const { planId, symbol } = plan;
    const offer: Alert = { kind: 'offer', planId, symbol, memberId: null, at: plan.decidedAt };
    const head = heads.filter((message) => hasTag(message, alertIdOf(offer)));
    note(tally, head.length);
    const threads = head.filter(({ thread }) => thread !== undefined);
    if (threads.length !== 1) tally.wrong.push(`plan ${planId} has ${threads.length} threads`);
    const told = threads.flatMap(({ id }) => messages(id)).filter(({ author }) => author.bot);
    const trades = ledger.trades.filter((trade) => trade.planId === planId);

    const shadowSteps = stepsOf(openShadow(plan), round);
    for (const step of shadowSteps) note(tally, told.filter((message) => hasTag(message, step.stepId)).length);
    const known = new Set(shadowSteps.map(({ stepId }) => stepId));
    for (const { memberId } of trades) {
      const taker = takers.find((one) => one.memberId === memberId);
      if (memberId === null || !taker) continue;
      for (const step of stepsOf(openTrade(plan, { ...taker, shares: 100 }), round)) {
        known.add(step.stepId);
        const own = told.filter((message) => hasTag(message, step.stepId)).length;
        const twin = shadowSteps.find((one) => sameTransition(one, step));
        const shared = twin
          ? told.filter((message) => hasTag(message, twin.stepId) && message.content.includes(`<@${memberId}>`)).length
          : 0;
        note(tally, own + shared);
      }
    }
    const written = ledger.outbox.map(({ alert_id }) => alert_id).filter((id) => known.has(id));
    const order = told.map((message) => written.findIndex((id) => hasTag(message, id))).filter((at) => at >= 0);
    tally.disordered += order.filter((at, index) => at < (order[index - 1] ?? 0)).length;
    const strangers = told.filter(
      (message) => tagOf(message) !== undefined && ![...known].some((id) => hasTag(message, id)),
    );
    if (strangers.length > 0)
      tally.wrong.push(`plan ${planId} was told what never was: ${strangers.map(wordsOf).join('; ')}`);
  }
}

const wordsOf = ({ content, embeds }: APIMessage): string =>
  `${content} ${embeds[0]?.title} ${embeds[0]?.description}`.trim();

/** Once each is right. */
function note(tally: Tally, times: number): void {
  tally.alerts += 1;
  if (times === 0) tally.lost += 1;
  if (times > 1) tally.doubled += times - 1;
}

function stepsOf(trade: Trade, { bars }: Round): readonly Step[] {
  const own = bars.filter((bar) => bar.symbol === trade.symbol && bar.openAt >= trade.armedAt);
  const evening = { kind: 'clock', at: trade.expiresAt + DAY_MS } as const;
  return advanceAll(trade, [...own.map((bar) => ({ kind: 'bar', bar }) as const), evening]).steps;
}

const sameTransition = (a: Step, b: Step): boolean =>
  a.kind === b.kind && a.target === b.target && a.at === b.at && a.price === b.price;

function tagOf(message: APIMessage): string | undefined {
  return /alert [0-9a-f]{8}/.exec(JSON.stringify([message.embeds, message.components]))?.[0];
}

const hasTag = (message: APIMessage, alertId: string): boolean => tagOf(message) === alertTagOf(alertId);
