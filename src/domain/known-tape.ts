import type { Bar } from './bar.ts';
import type { Refusal } from './plan.ts';
import { closedBars } from './roll-up.ts';
import type { Calendar, SessionDay } from './session.ts';
import { atNewYork, wallClock } from './session.ts';

const MINUTE_MS = 60_000;
const BAR_MS = 5 * MINUTE_MS;
const STALE_MS = 15 * MINUTE_MS;
const FEWEST_BARS = 6;
/** As much of the past as a plan may depend on: more history on one day than on another must not change the answer. */
const DAILY_BARS = 60;
/** Between the wildest overnight gap of a liquid stock and the smallest common split, three for two. */
const BREAK_RATIO = 1.45;

/** One symbol's market as it was known at a moment, cut to what plans look at. */
export interface KnownTape {
  /** The last session with a complete five-minute bar. */
  readonly day: SessionDay;
  /** The session after `day`. */
  readonly nextDay: SessionDay;
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
  readonly calendar: Pick<Calendar, 'previous' | 'next'>;
  readonly day: SessionDay;
  readonly asOf: number;
  readonly daily: readonly Bar[];
  readonly minutes: readonly Bar[];
}): KnownTape | Refusal {
  const { symbol, asOf, calendar } = loaded;
  const day = asOf >= loaded.day.opensAt + BAR_MS ? loaded.day : calendar.previous(loaded.day.on);
  const before = calendar.previous(day.on);
  const known = loaded.minutes.filter((bar) => bar.openAt + MINUTE_MS <= asOf);
  const today = regularBars(known, day, asOf);
  const bars5m = sinceBreak([...regularBars(known, before, asOf), ...today]);
  const last = today.at(-1);
  if (!last || bars5m.length < FEWEST_BARS) {
    const reason = `${bars5m.length} five-minute bars of ${symbol} are closed, ${last ? '' : 'none of this session, '}a plan needs ${FEWEST_BARS}.`;
    return { code: 'not_enough_history', reason };
  }
  const dayStartsAt = atNewYork(day.on, '00:00');
  const days = loaded.daily.filter((bar) => bar.openAt < dayStartsAt).slice(-DAILY_BARS);
  const silentMs = Math.min(asOf, day.closesAt) - (last.openAt + BAR_MS);
  if (silentMs > STALE_MS) {
    const minutes = Math.floor(silentMs / MINUTE_MS);
    const reason = `The last trade of ${symbol} that is known was ${minutes} minutes ago (${wallClock(last.openAt + BAR_MS)} ET), a plan needs bars of the last ${STALE_MS / MINUTE_MS} minutes.`;
    return { code: 'stale_data', reason };
  }
  return {
    day,
    nextDay: calendar.next(day.on),
    asOf,
    bars5m,
    // today's bars stand at the end only so that a break between yesterday and today is seen
    daily: sinceBreak([...days, ...today]).filter((bar) => bar.openAt < day.opensAt),
    minutes: known.filter((bar) => bar.openAt >= dayStartsAt),
  };
}

/** The bars after the last leap that no market makes: an unadjusted split, and nothing before it is comparable. */
function sinceBreak(bars: readonly Bar[]): readonly Bar[] {
  const at = bars.findLastIndex((bar, index) => {
    const before = bars[index - 1]?.close ?? bar.open;
    return bar.open > before * BREAK_RATIO || bar.open * BREAK_RATIO < before;
  });
  return at === -1 ? bars : bars.slice(at);
}

const regularBars = (minutes: readonly Bar[], day: SessionDay, asOf: number): readonly Bar[] =>
  closedBars(
    minutes.filter((bar) => bar.openAt >= day.opensAt && bar.openAt < day.closesAt),
    '5m',
    day,
    asOf,
  );
