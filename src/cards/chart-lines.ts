import type { Bar, Timeframe } from '../domain/bar.ts';
import { ema } from '../domain/indicators/ema.ts';
import { valuesOf } from '../domain/indicators/indicator.ts';
import { vwap } from '../domain/indicators/vwap.ts';
import type { ChartLine } from './chart-spec.ts';

/** EMA 9 and 20, and VWAP where the bars are one session with volume. */
export function averageLines(bars: readonly Bar[], timeframe: Timeframe): ChartLine[] {
  const closes = bars.map((bar) => bar.close);
  const lines: ChartLine[] = [
    { label: 'EMA 9', values: valuesOf(ema(9), closes) },
    { label: 'EMA 20', values: valuesOf(ema(20), closes) },
  ];
  const oneSession = timeframe === '1m' || timeframe === '5m';
  if (oneSession && bars.some((bar) => bar.volume !== undefined)) {
    lines.push({ label: 'VWAP', values: valuesOf(vwap(), bars) });
  }
  return lines;
}
