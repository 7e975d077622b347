import { createHash } from 'node:crypto';
import { ownPlanIdOf } from '../../src/domain/build-plan.ts';
import type { Plan } from '../../src/domain/plan.ts';

/** The plan of `seed` as a member built it for themselves. */
export function ownPlan(memberId: string, seed: string): Plan {
  const plan = samplePlan(seed);
  return { ...plan, planId: ownPlanIdOf(plan.planId, memberId), sharedId: plan.planId };
}

/** A whole plan whose id is the hash of `seed`. */
export function samplePlan(seed: string): Plan {
  return {
    planId: createHash('sha256').update(seed).digest('hex'),
    engineVersion: 1,
    symbol: 'GOOG',
    direction: 'long',
    setup: {
      setupId: 's1',
      detector: 'orb',
      title: 'opening-range breakout',
      timeframe: '5m',
      detectedAt: 1450883100000,
    },
    decidedAt: 1450883100000,
    expiresAt: 1450886700000,
    referencePrice: 751.35,
    entry: { triggerPrice: 751.36, limitPrice: 751.6 },
    stop: { price: 749.1, basis: 'atr', reason: '1.5 ATR below the trigger' },
    stopsNotChosen: [{ price: 748.2, basis: 'structure', reason: 'below the range' }],
    targets: [
      { name: 'T1', price: 753.62, r: 1, shareRatio: 0.5 },
      { name: 'T2', price: 755.88, r: 2, shareRatio: 0.25 },
    ],
    runner: { shareRatio: 0.25, trailAtrs: 2, trailDistance: 3.01, reason: 'trails two ATR' },
    atr: 1.507,
    riskPerShare: 2.26,
    size: { shares: 110, riskDollars: 248.6, accountDollars: 25000, riskPct: 1, reason: '1 % of $25,000' },
    confidence: {
      score: 61,
      measured: false,
      factors: [
        { key: 'trend_15m', label: '15-minute trend – "up"', value: 0.4, score: 0.5, weight: 20, contribution: 10 },
      ],
    },
    rationale: { for: ['above VWAP'], against: ['light volume'] },
    invalidation: { price: 749.1, rule: 'a 5-minute close below 749.10' },
  };
}
