import { z } from 'zod';
import type { Bar } from './bar.ts';
import { isSane } from './bar.ts';
import { lastOf } from './indicators/indicator.ts';
import { vwap } from './indicators/vwap.ts';
import { toTick } from './price.ts';
import type { SessionDay } from './session.ts';
import { atNewYork, extendedHours } from './session.ts';

const MINUTE_MS = 60_000;

/** Short desk names of what other traders watch. */
const NAMES = {
  previousHigh: 'PDH',
  previousLow: 'PDL',
  previousClose: 'PDC',
  premarketHigh: 'PMH',
  premarketLow: 'PML',
  openingRangeHigh: 'ORH',
  openingRangeLow: 'ORL',
  vwap: 'VWAP',
  pivot: 'P',
  resistance1: 'R1',
  resistance2: 'R2',
  support1: 'S1',
  support2: 'S2',
} as const;

export type LevelKind = keyof typeof NAMES;

/** A price that other traders watch. */
export interface Level {
  readonly kind: LevelKind;
  /** Short desk name: PDH, PDL, PDC, PMH, PML, ORH, ORL, VWAP, P, R1, R2, S1, S2. */
  readonly name: string;
  readonly price: number;
}

/** A level as part of a command's output. */
export const levelSchema = z.object({
  kind: z.enum(Object.keys(NAMES) as [LevelKind, ...LevelKind[]]),
  name: z.string(),
  price: z.number(),
});

/** Classic floor pivots of one period, not rounded. */
export function pivotsOf({ high, low, close }: Pick<Bar, 'high' | 'low' | 'close'>): {
  readonly pivot: number;
  readonly resistance1: number;
  readonly resistance2: number;
  readonly support1: number;
  readonly support2: number;
} {
  const pivot = (high + low + close) / 3;
  return {
    pivot,
    resistance1: 2 * pivot - low,
    resistance2: pivot + (high - low),
    support1: 2 * pivot - high,
    support2: pivot - (high - low),
  };
}

/** Highest high and lowest low, or undefined of nothing. */
export function rangeOf(bars: readonly Bar[]): { readonly high: number; readonly low: number } | undefined {
  if (bars.length === 0) return undefined;
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (const bar of bars) {
    if (bar.high > high) high = bar.high;
    if (bar.low < low) low = bar.low;
  }
  return { high, low };
}

/**
 * The key levels of a session as they stood at `asOf`, rounded to the tick. Takes completed days before the session from `daily` and
 * the session's own closed minutes from `minutes`; both may hold more. A level whose time has not come is absent.
 */
export function keyLevels(input: {
  readonly daily: readonly Bar[];
  readonly minutes: readonly Bar[];
  readonly day: SessionDay;
  readonly asOf: number;
  readonly openingRangeMinutes?: number;
}): Level[] {
  const { day, asOf, openingRangeMinutes = 15 } = input;
  const levels: Level[] = [];
  const put = (kind: LevelKind, price: number | undefined): void => {
    if (price !== undefined && price > 0) levels.push({ kind, name: NAMES[kind], price: toTick(price) });
  };

  const dayStartsAt = atNewYork(day.on, '00:00');
  const before = input.daily.findLast((bar) => bar.openAt < dayStartsAt && isSane(bar));
  put('previousHigh', before?.high);
  put('previousLow', before?.low);
  put('previousClose', before?.close);

  const { from } = extendedHours(day);
  // three times the price within a minute is a split that one side does not know of
  const known = input.minutes.filter(
    (bar) => bar.openAt >= from && bar.openAt + MINUTE_MS <= asOf && isSane(bar) && bar.high < 3 * bar.low,
  );
  const premarket = rangeOf(known.filter((bar) => bar.openAt < day.opensAt));
  put('premarketHigh', premarket?.high);
  put('premarketLow', premarket?.low);

  const regular = known.filter((bar) => bar.openAt >= day.opensAt && bar.openAt < day.closesAt);
  const rangeEndsAt = day.opensAt + openingRangeMinutes * MINUTE_MS;
  const opening = asOf >= rangeEndsAt ? rangeOf(regular.filter((bar) => bar.openAt < rangeEndsAt)) : undefined;
  put('openingRangeHigh', opening?.high);
  put('openingRangeLow', opening?.low);
  put('vwap', lastOf(vwap(), regular));

  if (before) {
    const pivots = pivotsOf(before);
    put('pivot', pivots.pivot);
    put('resistance1', pivots.resistance1);
    put('resistance2', pivots.resistance2);
    put('support1', pivots.support1);
    put('support2', pivots.support2);
  }
  return levels;
}

/** The price of one level, if it exists. */
export function levelPrice(levels: readonly Level[], kind: LevelKind): number | undefined {
  return levels.find((level) => level.kind === kind)?.price;
}
