import type { Plan, Refusal, RiskProfile } from './plan.ts';
import { priceText } from './price.ts';

export type SizeChoice =
  | { readonly ok: true; readonly size: Plan['size'] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Whole shares so that a stop loses no more than the member's limit even when filled at the limit price, and the account pays for them. */
export function sizeOf(input: {
  readonly symbol: string;
  readonly triggerPrice: number;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly risk: RiskProfile;
}): SizeChoice {
  const { symbol, triggerPrice, limitPrice, stopPrice, risk } = input;
  const { accountDollars, riskPct } = risk;
  const limitDollars = (accountDollars * riskPct) / 100;
  const worstRisk = Math.abs(limitPrice - stopPrice);
  const dearest = Math.max(triggerPrice, limitPrice);
  const byRisk = wholeShares(limitDollars, worstRisk);
  const byAccount = wholeShares(accountDollars, dearest);
  const shares = Math.min(byRisk, byAccount);
  const limit = `${riskPct} % of ${dollars(accountDollars)}`;
  if (shares < 1) {
    const reason =
      byRisk < 1
        ? `One share of ${symbol} risks ${dollars(worstRisk)}, more than the ${dollars(limitDollars)} that may be lost (${limit}).`
        : `One share of ${symbol} costs ${dollars(dearest)}, more than the account of ${dollars(accountDollars)}.`;
    return { ok: false, refusal: { code: 'size_zero', reason } };
  }
  const reason =
    byAccount < byRisk
      ? `The account of ${dollars(accountDollars)} pays for ${shares} shares at ${priceText(dearest)}; the risk limit would allow ${byRisk}.`
      : `At most ${dollars(limitDollars)} (${limit}) may be lost: ${shares} shares, even when filled at ${priceText(limitPrice)} with ${dollars(worstRisk)} of risk each.`;
  const riskDollars = Math.round(shares * Math.abs(triggerPrice - stopPrice) * 100) / 100;
  return { ok: true, size: { shares, riskDollars, accountDollars, riskPct, reason } };
}

// 100 / 0.1 must be 1000 shares, not 999
const wholeShares = (money: number, each: number): number => Math.floor(money / each + 1e-9);

function dollars(amount: number): string {
  const [whole = '', cents = ''] = (amount < 1 ? priceTextOf(amount) : amount.toFixed(2)).split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

const priceTextOf = (amount: number): string => amount.toFixed(Math.round(amount * 100) / 100 === amount ? 2 : 4);
