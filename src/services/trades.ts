import type { Plan } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Step, Trade } from '../domain/trade.ts';
import type { TradeHead } from '../domain/trade/head.ts';
import type { TradeResult } from '../domain/trade/result.ts';

/** A member's trade as it stands. */
export interface TradeView {
  readonly trade: Trade;
  readonly head: TradeHead;
  readonly result: TradeResult;
  readonly provenance?: Provenance;
}

/** What a member does with plans: take, look, close, put right. Refusals are AppErrors with one sentence. */
export interface Trades {
  take(
    member: { readonly memberId: string; readonly name: string },
    planId: string,
    taken: { readonly shares: number; readonly fillPrice?: number },
  ): Promise<{ readonly trade: Trade; readonly plan: Plan; readonly outcome: 'taken' | 'already' }>;
  /** Sized by the member's own risk; the last known price. */
  prefill(
    memberId: string,
    planId: string,
  ): Promise<{ readonly shares: number; readonly fillPrice: number | undefined; readonly plan: Plan }>;
  list(memberId: string, options?: { readonly openOnly?: boolean }): Promise<readonly TradeView[]>;
  show(
    memberId: string,
    tradeId: string,
  ): Promise<TradeView & { readonly steps: readonly Step[]; readonly plan: Plan }>;
  close(memberId: string, tradeId: string, price?: number): Promise<TradeView>;
  correct(memberId: string, tradeId: string, price: number): Promise<TradeView>;
}
