import { hashOf } from '../canonical.ts';
import { priceText } from '../price.ts';
import type { ClosedAs, Step, StepKind, Trade } from '../trade.ts';
import { onGrid, realisedR, signOfTrade } from './result.ts';

/** A trade on its way through one event: the trade is replaced, never changed, and its steps gather. */
export interface Life {
  trade: Trade;
  readonly steps: Step[];
}

/** Whether it has ended. */
export function isOver(life: Life): boolean {
  return life.trade.state === 'closed';
}

/** The ends of a minute as this trade sees them: `front` is where it wants to go, `back` where its stop is. */
export interface Sides {
  readonly sign: 1 | -1;
  readonly front: number;
  readonly back: number;
}

/** High and low by direction. */
export function sidesOf(trade: Trade, { high, low }: { readonly high: number; readonly low: number }): Sides {
  return trade.direction === 'long' ? { sign: 1, front: high, back: low } : { sign: -1, front: low, back: high };
}

/** Writes the next step. Prices are given in the plan's terms and told in the market's. */
export function step(
  life: Life,
  made: {
    readonly kind: StepKind;
    readonly at: number;
    readonly reason: string;
    readonly shares?: number;
    readonly target?: string;
    readonly price?: number;
    readonly plannedPrice?: number;
  },
): void {
  const { kind, at, reason, target, price, plannedPrice, shares = 0 } = made;
  const { trade } = life;
  const { tradeId, seq, splitFactor } = trade;
  const held = trade.remainingShares > 0;
  life.steps.push({
    stepId: hashOf({ tradeId, seq, transition: target === undefined ? kind : `${kind} ${target}` }),
    tradeId,
    seq,
    kind,
    ...(target === undefined ? {} : { target }),
    at,
    ...(price === undefined ? {} : { price: onGrid(price / splitFactor) }),
    ...(plannedPrice === undefined || plannedPrice === price
      ? {}
      : { plannedPrice: onGrid(plannedPrice / splitFactor) }),
    shares: shares * splitFactor,
    reason,
    ...(held ? { stopAfter: onGrid(trade.stop.price / splitFactor) } : {}),
    remainingShares: trade.remainingShares * splitFactor,
    realisedR: realisedR(trade),
  });
  life.trade = { ...trade, seq: seq + 1 };
}

/** Ends a trade that never held a share, or holds none any more. */
export function end(life: Life, kind: ClosedAs, at: number, reason: string, price?: number): void {
  close(life, kind, at);
  step(life, { kind, at, reason, ...(price === undefined ? {} : { price }) });
}

/** Marks a trade closed without a step of its own. */
export function close(life: Life, kind: ClosedAs, at: number): void {
  const { held: _held, sighted: _sighted, suspended: _suspended, ...trade } = life.trade;
  life.trade = { ...trade, state: 'closed', closedAs: kind, closedAt: at };
}

/** Sells (or buys back) all that is left. */
export function exitAll(
  life: Life,
  kind: ClosedAs,
  sold: { readonly price: number; readonly at: number; readonly reason: string; readonly plannedPrice?: number },
): void {
  const { trade } = life;
  const shares = trade.remainingShares;
  life.trade = { ...trade, exits: [...trade.exits, { price: sold.price, shares }], remainingShares: 0 };
  stretch(life, sold.price);
  close(life, kind, sold.at);
  step(life, { kind, shares, ...sold });
}

/** Widens best and worst by a price at which the trade was held. */
export function stretch(life: Life, ...prices: readonly number[]): void {
  const sign = signOfTrade(life.trade);
  for (const price of prices) {
    const { best = price, worst = price } = life.trade;
    if (sign * (price - best) >= 0) life.trade = { ...life.trade, best: price, worst };
    if (sign * (price - worst) <= 0) life.trade = { ...life.trade, worst: price, best };
  }
}

/** A price of the plan as a desk writes it today. */
export function said(trade: Trade, price: number): string {
  return priceText(onGrid(price / trade.splitFactor));
}
