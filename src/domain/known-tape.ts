import type { Bar } from './bar.ts';
import type { Refusal } from './plan.ts';
import { closedBars } from './roll-up.ts';
import type { SessionDay } from './session.ts';
import { createCalendar, sessionDateOf, wallClock } from './session.ts';

const MINUTE_MS = 60_000;
const BAR_MS = 5 * MINUTE_MS;
const STALE_MS = 15 * MINUTE_MS;
const FEWEST_BARS = 6;
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
    const reason = `The last trade of ${symbol} that is known was ${minutes} minutes ago (${wallClock(last.openAt + BAR_MS)} ET), a plan needs bars of the last ${STALE_MS / MINUTE_MS} minutes.`;
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
