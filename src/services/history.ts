import type { Bar, Timeframe } from '../domain/bar.ts';
import type { Answer } from '../domain/market.ts';
import type { Calendar, SessionDate, SessionDay } from '../domain/session.ts';
import { atNewYork, phaseAt } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import { SETTLING_MS } from '../massive/feed/catch-up.ts';
import { SPAN_OF } from '../massive/map/bars.ts';
import type { MassiveRest } from '../massive/rest.ts';
import { asking } from './translate.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAILY_SPAN_DAYS = 400;
/** What a delayed data plan holds back. */
const DELAY_MS = 15 * MINUTE_MS;

/** Everything a level, a chart or a plan may be computed from: closed bars only, nothing later than `asOf`. */
interface SessionView {
  /** The session that a plan made at `asOf` would trade in: that day's until its close, then the next one. */
  readonly day: SessionDay;
  /** Completed sessions before `day`, oldest first. */
  readonly daily: readonly Bar[];
  /** Closed minutes from the pre-market of the session before the last one that has begun, oldest first. */
  readonly minutes: readonly Bar[];
  /** Up to here every minute is known: a quarter of an hour ago on a delayed data plan. */
  readonly asOf: number;
  readonly answer: Pick<Answer<unknown>, 'asOf' | 'delayed' | 'stale'>;
}

/** What a plan of the past was decided on and more: days before its session, minutes from the session before it on. */
type PastView = Pick<SessionView, 'daily' | 'minutes' | 'answer'>;

export interface History {
  view(symbol: string): Promise<SessionView>;
  /**
   * Closed bars of one timeframe for a chart, oldest first; more than one shows, so that its lines are warm and VWAP has its open. `day` is
   * the last session that has begun.
   */
  bars(symbol: string, timeframe: Timeframe): Promise<Answer<readonly Bar[]> & { readonly day: SessionDay }>;
  /** What was known when a plan was decided at `decidedAt`, the close of a regular bar. */
  past(symbol: string, decidedAt: number): Promise<PastView>;
}

const LENGTH_MS: Record<Timeframe, number> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '1d': DAY_MS,
};

/** How many days before the shown session a chart begins; 0: with the session before it, so that averages are warm at the open. */
const BACK_DAYS: Record<Timeframe, number> = { '1m': 0, '5m': 0, '15m': 5, '1h': 20, '1d': 180 };

export function createHistory(deps: { rest: Pick<MassiveRest, 'bars'>; calendar: Calendar; clock: Clock }): History {
  const { rest, calendar, clock } = deps;

  const daysOf = (now: number): { day: SessionDay; shown: SessionDay } => {
    const { day: today, nextDay } = phaseAt(calendar, now);
    const shown = today && now >= today.opensAt ? today : calendar.previous((today ?? nextDay).on);
    return { day: nextDay, shown };
  };

  const load = async (symbol: string, from: number, to: number, day: SessionDay) => {
    const [minutes, daily] = await asking(`the price history of ${symbol}`, () =>
      Promise.all([
        rest.bars(symbol, SPAN_OF['1m'], from, to),
        rest.bars(symbol, SPAN_OF['1d'], daysBefore(day, DAILY_SPAN_DAYS), calendar.previous(day.on).on),
      ]),
    );
    return { minutes, daily: daily.value };
  };

  return {
    async view(symbol) {
      const moment = momentOf(clock.now());
      const asked = daysOf(moment.minuteAt);
      const from = atNewYork(calendar.previous(asked.shown.on).on, '04:00');
      const { minutes, daily } = await load(symbol, from, moment.to, asked.day);
      const asOf = knownTo(moment, minutes, '1m');
      const { day } = daysOf(asOf);
      const closed = minutes.value.filter((bar) => bar.openAt + MINUTE_MS <= asOf);
      return {
        day,
        daily: daily.filter((bar) => bar.openAt < atNewYork(day.on, '00:00')),
        minutes: closed,
        asOf,
        answer: aged(minutes, closed, asOf),
      };
    },

    async bars(symbol, timeframe) {
      const moment = momentOf(clock.now());
      const { shown } = daysOf(moment.minuteAt);
      const lengthMs = LENGTH_MS[timeframe];
      const from =
        BACK_DAYS[timeframe] === 0 ? calendar.previous(shown.on).opensAt : daysBefore(shown, BACK_DAYS[timeframe]);
      const answer = await asking(`a ${timeframe} chart of ${symbol}`, () =>
        rest.bars(symbol, SPAN_OF[timeframe], from, moment.to),
      );
      const asOf = knownTo(moment, answer, timeframe);
      const closed =
        timeframe === '1d'
          ? answer.value
          : answer.value.filter((bar) => isClosedRegular(calendar, bar, lengthMs, asOf));
      return {
        ...answer,
        value: closed,
        asOf: Math.min(asOf, (closed.at(-1)?.openAt ?? answer.asOf) + lengthMs),
        day: shown,
      };
    },

    async past(symbol, decidedAt) {
      // the close of the last bar belongs to no session any more
      const { shown } = daysOf(decidedAt - 1);
      const from = atNewYork(calendar.previous(shown.on).on, '04:00');
      const { minutes, daily } = await load(symbol, from, decidedAt, shown);
      const closed = minutes.value.filter((bar) => bar.openAt + MINUTE_MS <= decidedAt);
      return { daily, minutes: closed, answer: aged(minutes, closed, decidedAt) };
    },
  };
}

/** The whole minute that is asked about, since only closed ones count, and the question's end, which all who ask alike share. */
interface Moment {
  readonly minuteAt: number;
  readonly to: number;
  /** Whether the provider has had the time to write the last minute. */
  readonly isSettled: boolean;
}

function momentOf(now: number): Moment {
  const minuteAt = now - (now % MINUTE_MS);
  const isSettled = now - minuteAt >= SETTLING_MS;
  // another end while the last minute may be missing, so that no answer kept from then is taken for a whole one
  return { minuteAt, to: isSettled ? minuteAt : minuteAt - 1, isSettled };
}

/** Until when these bars are whole; a wider bar does not show whether its last minute is in it, only time tells. */
function knownTo({ minuteAt, isSettled }: Moment, bars: Answer<readonly Bar[]>, timeframe: Timeframe): number {
  const endsAt = bars.delayed ? minuteAt - DELAY_MS : minuteAt;
  const lastAt = endsAt - MINUTE_MS;
  const hasLast = timeframe === '1m' && bars.value.some((bar) => bar.openAt === lastAt);
  return isSettled || hasLast ? endsAt : lastAt;
}

function aged(
  { asOf, delayed, stale }: Answer<unknown>,
  closed: readonly Bar[],
  knownTo: number,
): Pick<Answer<unknown>, 'asOf' | 'delayed' | 'stale'> {
  const last = closed.at(-1);
  return {
    asOf: last ? last.openAt + MINUTE_MS : Math.min(asOf, knownTo),
    delayed,
    ...(stale ? { stale } : {}),
  };
}

function daysBefore(day: SessionDay, days: number): SessionDate {
  return new Date(Date.parse(`${day.on}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

function isClosedRegular(calendar: Calendar, bar: Bar, lengthMs: number, now: number): boolean {
  if (bar.openAt + lengthMs > now) return false;
  const { day } = phaseAt(calendar, bar.openAt + lengthMs - 1);
  return day !== undefined && bar.openAt + lengthMs > day.opensAt && bar.openAt < day.closesAt;
}
