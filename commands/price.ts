import { z } from 'zod';
import { change, escapeMarkdown, money, percent, price, volume } from '../src/cards/format.ts';
import { sparkline } from '../src/cards/sparkline.ts';
import { defineCommand } from '../src/command.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { AppError } from '../src/kit/errors.ts';
import { suggestSymbols, symbolInput } from './symbol.ts';

/** What a stock or an index trades at now. */
export const priceCommand = defineCommand({
  name: 'price',
  slash: 'price',
  tool: 'get_price',
  route: '/api/price',
  summary: 'Last price, quote, spread and range of a stock or index',
  guidance: 'Call for what one symbol trades at now, its change today, its spread or where it is in its range.',
  tier: 'free',
  effect: 'read',
  input: z.object({ symbol: symbolInput }),
  output: z.object({
    symbol: z.string(),
    name: z.string(),
    lastDollars: z.number(),
    bidDollars: z.number().optional(),
    askDollars: z.number().optional(),
    spreadBps: z.number().optional(),
    changeDollars: z.number().optional(),
    changePct: z.number().optional(),
    openDollars: z.number().optional(),
    highDollars: z.number().optional(),
    lowDollars: z.number().optional(),
    volumeShares: z.number().optional(),
    /** Today's volume so far as a multiple of the mean of the last 20 whole days. */
    volumeOfUsualRatio: z.number().optional(),
    previousCloseDollars: z.number().optional(),
    /** 0 at the day's low, 100 at its high. */
    rangePositionPct: z.number().optional(),
    /** Closes of the five-minute bars of the last session that has begun, oldest first. */
    closesDollars: z.array(z.number()),
    isIndex: z.boolean(),
    provenance: provenanceSchema,
  }),
  suggest: { symbol: suggestSymbols },
  async run(ctx, { symbol: text }) {
    const known = await ctx.instruments.resolve(text);
    const [answer, closes] = await Promise.all([
      ctx.market.price(known),
      // the sparkline is a nicety: without history the price still answers
      ctx.history.bars(known.symbol, '5m').then(
        ({ value, day }) => value.filter((bar) => bar.openAt >= day.opensAt).map((bar) => bar.close),
        () => [],
      ),
    ]);
    if (!answer.value)
      throw new AppError('not_found', `No trade of ${known.symbol} is known yet; try a more active symbol.`);
    const { last, bid, ask, spreadBps, change: dollars, changePct, day, previousClose } = answer.value;
    return {
      symbol: known.symbol,
      name: known.name,
      lastDollars: last,
      bidDollars: bid,
      askDollars: ask,
      spreadBps,
      changeDollars: dollars,
      changePct,
      openDollars: day?.open,
      highDollars: day?.high,
      lowDollars: day?.low,
      volumeShares: day?.volume,
      volumeOfUsualRatio: day?.volume === undefined ? undefined : ctx.market.volumeRatio(known.symbol, day.volume),
      previousCloseDollars: previousClose,
      rangePositionPct: day && day.high > day.low ? ((last - day.low) / (day.high - day.low)) * 100 : undefined,
      closesDollars: closes,
      isIndex: known.instrument.kind === 'index',
      provenance: ctx.provenance(answer, [known.symbol]),
    };
  },
  card(output) {
    const shown = output.isIndex ? (value: number) => price(value) : money;
    const fields: { name: string; value: string }[] = [];
    if (output.bidDollars !== undefined && output.askDollars !== undefined && output.spreadBps !== undefined) {
      fields.push({ name: 'Bid × ask', value: `${price(output.bidDollars)} × ${price(output.askDollars)}` });
      fields.push({ name: 'Spread', value: `${output.spreadBps.toFixed(1)} bps` });
    }
    if (output.lowDollars !== undefined && output.highDollars !== undefined) {
      const position = output.rangePositionPct === undefined ? '' : ` (at ${output.rangePositionPct.toFixed(0)} %)`;
      fields.push({
        name: 'Day range',
        value: `${price(output.lowDollars)} – ${price(output.highDollars)}${position}`,
      });
    }
    if (output.openDollars !== undefined) fields.push({ name: 'Open', value: price(output.openDollars) });
    if (output.previousCloseDollars !== undefined)
      fields.push({ name: 'Previous close', value: price(output.previousCloseDollars) });
    if (output.volumeShares !== undefined) {
      const usual =
        output.volumeOfUsualRatio === undefined ? '' : ` (${output.volumeOfUsualRatio.toFixed(1)}x a usual day)`;
      fields.push({ name: 'Volume', value: `${volume(output.volumeShares)}${usual}` });
    }
    const moved =
      output.changePct === undefined
        ? ''
        : `  ${change(inTicks(output.changeDollars ?? 0, output.lastDollars))} (${percent(output.changePct)})`;
    const line = sparkline(output.closesDollars);
    const name = escapeMarkdown(output.name);
    return {
      layout: 'embed',
      tone: output.changePct === undefined || output.changePct === 0 ? 'neutral' : output.changePct > 0 ? 'up' : 'down',
      title: `${output.symbol.replace(/^I:/, '')}  ${shown(output.lastDollars)}${moved}`,
      blocks: [
        { kind: 'text', text: line === '' ? name : `${name}\n${line}` },
        { kind: 'fields', fields },
      ],
      provenance: output.provenance,
    };
  },
});

/** A split leaves previous closes with more decimals than anybody trades in. */
function inTicks(dollars: number, lastDollars: number): number {
  return lastDollars < 1 ? dollars : Math.round(dollars * 100) / 100;
}
