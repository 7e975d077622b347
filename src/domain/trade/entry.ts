import type { Minute, Trade } from '../trade.ts';
import { sessionCloseAt } from './hours.ts';
import type { Life } from './life.ts';
import { end, said, sidesOf, step } from './life.ts';

/** Puts the shares in the book at a price. */
export function fillAt(life: Life, price: number, at: number, sessionAt: number, reason: string): void {
  const { trade } = life;
  const { claimedFill: _claimed, ...rest } = trade;
  life.trade = {
    ...rest,
    state: 'triggered',
    fill: { price, at },
    remainingShares: trade.shares,
    best: price,
    worst: price,
    timeStopAt: sessionCloseAt(sessionAt),
  };
  const plannedPrice = trade.entry.triggerPrice;
  step(life, { kind: 'triggered', at, price, plannedPrice, shares: trade.shares, reason });
}

/** How a minute filled the entry order: at its open, at the trigger on the way out, or at the limit on the way back. */
export function enteredBy(trade: Trade, { open }: Minute): 'open' | 'trigger' | 'limit' {
  const { sign } = sidesOf(trade, { high: 0, low: 0 });
  const { triggerPrice, limitPrice } = trade.entry;
  if (sign * (open - triggerPrice) < 0) return 'trigger';
  return sign * (open - limitPrice) > 0 ? 'limit' : 'open';
}

/** What a minute does to a trade that waits: a fill inside the entry zone, a miss beyond it, or the end of the idea. */
export function enter(life: Life, minute: Minute, at: number): void {
  const { trade } = life;
  const { triggerPrice, limitPrice } = trade.entry;
  const { sign, front, back } = sidesOf(trade, minute);
  const { open } = minute;
  const stop = trade.stop.price;
  const reached = sign * (front - triggerPrice) >= 0;
  if (sign * (open - stop) <= 0 || (!reached && sign * (back - stop) <= 0)) {
    end(life, 'invalidated', at, `traded through the stop ${said(trade, stop)} before the trigger`);
  } else if (reached) {
    const by = enteredBy(trade, minute);
    if (by === 'trigger') fillAt(life, triggerPrice, at, minute.openAt, `traded ${said(trade, triggerPrice)}`);
    else if (by === 'open') {
      const reason = `opened at ${said(trade, open)}, within the entry zone to ${said(trade, limitPrice)}: filled at the open`;
      fillAt(life, open, at, minute.openAt, reason);
    } else if (sign * (back - limitPrice) <= 0) {
      const reason = `opened at ${said(trade, open)}, beyond the limit, and came back: filled at ${said(trade, limitPrice)}`;
      fillAt(life, limitPrice, at, minute.openAt, reason);
    } else miss(life, open, front, sign, at);
  }
}

function miss(life: Life, open: number, front: number, sign: 1 | -1, at: number): void {
  const { trade } = life;
  const target = trade.targets[0];
  if (target && sign * (front - target.price) >= 0) {
    end(life, 'invalidated', at, `reached ${target.name} ${said(trade, target.price)} without a fill`);
  } else if (trade.missedAt === undefined) {
    life.trade = { ...trade, missedAt: at };
    const beyond = sign === 1 ? 'over' : 'under';
    const limit = said(trade, trade.entry.limitPrice);
    const reason = `opened at ${said(trade, open)}, ${beyond} the limit ${limit}: no fill, the order waits there`;
    step(life, { kind: 'missed', at, price: open, plannedPrice: trade.entry.limitPrice, reason });
  }
}
