import { z } from 'zod';
import type { Card } from '../src/cards/card.ts';
import { escapeMarkdown, money, percent } from '../src/cards/format.ts';
import { defineCommand } from '../src/command.ts';
import { parseInstrument } from '../src/domain/instrument.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { suggestSymbols, symbolInput } from './symbol.ts';

const LIMIT = 50;
const SHOWN = 20;

/** Puts a symbol on the member's watchlist; the live feed follows it from then on. */
export const watchAddCommand = defineCommand({
  name: 'watch-add',
  slash: 'watch add',
  summary: 'Add a symbol to your watchlist',
  guidance: 'The member adds a symbol by a button or the slash command.',
  tier: 'free',
  effect: 'write',
  private: true,
  input: z.object({ symbol: symbolInput }),
  output: z.object({ symbol: z.string(), name: z.string(), outcome: z.enum(['added', 'already', 'full']) }),
  suggest: { symbol: suggestSymbols },
  async run(ctx, { symbol: text }) {
    const { symbol, name } = await ctx.instruments.resolve(text);
    const outcome = await ctx.members.watch(ctx.caller.memberId, ctx.caller.name, symbol);
    return { symbol, name, outcome };
  },
  card({ symbol, name, outcome }) {
    const sentence = {
      added: `**${symbol}** (${escapeMarkdown(name)}) is on your watchlist; its live prices are followed from now on.`,
      already: `**${symbol}** was on your watchlist already. /watch list shows it.`,
      full: `Your watchlist holds ${LIMIT} symbols, its limit. Remove one with /watch remove, then add ${symbol}.`,
    }[outcome];
    return said(outcome === 'full' ? 'warn' : 'neutral', 'Watchlist', sentence);
  },
});

/** Takes a symbol off the member's watchlist. */
export const watchRemoveCommand = defineCommand({
  name: 'watch-remove',
  slash: 'watch remove',
  summary: 'Remove a symbol from your watchlist',
  guidance: 'The member removes a symbol by the slash command.',
  tier: 'free',
  effect: 'write',
  private: true,
  input: z.object({ symbol: symbolInput }),
  output: z.object({ symbol: z.string(), removed: z.boolean() }),
  suggest: {
    symbol: async (ctx, text) => {
      const symbols = await ctx.members.watchlist(ctx.caller.memberId);
      return symbols
        .filter((symbol) => symbol.includes(text.trim().toUpperCase()))
        .map((symbol) => ({ name: symbol, value: symbol }));
    },
  },
  async run(ctx, { symbol: text }) {
    // not by the provider's list: a delisted symbol must be able to leave
    const symbol = parseInstrument(text)?.symbol ?? text.toUpperCase();
    return { symbol, removed: await ctx.members.unwatch(ctx.caller.memberId, symbol) };
  },
  card({ symbol, removed }) {
    const sentence = removed
      ? `**${symbol}** is off your watchlist.`
      : `**${symbol}** was not on your watchlist. /watch list shows what is.`;
    return said('neutral', 'Watchlist', sentence);
  },
});

/** The member's watchlist with prices. */
export const watchListCommand = defineCommand({
  name: 'watch-list',
  slash: 'watch list',
  tool: 'list_watchlist',
  summary: 'Your watchlist with prices',
  guidance: "Call for the member's own watchlist and how its symbols do today.",
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({}),
  output: z.object({
    rows: z.array(
      z.object({ symbol: z.string(), lastDollars: z.number().optional(), changePct: z.number().optional() }),
    ),
    hidden: z.number(),
    provenance: provenanceSchema.optional(),
  }),
  async run(ctx) {
    const symbols = await ctx.members.watchlist(ctx.caller.memberId);
    if (symbols.length === 0) return { rows: [], hidden: 0 };
    const shown = symbols.slice(0, SHOWN);
    const prices = await ctx.market.prices(shown);
    return {
      rows: shown.map((symbol) => {
        const view = prices.value.get(symbol);
        return { symbol, lastDollars: view?.last, changePct: view?.changePct };
      }),
      hidden: symbols.length - shown.length,
      provenance: ctx.provenance(prices, shown),
    };
  },
  card({ rows, hidden, provenance }) {
    if (rows.length === 0)
      return said('neutral', 'Watchlist', 'Your watchlist is empty. Add a symbol with /watch add AAPL.');
    const more = hidden === 0 ? [] : [{ kind: 'text' as const, text: `and ${hidden} more` }];
    return {
      layout: 'embed',
      tone: 'neutral',
      title: 'Watchlist',
      blocks: [
        {
          kind: 'table',
          head: ['', 'last', 'change'],
          rows: rows.map((row) => [
            row.symbol,
            row.lastDollars === undefined ? 'no data' : money(row.lastDollars),
            row.changePct === undefined ? '' : percent(row.changePct),
          ]),
        },
        ...more,
      ],
      ...(provenance === undefined ? {} : { provenance }),
    };
  },
});

function said(tone: Card['tone'], title: string, text: string): Card {
  return { layout: 'embed', tone, title, blocks: [{ kind: 'text', text }] };
}
