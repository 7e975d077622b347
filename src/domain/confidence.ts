import type { Plan } from './plan.ts';
import type { Factor } from './setup.ts';

/** Points that a factor moves the neutral 50 by when it speaks fully for or against; those of one setup add up to 50 at most. */
const WEIGHTS: Readonly<Record<string, number>> = {
  trend_15m: 10,
  trend_day: 8,
  vwap_side: 7,
  relative_volume: 7,
  room: 7,
  breadth: 4,
  range_width: 4,
  bar_close: 3,
  ema_slope: 4,
  pullback_depth: 3,
};

const UNKNOWN_WEIGHT = 2;
const NEUTRAL = 50;
const WORTH_SAYING = 0.5;

/** Confidence from factors alone, every input and weight visible; not yet measured against outcomes. */
export function confidenceOf(factors: readonly Factor[]): Plan['confidence'] {
  let sum = NEUTRAL;
  const weighed = factors.map((factor) => {
    const weight = WEIGHTS[factor.key] ?? UNKNOWN_WEIGHT;
    const contribution = Math.round(weight * factor.score * 10) / 10 + 0;
    sum += contribution;
    return { ...factor, weight, contribution };
  });
  return { score: Math.max(0, Math.min(100, Math.round(sum))), measured: false, factors: weighed };
}

/** The factors that matter, in words, strongest first. */
export function rationaleOf({ factors }: Plan['confidence']): Plan['rationale'] {
  const strongest = [...factors].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return {
    for: strongest.filter(({ contribution }) => contribution >= WORTH_SAYING).map(({ label }) => label),
    against: strongest.filter(({ contribution }) => contribution <= -WORTH_SAYING).map(({ label }) => label),
  };
}

/** How much of the market moves the plan's way, as a factor. */
export function breadthFactor(advancingPct: number, direction: Plan['direction']): Factor {
  const lean = (advancingPct - NEUTRAL) / 25;
  const towards = direction === 'long' ? lean : -lean;
  return {
    key: 'breadth',
    label: `${advancingPct.toFixed(0)} % of stocks advancing`,
    value: Number(advancingPct.toFixed(1)),
    score: Math.round(Math.max(-1, Math.min(1, towards)) * 1000) / 1000 + 0,
  };
}
