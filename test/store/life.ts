import { createHash } from 'node:crypto';
import type { Alert } from '../../src/domain/alert.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { openShadow, openTrade, type Step, type Trade } from '../../src/domain/trade.ts';
import { stepAlertsOf } from '../../src/services/lives/step-alerts.ts';
import { outgoing } from '../../src/services/outgoing.ts';
import type { OutgoingAlert } from '../../src/store/outbox.ts';
import type { SetupRecord } from '../../src/store/setups.ts';
import type { TradeChange } from '../../src/store/trades.ts';
import { ownPlan, samplePlan } from './plan.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export const provenance = { asOf: 1450883100000, source: 'Massive', timeliness: 'live' as const };

/** The outbox row that the program writes for an alert. */
export const rowOf = (alert: Alert): OutgoingAlert =>
  outgoing(alert, { seenAt: alert.at, seenWallAt: 0, decidedWallAt: 0 });

/** The offer of a plan to one member, or to everybody. */
export const offerOf = ({ planId, symbol, decidedAt }: Plan, memberId: string | null): OutgoingAlert =>
  rowOf({ kind: 'offer', planId, symbol, memberId, at: decidedAt });

/** What is told of a trade's steps. */
export const toldOf = (trade: Trade, steps: readonly Step[], hasShadow = true): OutgoingAlert[] =>
  stepAlertsOf([{ trade, steps }], { hasShadow }).map(rowOf);

/** A row of a plan's stream that no program writes. */
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
  const alert = offerOf(plan, null);
  return { setup, offer: { plan, inputs: { bars: [1.5, null] }, provenance, shadow: openShadow(plan), alert } };
}

/** A member's armed trade of the plan of `seed`. */
export function takenBy(memberId: string, seed: string, shares = 10): Trade {
  return takenOf(samplePlan(seed), memberId, shares);
}

/** A member taking their own plan of `seed`, as the program asks for it. */
export function takenOwn(memberId: string, seed: string) {
  const plan = ownPlan(memberId, seed);
  return {
    trade: takenOf(plan, memberId, 10),
    steps: [],
    alerts: [offerOf(plan, memberId)],
    offer: { plan, inputs: { of: seed }, provenance },
  };
}

const takenOf = (plan: Plan, memberId: string, shares: number): Trade =>
  openTrade(plan, { memberId, shares, takenAt: plan.decidedAt + 60_000 });

/** The trade one made-up step on; `closed` ends it. */
export function stepped(
  trade: Trade,
  kind: Step['kind'] = 'fill_corrected',
  state: Trade['state'] = trade.state,
  hasShadow = true,
) {
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
  return { change, step, alerts: toldOf(change.trade, [step], hasShadow) };
}
