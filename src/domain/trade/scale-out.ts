import type { Plan } from '../plan.ts';

/**
 * Whole shares to sell at each target. What the ratios have asked for up to a target is rounded down and what earlier targets sold
 * is taken off, so the remainder always rides in the runner; a plan without a runner sells it at the last target.
 */
export function sharesAtTargets(
  shares: number,
  targets: readonly Pick<Plan['targets'][number], 'shareRatio'>[],
  runnerRatio: number,
): readonly number[] {
  let ratio = 0;
  let sold = 0;
  return targets.map((target, index) => {
    ratio += target.shareRatio;
    const rest = index === targets.length - 1 && runnerRatio <= 0;
    // 0.7 + 0.1 of 10 shares are 8, not 7
    const due = rest ? shares : Math.min(shares, Math.floor(shares * ratio + 1e-9));
    const now = due - sold;
    sold = due;
    return now;
  });
}
