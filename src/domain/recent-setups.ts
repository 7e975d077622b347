import type { KnownTape } from './known-tape.ts';
import type { Level } from './levels.ts';
import { keyLevels, levelPrice } from './levels.ts';
import type { Plan } from './plan.ts';
import { priceText } from './price.ts';
import { wallClock } from './session.ts';
import type { Detector, Setup } from './setup.ts';

const BAR_MS = 5 * 60_000;
const LOOK_BACK_BARS = 12;

/** A setup with the detector that found it and the levels of its moment. */
export interface FoundSetup {
  readonly detector: Detector;
  readonly setup: Setup;
  readonly levels: readonly Level[];
}

/** Every setup on the last hour of the session's bars, oldest first. */
export function recentSetups(symbol: string, tape: KnownTape, detectors: readonly Detector[]): readonly FoundSetup[] {
  const { day, bars5m } = tape;
  const found: FoundSetup[] = [];
  const first = bars5m.findIndex((bar) => bar.openAt >= day.opensAt);
  for (let end = Math.max(first, bars5m.length - LOOK_BACK_BARS) + 1; end <= bars5m.length; end += 1) {
    found.push(...setupsUpTo(end, symbol, tape, detectors));
  }
  return found;
}

/** The setups whose deciding bar closed at this very moment; none when that bar was silent. */
export function newestSetups(symbol: string, tape: KnownTape, detectors: readonly Detector[]): readonly FoundSetup[] {
  const { bars5m, asOf, day } = tape;
  const last = bars5m.at(-1);
  if (!last || last.openAt + BAR_MS !== asOf || last.openAt < day.opensAt) return [];
  return setupsUpTo(bars5m.length, symbol, tape, detectors);
}

function setupsUpTo(end: number, symbol: string, tape: KnownTape, detectors: readonly Detector[]): FoundSetup[] {
  const { day, bars5m, minutes, daily } = tape;
  const bars = bars5m.slice(0, end);
  const bar = bars.at(-1);
  if (!bar) return [];
  const levels = keyLevels({ daily, minutes, day, asOf: bar.openAt + BAR_MS });
  return detectors.flatMap((detector) => {
    const setup = detector.detect({ symbol, bars, daily, day, levels });
    return setup ? [{ detector, setup, levels }] : [];
  });
}

/**
 * Why a plan is too late, or undefined while its entry still stands: neither stop nor first target reached since the deciding bar, no
 * bar closed past the invalidation, and the last price not beyond the entry zone. A trigger that was touched does not end it.
 */
export function endOf(plan: Plan, { bars5m, minutes }: KnownTape): string | undefined {
  const sign = plan.direction === 'long' ? 1 : -1;
  const { decidedAt, entry, stop, invalidation } = plan;
  const target = plan.targets[0];
  let last: number | undefined;
  for (const minute of minutes) {
    if (minute.openAt < decidedAt) continue;
    const [best, worst] = sign === 1 ? [minute.high, minute.low] : [minute.low, minute.high];
    if (sign * (worst - stop.price) <= 0)
      return `passed its stop ${priceText(stop.price)} at ${wallClock(minute.openAt)} ET`;
    if (target && sign * (best - target.price) >= 0) {
      return `reached its first target ${priceText(target.price)} at ${wallClock(minute.openAt)} ET`;
    }
    last = minute.close;
  }
  const broken = bars5m.find((bar) => bar.openAt >= decidedAt && sign * (bar.close - invalidation.price) < 0);
  if (broken)
    return `fell apart when a bar closed at ${priceText(broken.close)}, past ${priceText(invalidation.price)}`;
  if (last !== undefined && sign * (last - entry.limitPrice) > 0) {
    return `has left its entry zone: last ${priceText(last)}, beyond ${priceText(entry.limitPrice)}`;
  }
  return undefined;
}

/** What a quiet market looks like in numbers. */
export function quietReason(symbol: string, { bars5m, minutes, daily, day, asOf }: KnownTape): string {
  const looked = Math.min(LOOK_BACK_BARS, bars5m.filter((bar) => bar.openAt >= day.opensAt).length);
  const last = bars5m.at(-1);
  const levels = keyLevels({ daily, minutes, day, asOf });
  const high = levelPrice(levels, 'openingRangeHigh');
  const low = levelPrice(levels, 'openingRangeLow');
  const range =
    high === undefined || low === undefined ? '' : `, opening range ${priceText(low)} to ${priceText(high)}`;
  return `No setup of ${symbol} on the last ${looked} five-minute bars: last ${last ? priceText(last.close) : 'price unknown'}${range}.`;
}
