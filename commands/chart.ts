import { z } from 'zod';
import { escapeMarkdown, percent, price } from '../src/cards/format.ts';
import { barsInView, symbolChart } from '../src/cards/symbol-chart.ts';
import { defineCommand } from '../src/command.ts';
import { barSchema } from '../src/domain/bar.ts';
import { keyLevels, levelSchema } from '../src/domain/levels.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { AppError } from '../src/kit/errors.ts';
import { suggestSymbols, symbolInput } from './symbol.ts';

/** A drawn chart with averages and key levels. */
export const chartCommand = defineCommand({
  name: 'chart',
  slash: 'chart',
  summary: 'Candles with EMA 9/20, VWAP and key levels',
  guidance: 'Call when the member wants to see a chart.',
  tier: 'free',
  effect: 'read',
  input: z.object({
    symbol: symbolInput,
    timeframe: z.enum(['1m', '5m', '15m', '1h', '1d']).default('5m').describe('Length of one candle'),
  }),
  output: z.object({
    symbol: z.string(),
    name: z.string(),
    timeframe: z.enum(['1m', '5m', '15m', '1h', '1d']),
    /** More than the chart shows, so that its lines are warm. */
    bars: z.array(barSchema),
    levels: z.array(levelSchema),
    provenance: provenanceSchema,
  }),
  suggest: { symbol: suggestSymbols },
  async run(ctx, { symbol: text, timeframe }) {
    const { symbol, name } = await ctx.instruments.resolve(text);
    const [bars, view] = await Promise.all([ctx.history.bars(symbol, timeframe), ctx.history.view(symbol)]);
    if (bars.value.length === 0) {
      throw new AppError(
        'not_found',
        `${symbol} has no closed ${timeframe} candle in this session yet. Try a longer timeframe.`,
      );
    }
    return {
      symbol,
      name,
      timeframe,
      bars: [...bars.value],
      levels: keyLevels({ daily: view.daily, minutes: view.minutes, day: view.day, asOf: view.asOf }),
      provenance: ctx.provenance(bars, [symbol], timeframe === '1d' ? [] : barsInView(bars.value)),
    };
  },
  card({ symbol, name, timeframe, bars, levels, provenance }) {
    const first = barsInView(bars)[0]?.open ?? 0;
    const last = bars.at(-1)?.close ?? 0;
    const moved = first > 0 ? ((last - first) / first) * 100 : 0;
    const { chart, alt } = symbolChart({ symbol, timeframe, bars, levels });
    return {
      layout: 'embed',
      tone: moved > 0 ? 'up' : moved < 0 ? 'down' : 'neutral',
      title: `${symbol.replace(/^I:/, '')}  ${price(last)}  (${percent(moved)} in view)`,
      blocks: [
        { kind: 'text', text: `${escapeMarkdown(name)} · ${timeframe} candles` },
        { kind: 'chart', chart, alt },
      ],
      provenance,
    };
  },
});
