import type { Bar, Timeframe } from '../domain/bar.ts';
import type { Level } from '../domain/levels.ts';
import { sessionDateOf } from '../domain/session.ts';
import { averageLines } from './chart-lines.ts';
import type { ChartSpec } from './chart-spec.ts';
import { dateText, percent, price } from './format.ts';

const SHOWN_LEVELS: readonly string[] = ['PDH', 'PDL', 'PDC', 'ORH', 'ORL', 'PMH', 'PML'];

/** A chart with more candles than this is a smear. */
const SHOWN_BARS = 120;

/** The candles of a longer history that a chart shows. */
export function barsInView(bars: readonly Bar[]): readonly Bar[] {
  return bars.slice(-SHOWN_BARS);
}

/**
 * The last candles with both averages, VWAP and the levels near them, and the sentence that says the same; the bars before those in view
 * only feed the lines.
 */
export function symbolChart(input: {
  symbol: string;
  timeframe: Timeframe;
  bars: readonly Bar[];
  levels: readonly Level[];
}): { chart: ChartSpec; alt: string } {
  const { timeframe } = input;
  const bars = barsInView(input.bars);
  const symbol = input.symbol.replace(/^I:/, '');
  const low = Math.min(...bars.map((bar) => bar.low));
  const high = Math.max(...bars.map((bar) => bar.high));
  const margin = (high - low) * 0.15;
  const near = input.levels.filter(
    (level) => SHOWN_LEVELS.includes(level.name) && level.price >= low - margin && level.price <= high + margin,
  );
  const first = bars[0]?.open ?? 0;
  const last = bars.at(-1)?.close ?? 0;
  const alt = [
    `${symbol}, ${timeframe} candles of ${daysOf(bars)}: from ${price(first)} to ${price(last)}`,
    first > 0 ? ` (${percent(((last - first) / first) * 100)})` : '',
    `, high ${price(high)}, low ${price(low)}.`,
    near.length > 0 ? ` Levels: ${near.map((level) => `${level.name} ${price(level.price)}`).join(', ')}.` : '',
  ].join('');
  return {
    chart: {
      title: `${symbol}  ${timeframe}`,
      subtitle: daysOf(bars),
      bars,
      lines: averageLines(input.bars, timeframe, bars.length),
      levels: near.map((level) => ({ label: level.name, price: level.price, tone: 'neutral' })),
      bands: [],
    },
    alt,
  };
}

/** `22 to 23 Dec 2015`-like: the days whose candles are in view. */
function daysOf(bars: readonly Bar[]): string {
  const [first, last] = [bars[0], bars.at(-1)].map((bar) => (bar ? sessionDateOf(bar.openAt) : ''));
  if (!first || !last) return '';
  const until = dateText(last, { weekday: true, year: true });
  return first === last
    ? until
    : `${dateText(first, { weekday: true, year: first.slice(0, 4) !== last.slice(0, 4) })} to ${until}`;
}
