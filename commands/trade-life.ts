import { z } from 'zod';
import type { Ctx } from '../src/command.ts';
import { type Provenance, provenanceSchema } from '../src/domain/provenance.ts';
import { tradeHeadSchema } from '../src/domain/trade/head.ts';
import { tradeSchema } from '../src/domain/trade.ts';

export type TradeView = Awaited<ReturnType<Ctx['trades']['list']>>[number];

/** A trade without what only its machine needs. */
export const shownTradeSchema = tradeSchema.pick({
  tradeId: true,
  planId: true,
  symbol: true,
  direction: true,
  shares: true,
  state: true,
  closedAs: true,
  closedAt: true,
  entry: true,
  riskPerShare: true,
  targets: true,
  targetsHit: true,
  claimedFill: true,
  fill: true,
  stop: true,
  exits: true,
  missedAt: true,
  armedAt: true,
  expiresAt: true,
  last: true,
  suspended: true,
  splitFactor: true,
});

const resultSchema = z.object({
  outcome: z.enum([...tradeSchema.shape.state.options, ...tradeSchema.shape.closedAs.unwrap().options]),
  realisedR: z.number(),
  mfeR: z.number(),
  maeR: z.number(),
  minutesHeld: z.number(),
  slippage: z.number(),
});

/** A trade as it stands: what it is, where it is now, what it has brought. */
export const lifeSchema = z.object({
  trade: shownTradeSchema,
  head: tradeHeadSchema,
  result: resultSchema,
  provenance: provenanceSchema,
});

/** A trade with its source, which is that of its last minute where the service names none. */
export function lifeOf(ctx: Ctx, view: TradeView): z.input<typeof lifeSchema> {
  const { trade, head, result } = view;
  const asOf = trade.last.closedAt;
  const provenance = view.provenance ?? ctx.provenance({ asOf, delayed: false }, [trade.symbol]);
  return { trade, head, result, provenance };
}

/** The source of several trades at once: of the open one whose price is oldest, else of the one that ended last. */
export function sourceOf(lives: readonly z.input<typeof lifeSchema>[]): Provenance | undefined {
  const open = lives.filter(({ trade }) => trade.state !== 'closed');
  const sources = (open.length > 0 ? open : lives).map(({ provenance }) => provenance);
  const sorted = sources.sort((a, b) => a.asOf - b.asOf);
  return open.length > 0 ? sorted[0] : sorted.at(-1);
}
