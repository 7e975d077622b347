import type { Trade } from '../trade.ts';
import { fillAt } from './entry.ts';
import { sessionCloseAt } from './hours.ts';
import type { Life } from './life.ts';
import { end, exitAll, said } from './life.ts';
import { signOfTrade } from './result.ts';

const FIVE_MINUTES_MS = 5 * 60_000;
/** A price older than this is nothing to sell at: the stock is halted, or nobody trades it. */
const FRESH_MS = 15 * 60_000;

/** What time alone does once all minutes up to `to` are known: a claimed fill, a lost idea, expiry, the time stop. */
export function passTime(life: Life, to: number): void {
  const { held } = life.trade;
  if (held) {
    if (to < sessionCloseAt(held.openAt)) return;
    // a leap that no minute of its session confirmed did not happen
    const { held: _held, ...trade } = life.trade;
    life.trade = trade;
  }
  claim(life, to);
  if (life.trade.state === 'armed') whileArmed(life, to);
  else if (life.trade.state !== 'closed') timeStop(life, to);
}

function claim(life: Life, to: number): void {
  const { claimedFill, armedAt } = life.trade;
  if (claimedFill === undefined || to < armedAt) return;
  fillAt(life, claimedFill, armedAt, armedAt, `taken at ${said(life.trade, claimedFill)}, as the member says`);
}

function whileArmed(life: Life, to: number): void {
  const { trade } = life;
  const { expiresAt, last, judgedTo, invalidationPrice } = trade;
  const closesAt = Math.ceil(last.closedAt / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  const sign = signOfTrade(trade);
  if (closesAt > judgedTo && closesAt <= Math.min(to, expiresAt)) {
    life.trade = { ...trade, judgedTo: closesAt };
    if (sign * (last.price - invalidationPrice) < 0) {
      const side = sign === 1 ? 'under' : 'over';
      const reason = `a 5 min bar closed at ${said(trade, last.price)}, ${side} ${said(trade, invalidationPrice)}, before the trigger`;
      end(life, 'invalidated', closesAt, reason, last.price);
      return;
    }
  }
  if (to >= expiresAt) end(life, 'expired', expiresAt, expiryReason(trade));
}

const expiryReason = (trade: Trade): string =>
  trade.missedAt === undefined
    ? `never reached the trigger ${said(trade, trade.entry.triggerPrice)}`
    : `never came back to the limit ${said(trade, trade.entry.limitPrice)}`;

/** Flat by the close of the entry's session, at the last price if it is fresh; a halted stock waits for its next print. */
function timeStop(life: Life, to: number): void {
  const { trade } = life;
  const { timeStopAt, last, fill } = trade;
  if (timeStopAt === undefined || to < timeStopAt || !fill) return;
  if (last.closedAt < fill.at || timeStopAt - last.closedAt > FRESH_MS) return;
  exitAll(life, 'timed_out', {
    price: last.price,
    at: timeStopAt,
    reason: `held to the close, out at the last price ${said(trade, last.price)}`,
  });
}
