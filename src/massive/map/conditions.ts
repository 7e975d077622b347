/**
 * Sale conditions of stocks whose trade must not become the last price: `consolidated.updates_open_close` is false for them in the
 * provider's /v3/reference/conditions. 2, 5, 7 and 10 are in the recorded page of that answer (`fixtures/massive-mocks/conditions.json`),
 * the others as the consolidated tapes (CTA, UTP) rule them. Form T (12) is left out although the rule says the same of it: before the open
 * and after the close there is no other trade.
 */
const OFF_MARKET: ReadonlySet<unknown> = new Set([
  2, // average price
  5, // bunched, sold late
  7, // cash sale
  10, // derivatively priced
  13, // extended hours, out of sequence
  15, // official close of one exchange: a mark, not a trade
  16, // official open of one exchange
  20, // next day
  21, // price variation
  22, // prior reference price
  29, // seller
  32, // sold, out of sequence
  33, // sold, out of sequence and stopped
  37, // odd lot
  52, // contingent
  53, // qualified contingent
]);

/** Whether a trade of this symbol counts as volume only; options have numbers of their own, and none of theirs is known here. */
export function isOffMarket(symbol: string, conditions: unknown): boolean {
  return Array.isArray(conditions) && !symbol.startsWith('O:') && conditions.some((code) => OFF_MARKET.has(code));
}
