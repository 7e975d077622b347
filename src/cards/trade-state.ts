import type { TradeHead } from '../domain/trade/head.ts';
import type { TradeResult } from '../domain/trade/result.ts';
import type { ClosedAs, Trade } from '../domain/trade.ts';
import type { Tone } from './card.ts';
import { distance, duration, newYorkClock, price, rDistance, rMultiple, share } from './format.ts';

/** What cards need of a trade; its prices are the plan's, `splitFactor` leads to the market's. */
export type ShownTrade = Pick<
  Trade,
  | 'tradeId'
  | 'planId'
  | 'symbol'
  | 'direction'
  | 'shares'
  | 'state'
  | 'closedAs'
  | 'closedAt'
  | 'entry'
  | 'riskPerShare'
  | 'targets'
  | 'targetsHit'
  | 'fill'
  | 'stop'
  | 'exits'
  | 'missedAt'
  | 'armedAt'
  | 'claimedFill'
  | 'expiresAt'
  | 'last'
  | 'suspended'
  | 'splitFactor'
>;

/** A trade as it stands at its last price. */
export interface ShownLife {
  readonly trade: ShownTrade;
  readonly head: TradeHead;
  readonly result: TradeResult;
}

const END_WORDS: Record<ClosedAs, string> = {
  stopped: 'stopped',
  trailed: 'trailed out',
  timed_out: 'out at the close',
  completed: 'last target hit',
  closed_by_member: 'closed by the member',
  expired: 'expired',
  invalidated: 'invalidated',
  cancelled: 'cancelled',
};

/** Where a trade is in one line: state, open R, next level with its distance, stop; how it ended after its end. */
export function stateLine(life: ShownLife): string {
  const { trade, head } = life;
  if (head.state === 'closed') return `Ended: ${endWords(life)}`;
  if (trade.suspended) return suspendedLine(trade, head);
  if (head.state === 'armed') return armedLine(trade, head);
  const done =
    head.state === 'triggered'
      ? `Triggered ${price(head.fillPrice ?? head.lastPrice)}`
      : `${lastTarget(trade)} hit · ${rMultiple(head.realisedR)} banked`;
  const { next, stop } = head;
  return [
    done,
    `open ${rMultiple(head.openR)}`,
    next ? `next ${next.name} ${price(next.price)} (${awayWords(next.distance)})` : 'runner',
    ...(stop ? [`${next ? 'stop' : 'trailing stop'} ${price(stop.price)}`] : []),
  ].join(' · ');
}

/** What prints of the open minute have crossed, where they have: the minute's close decides. */
export function sightedLine({ head }: Pick<ShownLife, 'head'>): string | undefined {
  if (head.sighted === undefined) return undefined;
  return `-# Two prints are beyond the ${head.sighted}; the close of the minute decides.`;
}

/** Two words for a list: `armed`, `in`, `T1 hit`, `stopped`. */
export function stateWord({ trade, head }: Pick<ShownLife, 'trade' | 'head'>): string {
  if (head.state === 'closed') return shortEnd(head.closedAs);
  if (trade.suspended) return 'suspended';
  if (head.state === 'armed') return trade.missedAt === undefined ? 'armed' : 'missed';
  return head.state === 'triggered' ? 'in' : `${lastTarget(trade)} hit`;
}

/** `result +0.5 R · best 1.4 R (MFE) · 52 min`; of a trade that never held a share `no entry`. */
export function resultWords(result: TradeResult, held: boolean): string {
  if (!held) return 'no entry';
  const best = `best ${rDistance(result.mfeR)} (MFE)`;
  return [`result ${rMultiple(result.realisedR)}`, best, duration(result.minutesHeld * 60_000)].join(' · ');
}

/** Accent of a trade: its side while it lives, its result at the end, amber while it is in doubt. */
export function lifeTone({ trade, head }: Pick<ShownLife, 'trade' | 'head'>): Tone {
  if (head.state === 'closed') return 'neutral';
  if (trade.suspended) return 'warn';
  return trade.direction === 'long' ? 'up' : 'down';
}

function endWords({ trade, head }: ShownLife): string {
  const word = head.closedAs === undefined ? 'closed' : END_WORDS[head.closedAs];
  const exit = trade.exits.at(-1);
  if (trade.fill && head.closedAs === 'cancelled') return `${word} · result not known`;
  if (!trade.fill || !exit) return `${word} · no entry`;
  return `${word} ${price(exit.price / trade.splitFactor)} · ${rMultiple(head.realisedR)}`;
}

function shortEnd(closedAs: ClosedAs | undefined): string {
  if (closedAs === 'timed_out') return 'time stop';
  if (closedAs === 'completed') return 'all targets';
  return closedAs === undefined || closedAs === 'closed_by_member' ? 'closed' : END_WORDS[closedAs];
}

function armedLine(trade: ShownTrade, { lastPrice, next }: TradeHead): string {
  const state = `${trade.missedAt === undefined ? 'Armed' : 'Missed'} · ${price(lastPrice)}`;
  if (!next) return state;
  const far = `${distance(next.distance)} (${rDistance(next.distanceR)})`;
  if (next.name === 'limit') return `${state}, past the limit ${price(next.price)} by ${far}`;
  return next.distance > 0 ? `${state}, trigger in ${far}` : `${state}, at the trigger ${price(next.price)}`;
}

function suspendedLine({ suspended }: ShownTrade, { lastPrice }: TradeHead): string {
  const since = suspended ? ` since ${newYorkClock(suspended.since, false)} ET` : '';
  return `Suspended${since} · last ${price(lastPrice)} · looks like a split, waits for word of it`;
}

function awayWords(away: number): string {
  return away > 0 ? `${distance(away)} away` : 'reached, the minute decides';
}

function lastTarget({ targets, targetsHit }: ShownTrade): string {
  return targets[targetsHit - 1]?.name ?? 'Target';
}

/** `half`, `a quarter`, `37 %`: a part of a position in words. */
export function partWord(ratio: number): string {
  const words: readonly (readonly [number, string])[] = [
    [1 / 2, 'half'],
    [1 / 4, 'a quarter'],
    [1 / 3, 'a third'],
    [3 / 4, 'three quarters'],
    [2 / 3, 'two thirds'],
  ];
  return words.find(([size]) => Math.abs(size - ratio) < 0.02)?.[1] ?? share(ratio * 100);
}
