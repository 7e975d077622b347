import { newYorkDate, newYorkMidnight } from '../new-york-time.ts';
import type { BaseBar } from './base-bars.ts';

export const TIMESPANS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Timespan = (typeof TIMESPANS)[number];

const SPAN_MS = { minute: 60_000, hour: 3_600_000 } as const;
const DAY_MS = 86_400_000;

/** Start of the window that holds an instant; intraday windows count from New York's midnight, weeks from Sunday. */
export function windowStart(at: number, multiplier: number, timespan: Timespan, firstAt: number): number {
  const on = newYorkDate(at);
  const midnight = newYorkMidnight(on);
  if (timespan === 'minute' || timespan === 'hour') {
    const span = multiplier * SPAN_MS[timespan];
    return midnight + Math.floor((at - midnight) / span) * span;
  }
  if (timespan === 'day') {
    if (multiplier === 1) return at;
    const first = newYorkMidnight(newYorkDate(firstAt));
    const index = Math.floor(Math.round((midnight - first) / DAY_MS) / multiplier);
    return newYorkMidnight(newYorkDate(first + index * multiplier * DAY_MS + DAY_MS / 8));
  }
  if (timespan === 'week') {
    const weekday = new Date(`${on}T00:00:00Z`).getUTCDay();
    return newYorkMidnight(new Date(Date.parse(`${on}T00:00:00Z`) - weekday * DAY_MS).toISOString().slice(0, 10));
  }
  const months = { month: 1, quarter: 3, year: 12 }[timespan] * multiplier;
  const month = Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7)) - 1;
  const start = Math.floor(month / months) * months;
  return newYorkMidnight(`${Math.floor(start / 12)}-${String((start % 12) + 1).padStart(2, '0')}-01`);
}

/** One bar out of several, oldest first; the window's start becomes its time. */
export function merged(at: number, bars: readonly BaseBar[]): BaseBar {
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
  const turnover = bars.reduce((sum, bar) => sum + bar.vwap * bar.volume, 0);
  const last = bars.at(-1);
  return {
    at,
    open: bars[0]?.open ?? 0,
    high: Math.max(...bars.map((bar) => bar.high)),
    low: Math.min(...bars.map((bar) => bar.low)),
    close: last?.close ?? 0,
    volume,
    vwap: volume > 0 ? turnover / volume : (last?.vwap ?? 0),
  };
}
