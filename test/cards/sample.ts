import type { Bar, Timeframe } from '../../src/domain/bar.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { atNewYork } from '../../src/domain/session.ts';

/** A made-up but plausible path: the same bars in every run. */
export function sampleBars(
  count: number,
  { start = 94, timeframe = '5m' as Timeframe, on = '2014-06-06', volume = true } = {},
): Bar[] {
  const stepMs = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000, '1d': 86_400_000 }[timeframe];
  const firstAt = atNewYork(on, timeframe === '1d' ? '00:00' : '09:30');
  let seed = 7;
  const chance = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  let close = start;
  return Array.from({ length: count }, (_, i) => {
    const open = close;
    close = Math.max(start / 50, open + start * 0.002 * (chance() - 0.48));
    const high = Math.max(open, close) + start * 0.0008 * chance();
    const low = Math.min(open, close) - start * 0.0008 * chance();
    const bar = { symbol: 'AAPL', timeframe, openAt: firstAt + i * stepMs, open, high, low, close };
    return volume ? { ...bar, volume: Math.round(20_000 + 90_000 * chance()) } : bar;
  });
}

/** 10:30 New York time on the day of the sample. */
export const DECIDED_AT = atNewYork('2014-06-06', '10:30');

export const samplePlan: Plan = {
  planId: '7f3a9c51d2e84b6f0a1c2d3e4f5061728394a5b6c7d8e9f00112233445566778',
  engineVersion: 1,
  symbol: 'AAPL',
  direction: 'long',
  setup: {
    setupId: 'a1b2c3',
    detector: 'opening_range_breakout',
    title: 'opening-range breakout',
    timeframe: '5m',
    detectedAt: DECIDED_AT,
  },
  decidedAt: DECIDED_AT,
  expiresAt: atNewYork('2014-06-06', '15:30'),
  referencePrice: 93.98,
  entry: { triggerPrice: 94.1, limitPrice: 94.25 },
  stop: { price: 93.38, basis: 'atr', reason: '0.8 ATR under the low of the opening range at 93.80' },
  stopsNotChosen: [{ price: 92.9, basis: 'structure', reason: 'under the session low: 3.2 ATR of risk, too wide' }],
  targets: [
    { name: 'T1', price: 94.82, r: 1, shareRatio: 0.5, reason: '1 times the risk' },
    { name: 'T2', price: 95.54, r: 2, shareRatio: 0.25, reason: '2 times the risk' },
    {
      name: 'T3',
      price: 96.19,
      r: 2.9,
      shareRatio: 0.125,
      reason: 'a tick before R1, which stands in the way of 3 times the risk',
    },
  ],
  runner: { shareRatio: 0.125, trailAtrs: 1.2, trailDistance: 0.58, reason: '1.2 ATR behind the best price' },
  atr: 0.48,
  riskPerShare: 0.72,
  size: {
    shares: 138,
    riskDollars: 99.36,
    accountDollars: 10_000,
    riskPct: 1,
    reason: 'At most $100.00 (1 % of $10,000.00) may be lost: 138 shares.',
  },
  confidence: {
    score: 62,
    measured: false,
    factors: [
      { key: 'trend_15m', label: '15 min trend up', value: 1.4, score: 0.8, weight: 10, contribution: 8 },
      {
        key: 'relative_volume',
        label: 'volume 1.8x this time of day',
        value: 1.8,
        score: 0.9,
        weight: 7,
        contribution: 6.3,
      },
      { key: 'room', label: '5 min from previous day high', value: 0.3, score: -0.5, weight: 5, contribution: -2.5 },
    ],
  },
  rationale: { for: ['15 min trend up', 'volume 1.8x this time of day'], against: ['0.3 ATR of room to PDH'] },
  invalidation: { price: 93.9, rule: 'a 5 min bar closes under 93.90 before the trigger' },
};

export const sampleLevels = [
  { kind: 'previousHigh', name: 'PDH', price: 94.25 },
  { kind: 'previousLow', name: 'PDL', price: 92.8 },
  { kind: 'vwap', name: 'VWAP', price: 93.71 },
] as const;
