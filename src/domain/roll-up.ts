import type { Bar, BarVersion, Timeframe } from './bar.ts';
import { isSane, mergeBar } from './bar.ts';
import type { SessionDay } from './session.ts';
import { atNewYork, extendedHours } from './session.ts';

const MINUTE_MS = 60_000;
const LENGTH_MS = { '1m': MINUTE_MS, '5m': 5 * MINUTE_MS, '15m': 15 * MINUTE_MS, '1h': 60 * MINUTE_MS } as const;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The window of a wider bar that a minute belongs to, or undefined outside the day. Windows count from the open in the pre-market
 * (backwards) and regular hours, from the close in the after-market, and never cross either: the last hour bar is 15:30 to 16:00.
 * A day bar takes regular hours only.
 */
export function spanOf(minuteAt: number, timeframe: Timeframe, day: SessionDay): Span | undefined {
  const { opensAt, closesAt } = day;
  if (timeframe === '1d')
    return minuteAt >= opensAt && minuteAt < closesAt ? { from: opensAt, to: closesAt } : undefined;
  const hours = extendedHours(day);
  if (minuteAt < hours.from || minuteAt >= hours.to) return undefined;
  const lengthMs = LENGTH_MS[timeframe];
  const anchorAt = minuteAt < closesAt ? opensAt : closesAt;
  const from = anchorAt + Math.floor((minuteAt - anchorAt) / lengthMs) * lengthMs;
  const endsAt = minuteAt < opensAt ? opensAt : minuteAt < closesAt ? closesAt : hours.to;
  return { from: Math.max(from, hours.from), to: Math.min(from + lengthMs, endsAt) };
}

/** When a bar is complete, epoch ms. */
export function barClosesAt(bar: Bar, day: SessionDay): number {
  if (bar.timeframe === '1d') return day.closesAt;
  return spanOf(bar.openAt, bar.timeframe, day)?.to ?? bar.openAt + LENGTH_MS[bar.timeframe];
}

function widen(minutes: readonly Bar[], timeframe: Timeframe, openAt: number): Bar | undefined {
  const first = minutes[0];
  const last = minutes.at(-1);
  if (!first || !last) return undefined;
  let { high, low } = first;
  let volume = 0;
  let counted = true;
  let traded = 0;
  let priced = true;
  for (const minute of minutes) {
    if (minute.high > high) high = minute.high;
    if (minute.low < low) low = minute.low;
    if (minute.volume === undefined) counted = false;
    else volume += minute.volume;
    if (minute.vwap === undefined) priced = false;
    else traded += minute.vwap * (minute.volume ?? 0);
  }
  return {
    symbol: first.symbol,
    timeframe,
    openAt,
    open: first.open,
    high,
    low,
    close: last.close,
    ...(counted ? { volume } : {}),
    ...(counted && priced && volume > 0 ? { vwap: traded / volume } : {}),
  };
}

/** Turns one symbol's minutes into wider bars as they arrive. */
export interface BarRoller {
  /** Takes a closed minute; gives the bars that this completes, each once. A late or revised one only mends `bars()`. */
  add(minute: Bar, version?: number): readonly Bar[];
  /** Takes a closed minute and completes nothing: for many at once, before `advance`. */
  put(minute: Bar): void;
  /** Completes what the clock has passed, also when the last minutes were silent. */
  advance(asOf: number): readonly Bar[];
  /** All completed bars, oldest first, with every revision merged. */
  bars(): readonly Bar[];
  /** The bar in progress. */
  forming(): Bar | undefined;
}

interface Bucket {
  readonly span: Span;
  readonly minutes: Map<number, BarVersion>;
}

/** A roller for one symbol, one timeframe and one session; insane minutes and those outside the session are ignored. */
export function createBarRoller(timeframe: Timeframe, day: SessionDay): BarRoller {
  const buckets = new Map<number, Bucket>();
  let closedTo = Number.NEGATIVE_INFINITY;

  const openAtOf = (span: Span): number => (timeframe === '1d' ? atNewYork(day.on, '00:00') : span.from);

  const barOf = ({ span, minutes }: Bucket): Bar | undefined => {
    const inOrder = [...minutes.values()].map(({ bar }) => bar).sort((a, b) => a.openAt - b.openAt);
    return widen(inOrder, timeframe, openAtOf(span));
  };

  const ordered = (keep: (span: Span) => boolean): Bar[] =>
    [...buckets.values()]
      .filter(({ span }) => keep(span))
      .sort((a, b) => a.span.from - b.span.from)
      .flatMap((bucket) => barOf(bucket) ?? []);

  const advance = (asOf: number): readonly Bar[] => {
    if (asOf <= closedTo) return [];
    const from = closedTo;
    closedTo = asOf;
    return ordered(({ to }) => to > from && to <= asOf);
  };

  /** False for a minute that belongs to no bar of this session. */
  const put = (minute: Bar, version: number): boolean => {
    const span = isSane(minute) ? spanOf(minute.openAt, timeframe, day) : undefined;
    if (!span) return false;
    let bucket = buckets.get(span.from);
    if (!bucket) {
      bucket = { span, minutes: new Map() };
      buckets.set(span.from, bucket);
    }
    bucket.minutes.set(minute.openAt, mergeBar(bucket.minutes.get(minute.openAt), { bar: minute, version }));
    return true;
  };

  return {
    advance,
    put: (minute) => void put(minute, 0),
    add: (minute, version = 0) => (put(minute, version) ? advance(minute.openAt + MINUTE_MS) : []),
    bars: () => ordered(({ to }) => to <= closedTo),
    forming: () => ordered(({ to }) => to > closedTo).at(-1),
  };
}

/** One session's minutes as wider bars, the unfinished last one included. */
export function rollUp(minutes: readonly Bar[], timeframe: Timeframe, day: SessionDay): readonly Bar[] {
  return closedBars(minutes, timeframe, day, Number.POSITIVE_INFINITY);
}

/** The wider bars that are complete at `asOf`, from minutes that are: what a trader could have known then. */
export function closedBars(
  minutes: readonly Bar[],
  timeframe: Timeframe,
  day: SessionDay,
  asOf: number,
): readonly Bar[] {
  const roller = createBarRoller(timeframe, day);
  for (const minute of minutes) if (minute.openAt + MINUTE_MS <= asOf) roller.put(minute);
  return roller.advance(asOf);
}
