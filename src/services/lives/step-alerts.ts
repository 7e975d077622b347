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
 * What the plan's thread is told of the moves of one call, in order. The plan's own step speaks for every member of whom it tells
 * nothing else than their own; a step of a member's own stands alone. Nobody's share counts are in it: steps are told as of one share.
 */
export function stepAlertsOf(moves: readonly Move[], options: { readonly hasShadow: boolean }): readonly StepAlert[] {
  const shadow = moves.find(({ trade }) => trade.memberId === null);
  const members = moves
    .filter(({ trade }) => trade.memberId !== null)
    .sort((a, b) => (a.trade.tradeId < b.trade.tradeId ? -1 : 1));
  const spoken = new Map<string, string[]>();
  for (const step of shadow?.steps ?? []) if (shadow) spoken.set(toldOf(shadow, step), []);

  const apart = members.flatMap((move) => {
    const { trade, steps } = move;
    const { memberId } = trade;
    if (memberId === null) return [];
    const own = steps.filter((step) => {
      const others = spoken.get(toldOf(move, step));
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
          mentions: spoken.get(toldOf(shadow, step)) ?? [],
        }),
      )
    : [];
  return [...shared, ...apart].sort((a, b) => a.dueAt - b.dueAt).map(({ alert }) => alert);
}

/** All that a reader is told of a step, to the digits that are printed: who reads their name beside it takes it for their own. */
function toldOf({ trade, steps }: Move, step: Step): string {
  const { kind, target, at, price, stopAfter, realisedR } = step;
  const { mfeR, minutesHeld } = resultOf(trade);
  const end = isEnd(trade, steps, step) ? [mfeR.toFixed(1), minutesHeld] : [];
  return [kind, target, at, price, stopAfter, realisedR.toFixed(1), ...end].join(' ');
}

const isEnd = (trade: Trade, steps: readonly Step[], step: Step): boolean =>
  trade.state === 'closed' && step === steps.at(-1);

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
  return {
    kind: 'step',
    planId,
    symbol,
    direction,
    step: { ...step, shares: step.shares / shares, remainingShares: step.remainingShares / shares },
    ...whom,
    ...(isEnd(trade, steps, step) ? { result: resultOf(trade) } : {}),
    at: step.at,
  };
}
