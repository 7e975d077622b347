import type { StepAlert } from '../../domain/alert.ts';
import { resultOf } from '../../domain/trade/result.ts';
import type { Step, Trade } from '../../domain/trade.ts';

/** What one trade did: as it is afterwards, and the steps that led there. */
export interface Move {
  readonly trade: Trade;
  readonly steps: readonly Step[];
}

interface Told {
  readonly alert: StepAlert;
  readonly dueAt: number;
}

/**
 * What the plan's thread is told of the moves of one call, in order. The plan's own step speaks for every member whose trade made the
 * same one; a step of a member's own stands alone. Nobody's share counts are in it: steps are told as of one share.
 */
export function stepAlertsOf(moves: readonly Move[], options: { readonly hasShadow: boolean }): readonly StepAlert[] {
  const shadow = moves.find(({ trade }) => trade.memberId === null);
  const members = moves
    .filter(({ trade }) => trade.memberId !== null)
    .sort((a, b) => (a.trade.tradeId < b.trade.tradeId ? -1 : 1));
  const spoken = new Map<string, string[]>();
  for (const step of shadow?.steps ?? []) spoken.set(transitionOf(step), []);

  const apart = members.flatMap(({ trade, steps }) => {
    const { memberId } = trade;
    if (memberId === null) return [];
    const own = steps.filter((step) => {
      const others = spoken.get(transitionOf(step));
      if (others && !others.includes(memberId)) others.push(memberId);
      return !others;
    });
    return inOrder(own, (step) =>
      alertOf(trade, steps, step, {
        own: options.hasShadow,
        // without a trade of the plan's own it is nobody else's plan
        memberId: options.hasShadow ? null : memberId,
        mentions: [memberId],
      }),
    );
  });
  const shared = shadow
    ? inOrder(shadow.steps, (step) =>
        alertOf(shadow.trade, shadow.steps, step, {
          own: false,
          memberId: null,
          mentions: spoken.get(transitionOf(step)) ?? [],
        }),
      )
    : [];
  return [...shared, ...apart].sort((a, b) => a.dueAt - b.dueAt).map(({ alert }) => alert);
}

const transitionOf = ({ kind, target, at, price }: Step): string => [kind, target, at, price].join(' ');

/** Steps of one trade never change places, also where a later one speaks of an earlier minute. */
function inOrder(steps: readonly Step[], tell: (step: Step) => StepAlert): Told[] {
  let dueAt = Number.NEGATIVE_INFINITY;
  return steps.map((step) => {
    dueAt = Math.max(dueAt, step.at);
    return { alert: tell(step), dueAt };
  });
}

function alertOf(
  trade: Trade,
  steps: readonly Step[],
  step: Step,
  whom: Pick<StepAlert, 'own' | 'memberId' | 'mentions'>,
): StepAlert {
  const { planId, symbol, direction, shares } = trade;
  const isEnd = trade.state === 'closed' && step === steps.at(-1);
  return {
    kind: 'step',
    planId,
    symbol,
    direction,
    step: { ...step, shares: step.shares / shares, remainingShares: step.remainingShares / shares },
    ...whom,
    ...(isEnd ? { result: resultOf(trade) } : {}),
    at: step.at,
  };
}
