import type { Plan } from '../plan.ts';
import { priceText } from '../price.ts';
import { sessionDateOf, wallClock } from '../session.ts';
import type { Advance, Taken, Trade } from '../trade.ts';
import { passTime } from './deadlines.ts';
import type { Life } from './life.ts';
import { end, exitAll, said, step, stretch } from './life.ts';
import { onGrid, signOfTrade } from './result.ts';

/** Farther from the market is a typing error. */
const FAR_RATIO = 0.1;
const SUSPENDED = 'This trade waits for word of a split, its prices cannot be compared until then.';

export type MemberResult = (Advance & { readonly ok: true }) | { readonly ok: false; readonly reason: string };

/** Why a plan cannot be taken like this, or undefined; `marketPrice` is the last one known, today's terms. */
export function refusalOfTaking(
  plan: Plan,
  taken: Pick<Taken, 'shares' | 'fillPrice' | 'takenAt'>,
  marketPrice: number,
): string | undefined {
  const { shares, fillPrice, takenAt } = taken;
  const most = plan.size.shares;
  if (takenAt >= plan.expiresAt) return `This plan ended at ${wallClock(plan.expiresAt)} ET.`;
  if (!Number.isSafeInteger(shares) || shares < 1)
    return `${shares} is not a number of shares, it must be 1 to ${most}.`;
  if (shares > most) return `${shares} shares are more than the ${most} that your account and risk limit allow.`;
  const sign = signOfTrade(plan);
  if (sign * (marketPrice - plan.stop.price) <= 0) {
    return `The market at ${priceText(marketPrice)} is at or beyond the stop ${priceText(plan.stop.price)}: this plan is over.`;
  }
  if (fillPrice === undefined) return undefined;
  if (sign * (fillPrice - plan.stop.price) <= 0) {
    return `A fill at ${priceText(fillPrice)} is beyond the stop ${priceText(plan.stop.price)}.`;
  }
  return farFrom(fillPrice, marketPrice) ?? pastTarget(plan, fillPrice) ?? aboveLimit(plan, shares, fillPrice);
}

function pastTarget({ direction, targets }: Plan, fillPrice: number): string | undefined {
  const [first] = targets;
  if (!first || signOfTrade({ direction }) * (fillPrice - first.price) < 0) return undefined;
  return `A fill at ${priceText(fillPrice)} is at or beyond ${first.name} ${priceText(first.price)}: this plan has nothing left to win there.`;
}

/** Paid so much farther from the stop that the loss at the stop is more than the member allows. */
function aboveLimit({ stop, size }: Plan, shares: number, fillPrice: number): string | undefined {
  const dollars = onGrid(Math.abs(fillPrice - stop.price)) * shares;
  const limit = (size.accountDollars * size.riskPct) / 100;
  if (dollars <= limit + 0.005) return undefined;
  const fit = Math.floor(limit / onGrid(Math.abs(fillPrice - stop.price)));
  return `${shares} shares filled at ${priceText(fillPrice)} lose $${dollars.toFixed(2)} at the stop ${priceText(stop.price)}, your limit is $${limit.toFixed(2)}: at most ${fit} fit it.`;
}

function farFrom(price: number, marketPrice: number): string | undefined {
  if (!(price > 0) || !Number.isFinite(price)) return `${price} is not a price.`;
  const off = Math.abs(price / marketPrice - 1);
  if (off < FAR_RATIO) return undefined;
  return `${priceText(price)} is ${(off * 100).toFixed(0)} % from the market at ${priceText(marketPrice)}, it must be within ${FAR_RATIO * 100} %.`;
}

/** A trade whose member named a fill when taking it reports that fill first. */
function claimed(trade: Trade): Life {
  const life: Life = { trade, steps: [] };
  if (trade.claimedFill !== undefined) passTime(life, trade.armedAt);
  return life;
}

/** Puts right what the entry really cost; every R follows, and a stop at break-even moves along. Not after the end. */
export function fillCorrection(trade: Trade, corrected: { readonly price: number; readonly at: number }): MemberResult {
  if (trade.state === 'closed') return { ok: false, reason: 'This trade is closed, its result stands.' };
  if (trade.suspended) return { ok: false, reason: SUSPENDED };
  const life = claimed(trade);
  const { fill, stop, splitFactor } = life.trade;
  if (!fill) return { ok: false, reason: 'This trade has no fill yet: it waits for its trigger.' };
  const far = farFrom(corrected.price, onGrid(fill.price / splitFactor));
  if (far !== undefined) return { ok: false, reason: far };
  const price = onGrid(corrected.price * splitFactor);
  const sign = signOfTrade(trade);
  if (stop.basis === 'plan' && sign * (price - stop.price) <= 0) {
    return { ok: false, reason: `A fill at ${said(trade, price)} is beyond the stop ${said(trade, stop.price)}.` };
  }
  life.trade = {
    ...life.trade,
    fill: { ...fill, price },
    stop: stop.basis === 'break_even' ? { price, basis: 'break_even' } : stop,
  };
  stretch(life, price);
  const reason = `filled at ${said(trade, price)}, not ${said(trade, fill.price)}, as the member says`;
  step(life, { kind: 'fill_corrected', at: corrected.at, price, plannedPrice: fill.price, reason });
  return { ok: true, ...life };
}

/** Ends a trade at the member's word: cancelled while it waits, else sold at the price given (today's terms). */
export function closeByMember(trade: Trade, closed: { readonly price?: number; readonly at: number }): MemberResult {
  const { price, at } = closed;
  if (trade.state === 'closed') return { ok: false, reason: 'This trade is closed already.' };
  const life = claimed(trade);
  if (life.trade.state === 'armed') {
    end(life, 'cancelled', at, 'cancelled by the member before the trigger');
    return { ok: true, ...life };
  }
  if (price === undefined) return { ok: false, reason: 'This trade holds shares, a price to close it at is needed.' };
  if (!(price > 0) || !Number.isFinite(price)) return { ok: false, reason: `${price} is not a price.` };
  const far = trade.suspended ? undefined : farFrom(price, onGrid(trade.last.price / trade.splitFactor));
  if (far !== undefined) return { ok: false, reason: far };
  const reason = trade.suspended
    ? 'closed by the member while it waited for word of a split: the price is theirs, unchecked, in the terms of the plan'
    : 'closed by the member';
  exitAll(life, 'closed_by_member', { price: onGrid(price * trade.splitFactor), at, reason });
  return { ok: true, ...life };
}

/**
 * Lifts a suspension: `factor` is new shares for one old (7 for a 7-for-1 split, 0.1 for 1-for-10, 1 where it was a real gap). The
 * trade goes on after `last.closedAt`: the minutes since then must be delivered again.
 */
export function resume(trade: Trade, known: { readonly factor: number; readonly at: number }): MemberResult {
  const { factor, at } = known;
  if (!trade.suspended) return { ok: false, reason: 'This trade is not suspended.' };
  if (!(factor > 0) || !Number.isFinite(factor)) return { ok: false, reason: `${factor} is not a split factor.` };
  const { suspended, ...rest } = trade;
  const life: Life = {
    trade: {
      ...rest,
      splitFactor: trade.splitFactor * factor,
      trustedOn: sessionDateOf(suspended.since),
    },
    steps: [],
  };
  const reason =
    factor === 1 ? 'no split: the gap was real' : `${factor} new shares for one old, all levels divided by it`;
  step(life, { kind: 'resumed', at, reason });
  return { ok: true, ...life };
}
