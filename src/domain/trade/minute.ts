import type { Minute, Trade } from '../trade.ts';
import { enter, enteredBy } from './entry.ts';
import type { Life } from './life.ts';
import { close as endAs, exitAll, isOver, said, sidesOf, step, stretch } from './life.ts';
import { onGrid } from './result.ts';

const MINUTE_MS = 60_000;

/** What one believed minute of regular hours does. Whatever its prices leave open is read against the trade. */
export function passMinute(life: Life, minute: Minute): void {
  const at = minute.openAt + MINUTE_MS;
  const held = life.trade.fill !== undefined;
  if (!held) enter(life, minute, at);
  if (life.trade.fill && !isOver(life)) {
    const { sign, front, back } = sidesOf(life.trade, minute);
    const by = held ? 'held' : enteredBy(life.trade, minute);
    if (held) atTheOpen(life, minute.open, sign, at);
    // a limit order was filled on the way back: the minute's best price came before it
    const best = by === 'limit' ? minute.close : front;
    duringIt(life, { open: minute.open, close: minute.close, best, back, sign, at, by });
  }
  life.trade = { ...life.trade, last: { price: minute.close, closedAt: at } };
}

/** The open is the one price of a minute whose place in time is known. */
function atTheOpen(life: Life, open: number, sign: 1 | -1, at: number): void {
  const { trade } = life;
  const { stop, timeStopAt } = trade;
  if (timeStopAt !== undefined && at - MINUTE_MS >= timeStopAt) {
    const reason = `no trade before the close, out at the next open ${said(trade, open)}`;
    exitAll(life, 'timed_out', { price: open, at, reason });
  } else if (sign * (open - stop.price) <= 0) {
    const through = sign * (open - stop.price) < 0;
    const reason = through
      ? `opened at ${said(trade, open)}, through the ${nameOf(stop)} ${said(trade, stop.price)}: filled at the open`
      : `opened on the ${nameOf(stop)} ${said(trade, open)}`;
    exitAll(life, stoppedAs(stop), { price: open, at, reason, plannedPrice: stop.price });
  } else {
    stretch(life, open);
    sellTargets(life, open, sign, at, open);
  }
}

function duringIt(
  life: Life,
  seen: {
    readonly open: number;
    readonly close: number;
    readonly best: number;
    readonly back: number;
    readonly sign: 1 | -1;
    readonly at: number;
    readonly by: 'held' | 'open' | 'trigger' | 'limit';
  },
): void {
  const { close, best, back, sign, at, by } = seen;
  if (isOver(life)) return;
  const { trade } = life;
  const { stop } = trade;
  if (sign * (back - stop.price) <= 0) {
    const target = trade.targets[trade.targetsHit];
    const both = target && sign * (best - target.price) >= 0;
    const also = both ? `; ${target.name} ${said(trade, target.price)} in the same minute, the worse one counts` : '';
    const entry = by === 'held' ? '' : ' in the minute of the entry';
    const reason = `traded through the ${nameOf(stop)} ${said(trade, stop.price)}${entry}${also}`;
    exitAll(life, stoppedAs(stop), { price: stop.price, at, reason });
    return;
  }
  const [first] = trade.targets;
  if (by === 'held' && first && trade.targetsHit === 0 && sign * (best - first.price) >= 0) {
    const moved = trade.fill ? breakEven(trade, trade.fill.price, sign) : stop;
    if (sign * (back - moved.price) <= 0) {
      // a later target may have come after the way back
      sellTargets(life, first.price, sign, at);
      if (!isOver(life)) outAtMoved(life, close, sign, at, first.name);
      return;
    }
  }
  sellTargets(life, best, sign, at);
  if (isOver(life)) return;
  // before a breakout's fill the minute was on the other side of the trigger: only its close was surely held
  stretch(life, close, by === 'trigger' ? close : back, best);
  trail(life, sign);
  if (sign * (close - life.trade.stop.price) <= 0) outAtMoved(life, close, sign, at);
}

/** Out at a stop that the minute itself moved: at its close where that is beyond, else at the stop. */
function outAtMoved(life: Life, close: number, sign: 1 | -1, at: number, after = 'a target'): void {
  const { trade } = life;
  const { stop } = trade;
  const isBeyond = sign * (close - stop.price) <= 0;
  const reason = isBeyond
    ? `closed at ${said(trade, close)}, back through the stop that this minute moved to ${said(trade, stop.price)}`
    : `traded at the ${nameOf(stop)} ${said(trade, stop.price)} in the minute of ${after}: whether before or after is open, the worse one counts`;
  exitAll(life, stoppedAs(stop), { price: isBeyond ? close : stop.price, at, reason, plannedPrice: stop.price });
}

/** Every target that a price has reached, in order; at `open` where the minute began beyond it. */
function sellTargets(life: Life, reached: number, sign: 1 | -1, at: number, open?: number): void {
  for (const target of life.trade.targets.slice(life.trade.targetsHit)) {
    if (sign * (reached - target.price) < 0) return;
    const { trade } = life;
    const price = open ?? target.price;
    const first = trade.targetsHit === 0;
    const remainingShares = trade.remainingShares - target.shares;
    life.trade = {
      ...trade,
      state: 'scaled',
      targetsHit: trade.targetsHit + 1,
      remainingShares,
      exits: target.shares > 0 ? [...trade.exits, { price, shares: target.shares }] : trade.exits,
      stop: first && trade.fill ? breakEven(trade, trade.fill.price, sign) : trade.stop,
    };
    stretch(life, price);
    if (remainingShares <= 0) endAs(life, 'completed', at);
    const where = open === undefined ? `reached ${said(trade, price)}` : `opened at ${said(trade, price)}, beyond it`;
    const what = target.shares > 0 ? where : `${where}; too few shares to sell a part`;
    const reason = first && remainingShares > 0 ? `${what}; stop to ${said(trade, life.trade.stop.price)}` : what;
    step(life, {
      kind: 'target',
      target: target.name,
      at,
      price,
      plannedPrice: target.price,
      shares: target.shares,
      reason,
    });
    if (isOver(life)) return;
  }
}

/** A stop only ever moves towards the market's good side. */
function breakEven(trade: Trade, fillPrice: number, sign: 1 | -1): Trade['stop'] {
  return sign * (fillPrice - trade.stop.price) > 0 ? { price: fillPrice, basis: 'break_even' } : trade.stop;
}

/** After the last target the rest follows the best price at the plan's distance. */
function trail(life: Life, sign: 1 | -1): void {
  const { trade } = life;
  if (trade.targetsHit < trade.targets.length || trade.best === undefined) return;
  const price = onGrid(trade.best - sign * trade.trailDistance);
  if (sign * (price - trade.stop.price) > 0) life.trade = { ...trade, stop: { price, basis: 'trail' } };
}

const stoppedAs = (stop: Trade['stop']): 'stopped' | 'trailed' => (stop.basis === 'trail' ? 'trailed' : 'stopped');

const nameOf = (stop: Trade['stop']): string =>
  stop.basis === 'plan' ? 'stop' : stop.basis === 'trail' ? 'trailing stop' : 'break-even stop';
