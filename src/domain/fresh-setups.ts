import type { Bar } from './bar.ts';
import type { Level } from './levels.ts';
import { keyLevels, levelPrice } from './levels.ts';
import type { Refusal } from './plan.ts';
import { priceText } from './price.ts';
import { closedBars } from './roll-up.ts';
import type { SessionDay } from './session.ts';
import { createCalendar, newYork, sessionDateOf } from './session.ts';
import type { Detector, Setup } from './setup.ts';

const MINUTE_MS = 60_000;
const BAR_MS = 5 * MINUTE_MS;
const STALE_MS = 15 * MINUTE_MS;
const FEWEST_BARS = 6;
const LOOK_BACK_BARS = 12;
/** As much of the past as a plan may depend on: more history on one day than on another must not change the answer. */
const DAILY_BARS = 60;

const calendar = createCalendar();

/** One symbol's market as it was known at a moment, cut to what plans look at. */
export interface KnownTape {
  /** The last session with a complete five-minute bar. */
  readonly day: SessionDay;
  readonly asOf: number;
  readonly daily: readonly Bar[];
  /** Closed minutes of `day`, extended hours included, and any after it. */
  readonly minutes: readonly Bar[];
  /** Closed five-minute bars of regular hours, those of the session before `day` first. */
  readonly bars5m: readonly Bar[];
}

/** Cuts the known market out of what was loaded, or says why it is too thin or too old. */
export function tapeAt(loaded: {
  readonly symbol: string;
  readonly day: SessionDay;
  readonly asOf: number;
  readonly daily: readonly Bar[];
  readonly minutes: readonly Bar[];
}): KnownTape | Refusal {
  const { symbol, asOf } = loaded;
  const day = asOf >= loaded.day.opensAt + BAR_MS ? loaded.day : calendar.previous(loaded.day.on);
  const before = calendar.previous(day.on);
  const known = loaded.minutes.filter((bar) => bar.openAt + MINUTE_MS <= asOf);
  const today = regularBars(known, day, asOf);
  const bars5m = [...regularBars(known, before, asOf), ...today];
  const last = today.at(-1);
  if (!last || bars5m.length < FEWEST_BARS) {
    const reason = `${bars5m.length} five-minute bars of ${symbol} are closed, ${last ? '' : 'none of this session, '}a plan needs ${FEWEST_BARS}.`;
    return { code: 'not_enough_history', reason };
  }
  const silentMs = Math.min(asOf, day.closesAt) - (last.openAt + BAR_MS);
  if (silentMs > STALE_MS) {
    const minutes = Math.floor(silentMs / MINUTE_MS);
    const reason = `The last trade of ${symbol} that is known was ${minutes} minutes ago (${clock(last.openAt + BAR_MS)} ET), a plan needs bars of the last ${STALE_MS / MINUTE_MS} minutes.`;
    return { code: 'stale_data', reason };
  }
  return {
    day,
    asOf,
    bars5m,
    daily: loaded.daily.filter((bar) => sessionDateOf(bar.openAt) < day.on).slice(-DAILY_BARS),
    minutes: known.filter((bar) => sessionDateOf(bar.openAt) >= day.on),
  };
}

const regularBars = (minutes: readonly Bar[], day: SessionDay, asOf: number): readonly Bar[] =>
  closedBars(
    minutes.filter((bar) => bar.openAt >= day.opensAt && bar.openAt < day.closesAt),
    '5m',
    day,
    asOf,
  );

/** A setup that still waits for its trigger. */
export interface FreshSetup {
  readonly detector: Detector;
  readonly setup: Setup;
  readonly levels: readonly Level[];
}

/** The setups of the last hour of bars that have neither triggered nor failed since; the refusal says why there may be none. */
export function findSetups(
  symbol: string,
  tape: KnownTape,
  detectors: readonly Detector[],
): { readonly fresh: readonly FreshSetup[]; readonly refusal: Refusal } {
  const { day, bars5m, minutes, daily } = tape;
  const fresh: FreshSetup[] = [];
  let gone: string | undefined;
  const first = bars5m.findIndex((bar) => bar.openAt >= day.opensAt);
  const from = Math.max(first, bars5m.length - LOOK_BACK_BARS);
  for (let end = from + 1; end <= bars5m.length; end += 1) {
    const bars = bars5m.slice(0, end);
    const bar = bars[end - 1];
    if (!bar) continue;
    const levels = keyLevels({ daily, minutes, day, asOf: bar.openAt + BAR_MS });
    for (const detector of detectors) {
      const setup = detector.detect({ symbol, bars, daily, day, levels });
      if (!setup) continue;
      const fate = fateOf(setup, tape);
      if (fate === undefined) fresh.push({ detector, setup, levels });
      else
        gone = `The last setup of ${symbol} (${setup.direction}, ${detector.title}, ${clock(setup.detectedAt)} ET) ${fate}.`;
    }
  }
  return { fresh, refusal: { code: 'no_setup', reason: gone ?? quiet(symbol, tape, bars5m.length - from) } };
}

/** What has become of a setup since its bar, or undefined while it waits. */
function fateOf(setup: Setup, { day, bars5m, minutes }: KnownTape): string | undefined {
  const { triggerPrice, structurePrice, detectedAt } = setup;
  const sign = setup.direction === 'long' ? 1 : -1;
  for (const minute of minutes) {
    if (minute.openAt < detectedAt) continue;
    const reached = sign === 1 ? minute.high : minute.low;
    // extended hours trigger nothing, but a price beyond the trigger there leaves no entry either
    if (sign * (reached - triggerPrice) >= 0)
      return `reached its trigger ${priceText(triggerPrice)} at ${clock(minute.openAt)} ET`;
    if (minute.openAt >= day.closesAt && sign * (minute.close - structurePrice) < 0) {
      return `fell apart when the price passed ${priceText(structurePrice)} at ${clock(minute.openAt)} ET`;
    }
  }
  const broken = bars5m.find((bar) => bar.openAt >= detectedAt && sign * (bar.close - structurePrice) < 0);
  return broken && `fell apart when a bar closed at ${priceText(broken.close)}, past ${priceText(structurePrice)}`;
}

function quiet(symbol: string, { bars5m, minutes, daily, day, asOf }: KnownTape, looked: number): string {
  const last = bars5m.at(-1);
  const levels = keyLevels({ daily, minutes, day, asOf });
  const high = levelPrice(levels, 'openingRangeHigh');
  const low = levelPrice(levels, 'openingRangeLow');
  const range =
    high === undefined || low === undefined ? '' : `, opening range ${priceText(low)} to ${priceText(high)}`;
  return `No setup of ${symbol} on the last ${looked} five-minute bars: last ${last ? priceText(last.close) : 'price unknown'}${range}.`;
}

function clock(at: number): string {
  const { hour, minute } = newYork(at);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
