import type { Level } from './levels.ts';
import type { Plan, Refusal } from './plan.ts';
import { nextTick, priceText, toTick } from './price.ts';

type Target = Plan['targets'][number];

/** What is sold at each multiple of the risk; the rest is the runner. */
const SCALE = [
  { name: 'T1', r: 1, shareRatio: 0.5 },
  { name: 'T2', r: 2, shareRatio: 0.25 },
  { name: 'T3', r: 3, shareRatio: 0.125 },
] as const;

/** Share of the position that stays on after the last target. */
export const RUNNER_RATIO = 0.125;

const IN_THE_WAY_R = 0.35;
const LEAST_STEP_R = 0.4;
const LEAST_FIRST_R = 0.5;

/** Three targets by multiples of the risk, each pulled in front of a level that stands just before it; prices may be zero or less. */
export function scaleOut(input: {
  readonly direction: Plan['direction'];
  readonly triggerPrice: number;
  readonly riskPerShare: number;
  readonly levels: readonly Level[];
}): readonly Target[] {
  const { direction, triggerPrice, riskPerShare, levels } = input;
  const sign = direction === 'long' ? 1 : -1;
  const rOf = (price: number): number => (sign * (price - triggerPrice)) / riskPerShare;
  const targets: Target[] = [];
  let reachedR = 0;
  for (const { name, r, shareRatio } of SCALE) {
    const plain = toTick(triggerPrice + sign * r * riskPerShare, sign === 1 ? 'down' : 'up');
    const blocking = levels
      .filter((level) => rOf(level.price) > r - IN_THE_WAY_R && rOf(level.price) <= r + 0.05)
      .sort((a, b) => rOf(a.price) - rOf(b.price))[0];
    const before = blocking === undefined ? undefined : nextTick(blocking.price, -sign);
    const nudged = before !== undefined && rOf(before) >= reachedR + LEAST_STEP_R ? before : undefined;
    const price = nudged ?? plain;
    reachedR = rOf(price);
    targets.push({
      name,
      price,
      r: Number(reachedR.toFixed(2)),
      shareRatio,
      reason:
        nudged === undefined || blocking === undefined
          ? `${r} R, nothing just before it`
          : `a tick before ${blocking.name}, which stands just before ${r} R`,
    });
  }
  return targets;
}

/** Why the first target is not worth the risk when the entry is filled at its limit; undefined when it is. */
export function firstTooNear(input: {
  readonly symbol: string;
  readonly direction: Plan['direction'];
  readonly limitPrice: number;
  readonly riskPerShare: number;
  readonly first: Target | undefined;
}): Refusal | undefined {
  const { symbol, direction, limitPrice, riskPerShare, first } = input;
  if (!first) return undefined;
  const sign = direction === 'long' ? 1 : -1;
  const left = (sign * (first.price - limitPrice)) / riskPerShare;
  // a tick is not a binary fraction: exactly half the risk is enough
  if (left >= LEAST_FIRST_R - 1e-9) return undefined;
  const reason = `The first target of ${symbol} at ${priceText(first.price)} is ${left.toFixed(2)} R from an entry filled at its limit of ${priceText(limitPrice)}, at least ${LEAST_FIRST_R} R are needed.`;
  return { code: 'too_tight', reason };
}
