import { z } from 'zod';
import type { Card } from '../../src/cards/card.ts';
import { type CommandDefinition, defineCommand } from '../../src/command.ts';
import { AppError } from '../../src/kit/errors.ts';
import { sampleBars } from '../cards/sample.ts';

const symbol = z
  .string()
  .trim()
  .max(24, { error: 'found too many characters, a ticker has at most 24' })
  .describe('Ticker, for example AAPL');

const read = { guidance: '', tier: 'free', effect: 'read' } as const;

function said(title: string, text: string, rest: Partial<Card> = {}): Card {
  return { layout: 'embed', tone: 'neutral', title, blocks: [{ kind: 'text', text }], ...rest };
}

const price = defineCommand({
  ...read,
  name: 'price',
  slash: 'price',
  summary: 'Last price of a symbol',
  input: z.object({ symbol, withNews: z.boolean().optional().describe('Add the news') }),
  output: z.object({ symbol: z.string(), asker: z.string(), withNews: z.boolean() }),
  suggest: {
    symbol: async (_ctx, text) => {
      if (text === 'broken') throw new Error('no symbols now');
      if (text === 'slow') return new Promise(() => undefined);
      return Array.from({ length: 40 }, (_, i) => ({
        name: `${text.toUpperCase()}${i} · ${'x'.repeat(120)}`,
        value: `${text.toUpperCase()}${i}`,
      }));
    },
  },
  run: async (ctx, input) => {
    if (input.symbol === 'GONE') throw new AppError('not_found', 'found no symbol "GONE", one like AAPL is needed.');
    if (input.symbol === 'BOOM') throw new TypeError('secret detail of the fault');
    return { symbol: input.symbol, asker: ctx.caller.memberId, withNews: input.withNews ?? false };
  },
  card: (output) =>
    said(`${output.symbol} 94.10`, `asked by ${output.asker}${output.withNews ? ' with news' : ''}`, {
      buttons: [
        { label: 'Again', style: 'primary', action: { command: 'price', input: { symbol: 'MSFT' } } },
        { label: 'Again, gone', style: 'secondary', action: { command: 'price', input: { symbol: 'GONE' } } },
        { label: 'Why?', style: 'secondary', action: { command: 'why', input: { planId: '7f3a9c' } } },
        { label: 'Plan', style: 'secondary', action: { command: 'plan-build', input: { symbol: output.symbol } } },
        { label: 'Risk', style: 'secondary', action: { command: 'risk', input: {} } },
        { label: 'Retired', style: 'secondary', action: { command: 'retired', input: { symbol: 'AAPL' } } },
      ],
      select: {
        placeholder: 'Another…',
        action: { command: 'price', input: {} },
        key: 'symbol',
        options: [{ label: 'KO', value: 'KO' }],
      },
    }),
});

const planBuild = defineCommand({
  ...read,
  name: 'plan-build',
  slash: 'plan build',
  summary: 'A trade plan',
  input: z.object({ symbol }),
  output: z.object({ symbol: z.string() }),
  suggest: { symbol: async (_ctx, text) => [{ name: text, value: text }] },
  run: async (_ctx, input) => ({ symbol: input.symbol }),
  card: (output) =>
    output.symbol === 'FLAT'
      ? said('No plan for FLAT now', 'too tight', { layout: 'container', private: true })
      : {
          layout: 'container',
          tone: 'up',
          title: `▲ ${output.symbol} long`,
          blocks: [
            { kind: 'text', text: 'Buy above 94.10' },
            {
              kind: 'chart',
              chart: { title: output.symbol, subtitle: '', bars: sampleBars(20), lines: [], levels: [], bands: [] },
              alt: 'the chart',
            },
          ],
          buttons: [
            {
              label: 'Again',
              style: 'primary',
              action: { command: 'plan-build', input: { symbol: `${output.symbol}2` } },
            },
          ],
        },
});

const planList = defineCommand({
  ...read,
  name: 'plan-list',
  slash: 'plan list',
  summary: 'Your plans',
  private: true,
  input: z.object({}),
  output: z.object({}),
  run: async () => ({}),
  card: () => said('Your plans', 'none'),
});

const why = defineCommand({
  ...read,
  name: 'why',
  summary: 'Reasons',
  private: true,
  input: z.object({ planId: z.string() }),
  output: z.object({ planId: z.string(), tier: z.string() }),
  run: async (ctx, input) => ({ planId: input.planId, tier: ctx.caller.tier }),
  card: (output) => said('Why', `plan ${output.planId} for ${output.tier}`),
});

const risk = defineCommand({
  ...read,
  name: 'risk',
  slash: 'risk',
  summary: 'Your risk',
  effect: 'write',
  private: true,
  input: z.object({
    account: z.number().min(100, { error: 'found less than 100, an account of 100 or more is needed' }),
    percent: z.string().describe('Percent'),
  }),
  output: z.object({ account: z.number(), percent: z.string() }),
  form: {
    title: 'Your risk',
    fields: [
      { key: 'account', label: 'Account in dollars', placeholder: '10000' },
      { key: 'percent', label: 'Risk per trade', placeholder: '1' },
    ],
    prefill: async (ctx) => {
      if (ctx.caller.tier === 'free') return new Promise(() => undefined);
      return { account: '25000', percent: '1' };
    },
  },
  run: async (_ctx, input) => input,
  card: (output) => said('Your risk', `${output.percent} % of ${output.account}`),
});

const ownerOnly = defineCommand({
  ...read,
  name: 'settings',
  slash: 'settings',
  summary: 'Settings of the server',
  tier: 'owner',
  input: z.object({}),
  output: z.object({}),
  run: async () => ({}),
  card: () => said('Settings', 'all of them'),
});

/** Small commands of every kind that the face must serve. */
export const stubCommands: readonly CommandDefinition[] = [price, planBuild, planList, why, risk, ownerOnly];
