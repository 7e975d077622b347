import type { Bar } from '../bar.ts';
import { isSane } from '../bar.ts';
import type { Advance, Minute, Trade, TradeEvent } from '../trade.ts';
import { believed, leaps, splitRatio } from './belief.ts';
import { passTime } from './deadlines.ts';
import { inRegularHours, isOvernight, sessionCloseAt } from './hours.ts';
import type { Life } from './life.ts';
import { end, isOver, said, step } from './life.ts';
import { passMinute } from './minute.ts';
import { onGrid } from './result.ts';
import { sight } from './sighting.ts';

const MINUTE_MS = 60_000;

/**
 * The trade after one event and the steps that this took, none for most. Only minutes of regular hours move it, each once and in
 * order: a minute delivered again, revised or late changes nothing. A minute that leaps waits for the next to confirm it.
 */
export function advance(trade: Trade, event: TradeEvent): Advance {
  if (trade.state === 'closed') return { trade, steps: [] };
  if (trade.suspended) return waitForWord(trade, event);
  if (event.kind === 'tick') return { trade: sight(trade, event.tick), steps: [] };
  const life: Life = { trade, steps: [] };
  if (event.kind === 'clock') passTime(life, event.at);
  else if (counts(trade, event.bar)) takeBar(life, inPlanTerms(trade, event.bar));
  return life;
}

/** Follows a whole tape from where the trade is. */
export function advanceAll(trade: Trade, events: Iterable<TradeEvent>): Advance {
  const steps = [];
  let current = trade;
  for (const event of events) {
    const next = advance(current, event);
    current = next.trade;
    steps.push(...next.steps);
  }
  return { trade: current, steps };
}

/** A member closes a suspended trade of theirs; a shadow, which has nobody, waits for one more session. */
function waitForWord(trade: Trade, event: TradeEvent): Advance {
  const until = event.kind === 'tick' ? 0 : event.kind === 'clock' ? event.at : event.bar.openAt;
  const { memberId, suspended, expiresAt, timeStopAt = expiresAt } = trade;
  if (memberId !== null || !suspended) return { trade, steps: [] };
  const endsAt = sessionCloseAt(sessionCloseAt(Math.max(timeStopAt, suspended.since) - 1));
  if (until < endsAt) return { trade, steps: [] };
  const life: Life = { trade: { ...trade, remainingShares: 0 }, steps: [] };
  end(life, 'cancelled', endsAt, 'no word of a split');
  return life;
}

function counts({ symbol, last, armedAt, held }: Trade, bar: Bar): boolean {
  if (bar.symbol !== symbol || bar.timeframe !== '1m' || !isSane(bar)) return false;
  if (bar.openAt < last.closedAt || bar.openAt < armedAt || bar.openAt <= (held?.openAt ?? 0)) return false;
  return inRegularHours(bar.openAt);
}

function inPlanTerms({ splitFactor }: Trade, { openAt, open, high, low, close }: Bar): Minute {
  const [o, h, l, c] = [open, high, low, close].map((price) => onGrid(price * splitFactor)) as [
    number,
    number,
    number,
    number,
  ];
  return { openAt, open: o, high: h, low: l, close: c };
}

function takeBar(life: Life, minute: Minute): void {
  const { held } = life.trade;
  if (held && !isOvernight(held.openAt, minute.openAt)) {
    const { held: _held, ...trade } = life.trade;
    life.trade = trade;
    const real = believed(trade, held, minute.open);
    if (real) pass(life, real);
  }
  if (isOver(life) || life.trade.suspended) return;
  passTime(life, minute.openAt);
  if (isOver(life)) return;
  if (leaps(life.trade, minute)) life.trade = { ...life.trade, held: minute };
  else pass(life, minute);
}

function pass(life: Life, minute: Minute): void {
  passTime(life, minute.openAt);
  if (isOver(life)) return;
  const ratio = splitRatio(life.trade, minute);
  if (ratio !== undefined) {
    suspend(life, ratio, minute);
    return;
  }
  const { sighted: _sighted, ...trade } = life.trade;
  life.trade = trade;
  passMinute(life, minute);
  passTime(life, minute.openAt + MINUTE_MS);
}

function suspend(life: Life, ratio: number, minute: Minute): void {
  const { trade } = life;
  const { sighted: _sighted, ...rest } = trade;
  life.trade = { ...rest, suspended: { ratio, since: minute.openAt } };
  const split = ratio > 1 ? `${ratio}-for-1` : `1-for-${Number((1 / ratio).toFixed(1))}`;
  const reason = `opened at ${said(trade, minute.open)} after ${said(trade, trade.last.price)}, like a ${split} split: waits for word of it`;
  step(life, { kind: 'suspended', at: minute.openAt + MINUTE_MS, price: minute.open, reason });
}
