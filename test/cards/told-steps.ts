import type { ShownLife } from '../../src/cards/trade-state.ts';
import type { StepAlert } from '../../src/domain/alert.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { closeByMember, fillCorrection, resume } from '../../src/domain/trade/by-member.ts';
import { headOf } from '../../src/domain/trade/head.ts';
import { resultOf } from '../../src/domain/trade/result.ts';
import type { Advance, Trade, TradeEvent } from '../../src/domain/trade.ts';
import { openShadow } from '../../src/domain/trade.ts';
import { at, bar, barEvents, longPlan, type Row } from '../domain/trade/table.ts';

/** What the plan's own life makes of a tape. */
export const shadowOn = (rows: readonly Row[], more: readonly TradeEvent[] = [], plan = longPlan): Advance =>
  advanceAll(openShadow(plan), [...barEvents(rows.map((row) => bar(row))), ...more]);

export const alertsOf = ({ trade, steps }: Advance, own = false): StepAlert[] =>
  steps.map((step, index) => ({
    kind: 'step',
    planId: trade.planId,
    symbol: trade.symbol,
    direction: trade.direction,
    step,
    own,
    memberId: null,
    ...(index === steps.length - 1 && trade.state === 'closed' ? { result: resultOf(trade) } : {}),
    mentions: [],
    at: step.at,
  }));

export const lifeAt = (trade: Trade, lastPrice = trade.last.price): ShownLife => ({
  trade,
  head: headOf(trade, lastPrice),
  result: resultOf(trade),
});

export const allowed = (result: ReturnType<typeof closeByMember>): Advance => {
  if (!result.ok) throw new Error(result.reason);
  return result;
};

export { at, closeByMember, fillCorrection, resume };
