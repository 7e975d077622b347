import type { Bar, Timeframe } from '../domain/bar.ts';
import { ema } from '../domain/indicators/ema.ts';
import { valuesOf } from '../domain/indicators/indicator.ts';
import { vwap } from '../domain/indicators/vwap.ts';
import { newYork } from '../domain/session.ts';
import type { ChartLine } from './chart-spec.ts';

const OPEN_MINUTE = 9 * 60 + 30;
const CLOSE_MINUTE = 16 * 60;

/**
 * EMA 9 and 20 of all bars, and the last session's VWAP where its bars have volume: one value for each of the last `shown` bars, with the
 * bars before them only to warm up on.
 */
export function averageLines(bars: readonly Bar[], timeframe: Timeframe, shown = bars.length): ChartLine[] {
  const closes = bars.map((bar) => bar.close);
  const inView = (values: readonly (number | undefined)[]) => values.slice(-shown);
  const lines: ChartLine[] = [
    { label: 'EMA 9', values: inView(valuesOf(ema(9), closes)) },
    { label: 'EMA 20', values: inView(valuesOf(ema(20), closes)) },
  ];
  // hours begin at 09:00 and mix the pre-market in
  const values = timeframe === '1d' || timeframe === '1h' ? [] : inView(sessionVwap(bars));
  return values.some(Number.isFinite) ? [...lines, { label: 'VWAP', values }] : lines;
}

/** VWAP from 09:30 of the newest bar's day; earlier sessions have had their own and stay empty, and so does a day whose open is missing. */
function sessionVwap(bars: readonly Bar[]): (number | undefined)[] {
  const today = newYork(bars.at(-1)?.openAt ?? 0).on;
  const minutes = bars.map(({ openAt }) => {
    const { on, hour, minute } = newYork(openAt);
    return on === today ? hour * 60 + minute : undefined;
  });
  const isRegular = (at: number | undefined): boolean => at !== undefined && at >= OPEN_MINUTE && at < CLOSE_MINUTE;
  const first = minutes.findIndex(isRegular);
  // a quiet stock opens late: a bar before it shows that its open was not cut off
  if (first === 0 && minutes[0] !== OPEN_MINUTE) return [];
  const average = vwap();
  return bars.map((bar, index) =>
    isRegular(minutes[index]) && bar.volume !== undefined ? average.next(bar) : undefined,
  );
}
