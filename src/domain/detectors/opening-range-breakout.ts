import type { Bar } from '../bar.ts';
import { ema } from '../indicators/ema.ts';
import { valuesOf } from '../indicators/indicator.ts';
import { sessionAtr } from '../indicators/session-atr.ts';
import { vwap } from '../indicators/vwap.ts';
import { levelPrice } from '../levels.ts';
import { nextTick } from '../price.ts';
import type { Detector, DetectorInput, Setup } from '../setup.ts';
import { score } from './factors.ts';
import { setupOf } from './setup-of.ts';
import type { Sign } from './side.ts';
import { back, backOf, front, SIDES } from './side.ts';

const IDENTITY = { name: 'opening_range_breakout', version: 1, timeframe: '5m' } as const;
const WARMUP_BARS = 6;
/** After this the opening range has lost its meaning for the day. */
const WINDOW_MS = 4 * 3_600_000;
const LATELY_BARS = 6;

/** How a bar stands to one edge of the range: below it but leaning on it, just through it, or neither. */
type Stance = 'coiled' | 'through' | undefined;

interface Range {
  readonly edge: number;
  readonly far: number;
}

/**
 * Waits at the edge of the first 15 minutes: fires when a bar closes in the outer third of the range with trend and VWAP agreeing, and
 * again when one closes through the edge without having run away from it. Silent while the stance stays what it was.
 */
export const openingRangeBreakout: Detector = {
  ...IDENTITY,
  title: 'opening-range breakout',
  warmupBars: WARMUP_BARS,
  detect(input) {
    const { bars, day, levels } = input;
    const bar = bars.at(-1);
    const high = levelPrice(levels, 'openingRangeHigh');
    const low = levelPrice(levels, 'openingRangeLow');
    if (!bar || high === undefined || low === undefined || high <= low || bars.length < WARMUP_BARS) return undefined;
    if (bar.openAt < day.opensAt || bar.openAt - day.opensAt >= WINDOW_MS) return undefined;
    const atr = sessionAtr(bars)?.value;
    if (atr === undefined || atr <= 0) return undefined;

    const session = bars.filter((known) => known.openAt >= day.opensAt);
    const averages = valuesOf(vwap(), session);
    const trend = trendOf(bars);
    for (const { direction, sign } of SIDES) {
      const range = sign === 1 ? { edge: high, far: low } : { edge: low, far: high };
      const agrees = trend === undefined || sign * trend >= 0;
      const now = agrees ? stanceOf(session, averages, session.length - 1, range, sign, atr) : undefined;
      if (now === undefined || now === stanceOf(session, averages, session.length - 2, range, sign, atr)) continue;
      return arm(input, session, bar, range, direction, sign, atr, now);
    }
    return undefined;
  },
};

/** EMA 9 above (positive) or below EMA 20, where both have warmed up. */
function trendOf(bars: readonly Bar[]): number | undefined {
  const closes = bars.map((bar) => bar.close);
  const fast = valuesOf(ema(9), closes).at(-1);
  const slow = valuesOf(ema(20), closes).at(-1);
  return fast === undefined || slow === undefined ? undefined : fast - slow;
}

function stanceOf(
  session: readonly Bar[],
  averages: readonly (number | undefined)[],
  index: number,
  { edge, far }: Range,
  sign: Sign,
  atr: number,
): Stance {
  const bar = session[index];
  const average = averages[index];
  if (!bar || index < 2 || (average !== undefined && sign * (bar.close - average) < 0)) return undefined;
  const past = sign * (bar.close - edge);
  if (past > 0) return past <= 0.75 * atr ? 'through' : undefined;
  const broken = session.slice(3, index + 1).some((known) => sign * (front(known, sign) - edge) > 0);
  const depth = (sign * (bar.close - far)) / Math.abs(edge - far);
  return !broken && depth >= 0.67 ? 'coiled' : undefined;
}

function arm(
  input: DetectorInput,
  session: readonly Bar[],
  bar: Bar,
  { edge, far }: Range,
  direction: Setup['direction'],
  sign: Sign,
  atr: number,
  stance: 'coiled' | 'through',
): Setup {
  const width = Math.abs(edge - far);
  const middle = (edge + far) / 2;
  const lately = backOf(session.slice(-LATELY_BARS), sign);
  const end = sign === 1 ? 'low' : 'high';
  const shelter =
    width <= 2 * atr
      ? { price: far, reason: `the range ${end}` }
      : sign * (lately - middle) > 0 && sign * (edge - lately) >= atr
        ? { price: lately, reason: `the ${end} of the last 30 minutes` }
        : { price: middle, reason: 'the middle of the opening range' };
  const widthAtrs = width / atr;
  return setupOf(IDENTITY, input, bar, atr, {
    direction,
    triggerPrice: nextTick(stance === 'coiled' ? edge : front(bar, sign), sign),
    structurePrice: shelter.price,
    structureReason: shelter.reason,
    factors: [
      {
        key: 'range_width',
        label: `opening range ${widthAtrs.toFixed(1)} ATR wide`,
        value: Number(widthAtrs.toFixed(2)),
        // a narrow range stores a move, a wide one has spent it
        score: score((4 - widthAtrs) / 2),
      },
      {
        key: 'bar_close',
        label: `bar closed in its ${closeWord(bar, sign)} third`,
        value: Number(closeRatio(bar, sign).toFixed(2)),
        score: score(2 * closeRatio(bar, sign) - 1),
      },
    ],
  });
}

function closeRatio(bar: Bar, sign: Sign): number {
  const range = bar.high - bar.low;
  return range > 0 ? (sign * (bar.close - back(bar, sign))) / range : 0.5;
}

function closeWord(bar: Bar, sign: Sign): string {
  const ratio = closeRatio(bar, sign);
  return ratio > 0.67 ? 'best' : ratio < 0.33 ? 'worst' : 'middle';
}
