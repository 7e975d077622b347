import { createHash } from 'node:crypto';
import { openShadow, openTrade, type Step, type Trade } from '../../src/domain/trade.ts';
import type { OutgoingAlert } from '../../src/store/outbox.ts';
import type { SetupRecord } from '../../src/store/setups.ts';
import type { TradeChange } from '../../src/store/trades.ts';
import { samplePlan } from './plan.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export const provenance = { asOf: 1450883100000, source: 'Massive', timeliness: 'live' as const };

/** An alert of the plan's stream. */
export function alertOf(planId: string, alertId: string, kind = 'step'): OutgoingAlert {
  return {
    alertId,
    kind,
    channel: `plan:${planId}`,
    payload: { alertId },
    nonce: alertId.slice(0, 25),
    stream: `plan:${planId}`,
    priority: kind === 'step' ? 0 : 1,
  };
}

/** An offered setup whose plan is that of `seed`. */
export function offered(seed: string) {
  const plan = samplePlan(seed);
  const setup: SetupRecord = {
    setupId: `setup ${seed}`,
    symbol: plan.symbol,
    detector: 'orb',
    title: 'opening-range breakout',
    direction: 'long',
    timeframe: '5m',
    detectedAt: plan.decidedAt,
    outcome: 'offered',
    planId: plan.planId,
  };
  const alert = alertOf(plan.planId, sha(`offer ${plan.planId}`), 'offer');
  return { setup, offer: { plan, inputs: { bars: [1.5, null] }, provenance, shadow: openShadow(plan), alert } };
}

/** A member's armed trade of the plan of `seed`. */
export function takenBy(memberId: string, seed: string, shares = 10): Trade {
  const plan = samplePlan(seed);
  return openTrade(plan, { memberId, shares, takenAt: plan.decidedAt + 60_000 });
}

/** The trade one made-up step on; `closed` ends it. */
export function stepped(trade: Trade, kind: Step['kind'] = 'fill_corrected', state: Trade['state'] = trade.state) {
  const { tradeId, seq } = trade;
  const step: Step = {
    // Its keys in order, as the program's ids have them.
    stepId: sha(JSON.stringify({ seq, tradeId, transition: kind })),
    tradeId,
    seq,
    kind,
    at: trade.armedAt + 60_000 * (seq + 1),
    shares: 0,
    reason: 'because',
    remainingShares: 0,
    realisedR: 0,
  };
  const change: TradeChange = { trade: { ...trade, state, seq: seq + 1 }, fromSeq: seq, steps: [step] };
  return { change, step, alerts: [alertOf(trade.planId, step.stepId)] };
}
