import type { Bar, Timeframe } from '../domain/bar.ts';
import type { Answer } from '../domain/market.ts';
import type { Calendar, SessionDate, SessionDay } from '../domain/session.ts';
import { atNewYork, phaseAt } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import { SPAN_OF } from '../massive/map/bars.ts';
import type { MassiveRest } from '../massive/rest.ts';
import { asking } from './translate.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAILY_SPAN_DAYS = 400;

/** Everything a level, a chart or a plan may be computed from: closed bars only, nothing later than `asOf`. */
interface SessionView {
  /** The session that a plan made now would trade in: today's until its close, then the next one. */
  readonly day: SessionDay;
  /** The last regular session that has begun; its minutes are what a chart shows. */
  readonly shown: SessionDay;
  /** Completed sessions before `day`, oldest first. */
  readonly daily: readonly Bar[];
  /** Closed minutes from the pre-market of the session before `shown` on, oldest first. */
  readonly minutes: readonly Bar[];
  readonly asOf: number;
  readonly answer: Pick<Answer<unknown>, 'asOf' | 'delayed' | 'stale'>;
}

export interface History {
  view(symbol: string): Promise<SessionView>;
  /** Closed bars of one timeframe for a chart, oldest first. */
  bars(symbol: string, timeframe: Timeframe): Promise<Answer<readonly Bar[]> & { readonly day: SessionDay }>;
  /** The last five-minute bars of regular hours that were closed at `decidedAt`, oldest first. */
  decisionBars(symbol: string, decidedAt: number): Promise<Answer<readonly Bar[]>>;
}

const LENGTH_MS: Record<Timeframe, number> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '1d': DAY_MS,
};

/** Enough for the slow average to be drawn, few enough for each candle to be read. */
const DECISION_BARS = 72;

/** A chart with more candles than this is a smear. */
const CHART_BARS = 120;

/** How many days before the shown session a chart begins; 0: with the session before it, so that averages are warm at the open. */
const BACK_DAYS: Record<Timeframe, number> = { '1m': 0, '5m': 0, '15m': 5, '1h': 20, '1d': 180 };

export function createHistory(deps: { rest: Pick<MassiveRest, 'bars'>; calendar: Calendar; clock: Clock }): History {
  const { rest, calendar, clock } = deps;

  const sessions = (now: number): { day: SessionDay; shown: SessionDay } => {
    const { day: today, nextDay } = phaseAt(calendar, now);
    const shown = today && now >= today.opensAt ? today : calendar.previous((today ?? nextDay).on);
    return { day: nextDay, shown };
  };

  return {
    async view(symbol) {
      const now = wholeMinute(clock.now());
      const { day, shown } = sessions(now);
      const before = calendar.previous(shown.on);
      const lastDaily = calendar.previous(day.on);
      const [minutes, daily] = await asking(`the price history of ${symbol}`, () =>
        Promise.all([
          rest.bars(symbol, SPAN_OF['1m'], atNewYork(before.on, '04:00'), now),
          rest.bars(symbol, SPAN_OF['1d'], daysBefore(day, DAILY_SPAN_DAYS), lastDaily.on),
        ]),
      );
      const closed = minutes.value.filter((bar) => bar.openAt + MINUTE_MS <= now);
      const last = closed.at(-1);
      const lastCloseAt = last && last.openAt + MINUTE_MS;
      return {
        day,
        shown,
        daily: daily.value.filter((bar) => bar.openAt < atNewYork(day.on, '00:00')),
        minutes: closed,
        asOf: now,
        answer: {
          asOf: lastCloseAt ?? minutes.asOf,
          delayed: minutes.delayed,
          ...(minutes.stale ? { stale: true } : {}),
        },
      };
    },

    async bars(symbol, timeframe) {
      const now = wholeMinute(clock.now());
      const { shown } = sessions(now);
      const lengthMs = LENGTH_MS[timeframe];
      const from =
        BACK_DAYS[timeframe] === 0 ? calendar.previous(shown.on).opensAt : daysBefore(shown, BACK_DAYS[timeframe]);
      const answer = await asking(`a ${timeframe} chart of ${symbol}`, () =>
        rest.bars(symbol, SPAN_OF[timeframe], from, now),
      );
      const closed =
        timeframe === '1d' ? answer.value : answer.value.filter((bar) => isClosedRegular(calendar, bar, lengthMs, now));
      return {
        ...answer,
        value: closed.slice(-CHART_BARS),
        asOf: Math.min(now, (closed.at(-1)?.openAt ?? answer.asOf) + lengthMs),
        day: shown,
      };
    },

    async decisionBars(symbol, decidedAt) {
      const { shown } = sessions(decidedAt);
      const from = calendar.previous(shown.on).opensAt;
      const answer = await asking(`the chart of ${symbol}`, () => rest.bars(symbol, SPAN_OF['5m'], from, decidedAt));
      const closed = answer.value.filter((bar) => isClosedRegular(calendar, bar, LENGTH_MS['5m'], decidedAt));
      return { ...answer, value: closed.slice(-DECISION_BARS) };
    },
  };
}

/** Only closed minutes count, so all who ask within one minute share one answer. */
function wholeMinute(at: number): number {
  return at - (at % MINUTE_MS);
}

function daysBefore(day: SessionDay, days: number): SessionDate {
  return new Date(Date.parse(`${day.on}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

function isClosedRegular(calendar: Calendar, bar: Bar, lengthMs: number, now: number): boolean {
  if (bar.openAt + lengthMs > now) return false;
  const { day } = phaseAt(calendar, bar.openAt + lengthMs - 1);
  return day !== undefined && bar.openAt + lengthMs > day.opensAt && bar.openAt < day.closesAt;
}
