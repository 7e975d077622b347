import type { Provenance } from '../../domain/provenance.ts';
import type { TradeHead } from '../../domain/trade/head.ts';
import { headOf } from '../../domain/trade/head.ts';
import { onGrid, resultOf, type TradeResult } from '../../domain/trade/result.ts';
import type { Trade } from '../../domain/trade.ts';
import { type Origin, provenanceOf } from '../origin.ts';
import type { LastPrices } from './last-prices.ts';

/** A member's trade as it stands. */
export interface TradeView {
  readonly trade: Trade;
  readonly head: TradeHead;
  readonly result: TradeResult;
  readonly provenance?: Provenance;
}

/** Trades with the market around them; one whose symbol has no price now is seen by the last minute that it knows, and says so. */
export async function viewsOf(
  trades: readonly Trade[],
  { prices, origin }: { readonly prices: Pick<LastPrices, 'all'>; readonly origin: Origin },
): Promise<readonly TradeView[]> {
  const open = trades.filter(({ state }) => state !== 'closed');
  const answer = await prices.all([...new Set(open.map(({ symbol }) => symbol))]);
  return trades.map((trade) => {
    const result = resultOf(trade);
    const last = onGrid(trade.last.price / trade.splitFactor);
    const asOf = trade.last.closedAt;
    if (trade.state === 'closed') {
      const provenance = provenanceOf(origin, { asOf: trade.closedAt ?? asOf, delayed: false }, [trade.symbol]);
      return { trade, head: headOf(trade, last), result, provenance };
    }
    const price = answer?.value.get(trade.symbol);
    const aged = answer && price !== undefined ? answer : { asOf, delayed: false, stale: true };
    return {
      trade,
      head: headOf(trade, price ?? last),
      result,
      provenance: provenanceOf(origin, aged, [trade.symbol]),
    };
  });
}
