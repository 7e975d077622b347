import { z } from 'zod';
import { percent, price } from '../src/cards/format.ts';
import { defineCommand } from '../src/command.ts';
import { keyLevels } from '../src/domain/levels.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { AppError } from '../src/kit/errors.ts';
import { suggestSymbols, symbolInput } from './symbol.ts';

const DAY_MS = 86_400_000;

/** The prices that other traders watch. */
export const levelsCommand = defineCommand({
  name: 'levels',
  slash: 'levels',
  tool: 'get_levels',
  route: '/api/levels',
  summary: 'Key levels: previous day, pre-market, opening range, VWAP, pivots',
  guidance: 'Call for support and resistance of a symbol: previous day, pre-market, opening range, VWAP and pivots.',
  tier: 'free',
  effect: 'read',
  input: z.object({ symbol: symbolInput }),
  output: z.object({
    symbol: z.string(),
    lastDollars: z.number(),
    levels: z.array(
      z.object({ name: z.string(), kind: z.string(), priceDollars: z.number(), distancePct: z.number() }),
    ),
    provenance: provenanceSchema,
  }),
  suggest: { symbol: suggestSymbols },
  async run(ctx, { symbol: text }) {
    const { symbol } = await ctx.instruments.resolve(text);
    const view = await ctx.history.view(symbol);
    const last = view.minutes.at(-1)?.close ?? view.daily.at(-1)?.close;
    if (last === undefined) throw new AppError('not_found', `No history of ${symbol} is known, so it has no levels.`);
    const levels = keyLevels({ daily: view.daily, minutes: view.minutes, day: view.day, asOf: view.asOf });
    return {
      symbol,
      lastDollars: last,
      levels: levels
        .map((level) => ({
          name: level.name,
          kind: level.kind,
          priceDollars: level.price,
          distancePct: ((level.price - last) / last) * 100,
        }))
        .sort((a, b) => b.priceDollars - a.priceDollars),
      provenance: ctx.provenance(
        view.answer,
        [symbol],
        view.minutes.filter((bar) => bar.openAt >= view.day.opensAt - DAY_MS / 2),
      ),
    };
  },
  card({ symbol, lastDollars, levels, provenance }) {
    const above = levels.filter((level) => level.priceDollars > lastDollars);
    const below = levels.filter((level) => level.priceDollars <= lastDollars);
    const row = (level: (typeof levels)[number]): string[] => [
      level.name,
      price(level.priceDollars),
      percent(level.distancePct),
    ];
    return {
      layout: 'embed',
      tone: 'neutral',
      title: `Levels: ${symbol.replace(/^I:/, '')}`,
      blocks: [
        {
          kind: 'table',
          head: ['', 'price', 'away'],
          rows: [...above.map(row), ['— last', price(lastDollars), ''], ...below.map(row)],
        },
        {
          kind: 'text',
          text: 'PDH/PDL/PDC previous day · PMH/PML pre-market · ORH/ORL first 15 minutes · P, R, S pivots',
        },
      ],
      provenance,
    };
  },
});
