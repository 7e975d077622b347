import { z } from 'zod';
import type { Trade } from '../trade.ts';
import { tradeSchema } from '../trade.ts';
import { onGrid, openR, realisedR, signOfTrade } from './result.ts';
import { nextAhead, sightedLevel } from './sighting.ts';

const levelSchema = z.object({
  name: z.string(),
  price: z.number(),
  /** Dollars still to go; below zero where the last price is already beyond it. */
  distance: z.number(),
  distanceR: z.number(),
});

/** What the head card of a trade shows, in the market's terms of today. */
export const tradeHeadSchema = z.object({
  state: tradeSchema.shape.state,
  closedAs: tradeSchema.shape.closedAs,
  suspended: z.boolean(),
  lastPrice: z.number(),
  fillPrice: z.number().exactOptional(),
  remainingShares: z.number(),
  realisedR: z.number(),
  /** What the shares still held would add at the last price. */
  openR: z.number(),
  /** Trigger (the limit where the market ran past it) or next target; absent for a runner and after the end. */
  next: levelSchema.exactOptional(),
  /** Absent after the end. */
  stop: levelSchema.exactOptional(),
  /** Two prints of the open minute are beyond it: the minute's close decides. */
  sighted: z.string().exactOptional(),
});

export type TradeHead = z.infer<typeof tradeHeadSchema>;

/** The head of a trade at a last price. */
export function headOf(trade: Trade, lastPrice: number): TradeHead {
  const { splitFactor, fill, state, closedAs, riskPerShare } = trade;
  const sign = signOfTrade(trade);
  const last = onGrid(lastPrice * splitFactor);
  const level = (name: string, price: number, towards: 1 | -1) => ({
    name,
    price: onGrid(price / splitFactor),
    distance: onGrid((towards * sign * (price - last)) / splitFactor) + 0,
    distanceR: onGrid(towards * sign * (price - last)) / riskPerShare + 0,
  });
  const next = state === 'closed' ? undefined : nextAhead(trade);
  const { limitPrice } = trade.entry;
  const ranAway = state === 'armed' && sign * (last - limitPrice) > 0;
  const seen = sightedLevel(trade);
  const sighted = seen === 'stop' ? 'stop' : seen && next?.name;
  return {
    state,
    ...(closedAs === undefined ? {} : { closedAs }),
    suspended: trade.suspended !== undefined,
    lastPrice,
    ...(fill ? { fillPrice: onGrid(fill.price / splitFactor) } : {}),
    remainingShares: trade.remainingShares * splitFactor,
    realisedR: realisedR(trade),
    openR: openR(trade, last),
    ...(ranAway ? { next: level('limit', limitPrice, -1) } : next ? { next: level(next.name, next.price, 1) } : {}),
    ...(state === 'closed' ? {} : { stop: level('stop', trade.stop.price, -1) }),
    ...(sighted ? { sighted } : {}),
  };
}
