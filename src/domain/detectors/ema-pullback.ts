import { ema } from '../indicators/ema.ts';
import { valuesOf } from '../indicators/indicator.ts';
import { sessionAtr } from '../indicators/session-atr.ts';
import { nextTick } from '../price.ts';
import type { Detector, DetectorInput } from '../setup.ts';
import { score } from './factors.ts';
import { setupOf } from './setup-of.ts';
import type { Sign } from './side.ts';
import { back, backOf, front, SIDES } from './side.ts';

const IDENTITY = { name: 'ema_pullback', version: 1, timeframe: '5m' } as const;
const FAST = 9;
const SLOW = 20;
const SLOPE_BARS = 3;
const SWING_BARS = 4;
const WARMUP_BARS = SLOW + SLOPE_BARS + 1;

/**
 * A pause in a trend: EMA 9 beyond a sloping EMA 20, a bar that dips into the band between them and closes back out of it. Waits for
 * the break of that bar; silent on the bars right after it that do the same.
 */
export const emaPullback: Detector = {
  ...IDENTITY,
  title: 'EMA pullback',
  warmupBars: WARMUP_BARS,
  detect(input) {
    const { bars, day } = input;
    const bar = bars.at(-1);
    if (!bar || bars.length < WARMUP_BARS || bar.openAt < day.opensAt) return undefined;
    const atr = sessionAtr(bars)?.value;
    if (atr === undefined || atr <= 0) return undefined;
    const closes = bars.map((known) => known.close);
    const fast = valuesOf(ema(FAST), closes);
    const slow = valuesOf(ema(SLOW), closes);
    for (const { direction, sign } of SIDES) {
      const bent = (index: number): number | undefined => pullback(input, fast, slow, index, sign, atr);
      const depth = bent(bars.length - 1);
      if (depth === undefined || bent(bars.length - 2) !== undefined) continue;
      const slope = (sign * ((slow.at(-1) ?? 0) - (slow.at(-1 - SLOPE_BARS) ?? 0))) / atr;
      return setupOf(IDENTITY, input, bar, atr, {
        direction,
        triggerPrice: nextTick(front(bar, sign), sign),
        structurePrice: backOf(bars.slice(-SWING_BARS), sign),
        structureReason: `the ${sign === 1 ? 'low' : 'high'} of the pullback`,
        factors: [
          {
            key: 'ema_slope',
            label: `EMA ${SLOW} ${sign === 1 ? 'rose' : 'fell'} ${slope.toFixed(1)} ATR in ${SLOPE_BARS * 5} min`,
            value: Number(slope.toFixed(2)),
            score: score(slope / 0.5),
          },
          {
            key: 'pullback_depth',
            label: `pullback went ${(depth * 100).toFixed(0)} % into the EMA band`,
            value: Number(depth.toFixed(2)),
            // a shallow dip shows strength, one through the slow EMA a trend in doubt
            score: score(1 - depth),
          },
        ],
      });
    }
    return undefined;
  },
};

/** How far a bar dipped into the band (0 at EMA 9, 1 at EMA 20) before it closed back out, or undefined where it did not. */
function pullback(
  { bars }: DetectorInput,
  fast: readonly (number | undefined)[],
  slow: readonly (number | undefined)[],
  index: number,
  sign: Sign,
  atr: number,
): number | undefined {
  const bar = bars[index];
  const before = bars[index - 1];
  const near = fast[index];
  const far = slow[index];
  const earlier = slow[index - SLOPE_BARS];
  if (!bar || !before || near === undefined || far === undefined || earlier === undefined) return undefined;
  const band = sign * (near - far);
  if (band < 0.1 * atr || sign * (far - earlier) <= 0) return undefined;
  const dip = sign * (near - back(bar, sign));
  if (dip < -0.1 * atr || dip > band + 0.5 * atr) return undefined;
  const closedOut = sign * (bar.close - near) > 0 && sign * (bar.close - bar.open) > 0;
  return closedOut && sign * (bar.close - before.close) > 0 ? Math.max(0, dip / band) : undefined;
}
