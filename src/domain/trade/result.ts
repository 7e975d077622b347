import type { Trade } from '../trade.ts';

const STEPS_PER_DOLLAR = 10_000;

/** Whole ten-thousandths of a dollar: sums of these are exact. */
const units = (price: number): number => Math.round(price * STEPS_PER_DOLLAR);

/** A price on the grid that all arithmetic of trades is done on, a ten-thousandth of a dollar. */
export function onGrid(price: number): number {
  return units(price) / STEPS_PER_DOLLAR;
}

/** +1 for a long, -1 for a short. */
export function signOfTrade({ direction }: Pick<Trade, 'direction'>): 1 | -1 {
  return direction === 'long' ? 1 : -1;
}

/** What is banked, as a multiple of the planned risk of the whole position: exact to the last bit a number has. */
export function realisedR(trade: Trade): number {
  return rOf(trade, trade.exits);
}

/** What the shares still held would add at a price, in the plan's terms. */
export function openR(trade: Trade, price: number): number {
  return rOf(trade, [{ price, shares: trade.remainingShares }]);
}

function rOf(trade: Trade, exits: Trade['exits']): number {
  if (!trade.fill) return 0;
  const paid = units(trade.fill.price);
  const won = exits.reduce((sum, exit) => sum + exit.shares * (units(exit.price) - paid), 0);
  // "+ 0" because a short that lost nothing lost -0
  return (signOfTrade(trade) * won) / (units(trade.riskPerShare) * trade.shares) + 0;
}

/** How a trade went, so far or in the end. */
export interface TradeResult {
  readonly outcome: Trade['state'] | NonNullable<Trade['closedAs']>;
  /** Net, partial exits weighted by their shares; what is still held is not in it. */
  readonly realisedR: number;
  /** Best and worst price while held, a share, as R; 0 where never held. */
  readonly mfeR: number;
  readonly maeR: number;
  /** From the entry to the end, or to the last minute seen. */
  readonly minutesHeld: number;
  /** Paid beyond the trigger, dollars a share; below zero where it was cheaper. */
  readonly slippage: number;
}

/** Result, best and worst of a trade. */
export function resultOf(trade: Trade): TradeResult {
  const { fill, best, worst, entry } = trade;
  const sign = signOfTrade(trade);
  const perShareR = (price: number | undefined): number =>
    fill && price !== undefined ? (sign * (units(price) - units(fill.price))) / units(trade.riskPerShare) + 0 : 0;
  const endsAt = trade.closedAt ?? trade.last.closedAt;
  return {
    outcome: trade.closedAs ?? trade.state,
    realisedR: realisedR(trade),
    mfeR: perShareR(best),
    maeR: perShareR(worst),
    minutesHeld: fill ? Math.max(0, (endsAt - fill.at) / 60_000) : 0,
    slippage: fill ? onGrid(sign * (fill.price - entry.triggerPrice)) + 0 : 0,
  };
}
