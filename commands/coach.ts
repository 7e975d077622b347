import { z } from 'zod';
import { defineCommand } from '../src/command.ts';
import { AppError } from '../src/kit/errors.ts';

const LONGEST_QUESTION = 2_500;

/** A question to the coach; on Discord it opens a thread in which the talk goes on. */
export const coachCommand = defineCommand({
  name: 'coach',
  slash: 'coach',
  summary: 'Ask the coach: a private thread opens, and you can go on there',
  guidance: 'The way in to the coach itself.',
  tier: 'free',
  effect: 'read',
  private: true,
  opens: 'conversation',
  input: z.object({
    question: z
      .string()
      .trim()
      .max(LONGEST_QUESTION, {
        error: (issue) => `found ${String(issue.input).length} characters, a question has 1 to ${LONGEST_QUESTION}`,
      })
      .optional()
      .describe('What you want to know, in your own words'),
    planId: z
      .string()
      .trim()
      .regex(/^[0-9a-f]{6,64}$/, {
        error: (issue) => `found "${String(issue.input).slice(0, 20)}", a plan id is 6 to 64 characters of 0-9 and a-f`,
      })
      .optional()
      .describe('The plan that you ask about, as its card shows it'),
    symbol: z
      .string()
      .trim()
      .regex(/^\S{1,24}$/, {
        error: (issue) => `found "${String(issue.input).slice(0, 20)}", a ticker has 1 to 24 characters`,
      })
      .optional()
      .describe('The stock or index that you ask about, for example AAPL'),
  }),
  output: z.object({ question: z.string(), planId: z.string().optional() }),
  form: {
    title: 'Ask the coach',
    fields: [
      { key: 'question', label: 'Your question', placeholder: 'Why this plan? How did my trade go?', long: true },
    ],
    unless: 'symbol',
    prefill: async () => ({}),
  },
  async run(_ctx, { question = '', planId, symbol }) {
    const about = symbol === undefined ? '' : `Tell me about ${symbol.toUpperCase()}`;
    const asked = question === '' ? about : symbol === undefined ? question : `${symbol.toUpperCase()}: ${question}`;
    if (asked === '')
      throw new AppError('invalid_input', `found no question, 1 to ${LONGEST_QUESTION} characters are needed.`);
    return { question: asked, ...(planId === undefined ? {} : { planId }) };
  },
  card: ({ question }) => ({
    layout: 'embed',
    tone: 'neutral',
    title: 'Coach',
    blocks: [{ kind: 'text', text: `The coach answers on Discord; your question has ${question.length} characters.` }],
  }),
});
