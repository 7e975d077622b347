import type { Bar } from './bar.ts';
import { hashOf } from './canonical.ts';
import { breadthFactor, confidenceOf, rationaleOf } from './confidence.ts';
import { ema } from './indicators/ema.ts';
import { lastOf } from './indicators/indicator.ts';
import { sessionAtr } from './indicators/session-atr.ts';
import { isTradable, parseInstrument } from './instrument.ts';
import type { Level } from './levels.ts';
import type { Plan, Refusal, RiskProfile } from './plan.ts';
import { sizeOf } from './position-size.ts';
import { priceText, toTick } from './price.ts';
import type { SessionDay } from './session.ts';
import { wallClock } from './session.ts';
import type { Setup } from './setup.ts';
import { chooseStop } from './stop.ts';
import { firstTooNear, RUNNER_RATIO, scaleOut } from './targets.ts';

/** Part of every plan's hash: raised whenever the same inputs would give another plan. */
export const ENGINE_VERSION = 3;

/** What a plan is computed from. Nothing in it may be later than the setup's deciding bar; what is, is not looked at. */
export interface PlanInputs {
  readonly symbol: string;
  /** The session of the deciding bar. */
  readonly day: SessionDay;
  /** The session after it, in which a plan decided near the close is good. */
  readonly nextDay: SessionDay;
  /** When it is asked for; decides only whether the answer still counts. */
  readonly asOf: number;
  /** Completed sessions before `day`, oldest first. */
  readonly daily: readonly Bar[];
  /** Closed five-minute bars of regular hours, oldest first. */
  readonly bars5m: readonly Bar[];
  /** As they stood at the deciding bar's close. */
  readonly levels: readonly Level[];
  readonly setup: Setup;
  /** What a trader calls the setup; the detector's name if absent. */
  readonly title?: string;
  readonly risk: RiskProfile;
  readonly context?: { readonly breadthPct?: number };
  /** The member whose own plan it is: it has an id of its own, beside the one that everybody's has. */
  readonly owner?: string;
}

export type PlanResult = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly refusal: Refusal };

const BAR_MS = 5 * 60_000;
const LAST_ENTRY_BEFORE_CLOSE_MS = 30 * 60_000;
const ENTRY_ZONE_ATRS = 0.25;
const ENTRY_ZONE_R = 0.3;
const TRAIL_ATRS = 1.5;

/** When an untriggered plan ends: half an hour before the close of its session, or of the next one when it was decided after that. */
function expiryOf({ day, nextDay }: PlanInputs, decidedAt: number): number {
  const endsAt = day.closesAt - LAST_ENTRY_BEFORE_CLOSE_MS;
  return decidedAt < endsAt ? endsAt : nextDay.closesAt - LAST_ENTRY_BEFORE_CLOSE_MS;
}

/** Why this symbol cannot have a plan, whatever its bars say. */
export function untradable(symbol: string): Refusal | undefined {
  const instrument = parseInstrument(symbol);
  if (instrument && isTradable(instrument) && instrument.kind === 'stock') return undefined;
  const reason =
    instrument?.kind === 'index'
      ? `${symbol} is an index, 0 shares of it can be bought; plan a fund that follows it.`
      : instrument?.kind === 'option'
        ? `${symbol} is an option contract; plans are made on its underlying, ${instrument.underlying}.`
        : `"${symbol.slice(0, 24)}" is not a symbol that can be traded, needed one like AAPL.`;
  return { code: 'not_tradable', reason };
}

/** Turns a setup into a plan, or says with numbers why not. */
export function buildPlan(inputs: PlanInputs): PlanResult {
  const { symbol, setup, levels, risk, owner } = inputs;
  const banned = untradable(symbol);
  if (banned) return { ok: false, refusal: banned };
  const decidedAt = setup.detectedAt;
  const bars = inputs.bars5m.filter((bar) => bar.openAt + BAR_MS <= decidedAt);
  const average = sessionAtr(bars);
  const last = bars.at(-1);
  if (!average || !last || average.value <= 0) {
    const reason = `${bars.length} five-minute bars of ${symbol} are closed, a plan needs at least 6 that moved.`;
    return { ok: false, refusal: { code: 'not_enough_history', reason } };
  }
  const expiresAt = expiryOf(inputs, decidedAt);
  if (inputs.asOf >= expiresAt) {
    const reason = `The setup of ${symbol} at ${priceText(setup.triggerPrice)} ended at ${wallClock(expiresAt)} ET.`;
    return { ok: false, refusal: { code: 'no_setup', reason } };
  }

  const { direction, triggerPrice, structurePrice, structureReason } = setup;
  const sign = direction === 'long' ? 1 : -1;
  const atr = average.value;
  const emaPrice = lastOf(
    ema(20),
    bars.map((bar) => bar.close),
  );
  const choice = chooseStop({ symbol, direction, triggerPrice, structurePrice, structureReason, atr, emaPrice });
  if (!choice.ok) return choice;
  const { stop } = choice;
  const riskPerShare = toTick(Math.abs(triggerPrice - stop.price), 'nearest', triggerPrice);
  const zone = toTick(Math.min(ENTRY_ZONE_ATRS * atr, ENTRY_ZONE_R * riskPerShare), 'up', triggerPrice);
  const limitPrice = toTick(triggerPrice + sign * zone);
  const targets = scaleOut({ direction, triggerPrice, riskPerShare, levels });
  const farthest = targets.at(-1)?.price ?? 0;
  if (farthest <= 0) {
    const reason = `Three times the risk of ${priceText(riskPerShare)} under ${priceText(triggerPrice)} is below zero: the stop of ${symbol} is too wide.`;
    return { ok: false, refusal: { code: 'too_wide', reason } };
  }
  const tight = firstTooNear({ symbol, direction, limitPrice, riskPerShare, first: targets[0] });
  if (tight) return { ok: false, refusal: tight };
  const sizing = sizeOf({ symbol, triggerPrice, limitPrice, stopPrice: stop.price, risk });
  if (!sizing.ok) return sizing;

  const breadthPct = inputs.context?.breadthPct;
  const factors = breadthPct === undefined ? setup.factors : [...setup.factors, breadthFactor(breadthPct, direction)];
  const confidence = confidenceOf(factors);
  const sharedId = planIdOf(inputs, bars, expiresAt);
  const wrongAt = toTick(sign * Math.max(sign * structurePrice, sign * stop.price));
  return {
    ok: true,
    plan: {
      ...(owner === undefined ? { planId: sharedId } : { planId: ownPlanIdOf(sharedId, owner), sharedId }),
      engineVersion: ENGINE_VERSION,
      symbol,
      direction,
      setup: {
        setupId: setup.setupId,
        detector: setup.detector,
        title: inputs.title ?? setup.detector,
        timeframe: setup.timeframe,
        detectedAt: decidedAt,
      },
      decidedAt,
      expiresAt,
      referencePrice: last.close,
      entry: { triggerPrice, limitPrice },
      stop,
      stopsNotChosen: [...choice.notChosen],
      targets: [...targets],
      runner: {
        shareRatio: RUNNER_RATIO,
        trailAtrs: TRAIL_ATRS,
        trailDistance: toTick(TRAIL_ATRS * atr, 'up', triggerPrice),
        reason: `${TRAIL_ATRS} ATR behind the best price; a fixed distance until this setup has a measured history`,
      },
      atr: Number(atr.toFixed(4)),
      riskPerShare,
      size: sizing.size,
      confidence,
      rationale: rationaleOf(confidence),
      invalidation: {
        price: wrongAt,
        rule: `a 5 min bar closes ${sign === 1 ? 'under' : 'over'} ${priceText(wrongAt)} before the trigger`,
      },
    },
  };
}

/** The id of one member's own plan: never that of anybody else's, nor of an offer for everybody. */
export function ownPlanIdOf(sharedId: string, owner: string): string {
  return hashOf({ owner, planId: sharedId });
}

/** A bar as the list of its numbers: what is hashed most should be short. */
const figures = ({ openAt, open, high, low, close, volume, vwap }: Bar): readonly (number | null)[] => [
  openAt,
  open,
  high,
  low,
  close,
  volume ?? null,
  vwap ?? null,
];

function planIdOf(inputs: PlanInputs, bars: readonly Bar[], expiresAt: number): string {
  const { symbol, day, daily, levels, setup, title, risk, context } = inputs;
  return hashOf({
    engineVersion: ENGINE_VERSION,
    symbol,
    day,
    // all that a plan takes of the next session, and only where it does
    expiresAt,
    daily: daily.map(figures),
    bars: bars.map(figures),
    levels,
    setup,
    title: title ?? null,
    risk: { accountDollars: risk.accountDollars, riskPct: risk.riskPct },
    breadthPct: context?.breadthPct ?? null,
  });
}
