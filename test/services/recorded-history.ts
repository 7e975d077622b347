import type { Bar, Timeframe } from '../../src/domain/bar.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { timeframeOf } from '../../src/massive/map/bars.ts';
import type { MassiveRest } from '../../src/massive/rest.ts';
import { createHistory, type History } from '../../src/services/history.ts';
import { calendar, type Recording } from '../domain/market-data.ts';

const LENGTH_MS: Record<Exclude<Timeframe, '1d'>, number> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
};

/** A provider that has a recording's minutes up to `lagMs` ago, and makes wider bars of what it has as the real one does. */
export function recordedRest(recorded: Recording, now: () => number, { lagMs = 0, delayed = false } = {}) {
  const rest: Pick<MassiveRest, 'bars'> = {
    async bars(_symbol, span, from, to) {
      const timeframe = timeframeOf(span);
      const answer = { asOf: now(), delayed };
      const fits = ({ openAt }: Bar): boolean => openAt >= instant(from) && openAt <= instant(to);
      if (timeframe === '1d') return { ...answer, value: recorded.daily.filter(fits) };
      const known = recorded.minutes.filter(
        (bar) => bar.openAt + 60_000 <= now() - lagMs && bar.openAt >= instant(from),
      );
      return { ...answer, value: wider(known, timeframe, LENGTH_MS[timeframe]).filter(fits) };
    },
  };
  return rest;
}

/** History as it is at one instant over such a provider. */
export function historyAt(recorded: Recording, now: number, lag: { lagMs?: number; delayed?: boolean } = {}): History {
  return createHistory({
    rest: recordedRest(recorded, () => now, lag),
    calendar,
    clock: { now: () => now, at: () => () => {} },
  });
}

const instant = (time: number | string): number => (typeof time === 'number' ? time : atNewYork(time, '00:00'));

function wider(minutes: readonly Bar[], timeframe: Timeframe, lengthMs: number): Bar[] {
  const windows = new Map<number, Bar[]>();
  for (const minute of minutes) {
    const openAt = minute.openAt - (minute.openAt % lengthMs);
    const window = windows.get(openAt);
    if (window) window.push(minute);
    else windows.set(openAt, [minute]);
  }
  return [...windows].flatMap(([openAt, window]) => {
    const [first, last] = [window[0], window.at(-1)];
    if (!first || !last) return [];
    const volume = window.reduce((sum, bar) => sum + (bar.volume ?? 0), 0);
    const dollars = window.reduce((sum, bar) => sum + ((bar.high + bar.low + bar.close) / 3) * (bar.volume ?? 0), 0);
    return [
      {
        symbol: first.symbol,
        timeframe,
        openAt,
        open: first.open,
        high: Math.max(...window.map((bar) => bar.high)),
        low: Math.min(...window.map((bar) => bar.low)),
        close: last.close,
        volume,
        ...(volume > 0 ? { vwap: dollars / volume } : {}),
      },
    ];
  });
}
