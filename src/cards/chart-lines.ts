import type { Bar, Timeframe } from '../domain/bar.ts';
import { ema } from '../domain/indicators/ema.ts';
import { valuesOf } from '../domain/indicators/indicator.ts';
import { vwap } from '../domain/indicators/vwap.ts';
import { newYork } from '../domain/session.ts';
import type { ChartLine } from './chart-spec.ts';

const OPEN_MINUTE = 9 * 60 + 30;
const CLOSE_MINUTE = 16 * 60;

/** EMA 9 and 20 of all bars, and the last session's VWAP where its bars have volume. */
export function averageLines(bars: readonly Bar[], timeframe: Timeframe): ChartLine[] {
  const closes = bars.map((bar) => bar.close);
  const lines: ChartLine[] = [
    { label: 'EMA 9', values: valuesOf(ema(9), closes) },
    { label: 'EMA 20', values: valuesOf(ema(20), closes) },
  ];
  const values = timeframe === '1d' ? [] : sessionVwap(bars);
  return values.some(Number.isFinite) ? [...lines, { label: 'VWAP', values }] : lines;
}

/** VWAP from 09:30 of the newest bar's day; earlier sessions have had their own and stay empty. */
function sessionVwap(bars: readonly Bar[]): (number | undefined)[] {
  const last = bars.at(-1);
  if (!last) return [];
  const today = newYork(last.openAt).on;
  const average = vwap();
  return bars.map((bar) => {
    const { on, hour, minute } = newYork(bar.openAt);
    const at = hour * 60 + minute;
    return on === today && at >= OPEN_MINUTE && at < CLOSE_MINUTE && bar.volume !== undefined
      ? average.next(bar)
      : undefined;
  });
}
