import { z } from 'zod';
import type { Choice, Ctx } from '../src/command.ts';

/** The longest canonical symbol: `O:` + six letters + 15 digits. */
const LONGEST = 24;

const described = 'Ticker, for example AAPL, BRK.B or SPX';

/** The one way commands ask for a symbol; `instruments.resolve` says whether it exists. */
export const symbolInput = z
  .string()
  .trim()
  .min(1, { error: 'found nothing, a ticker such as AAPL is needed' })
  .max(LONGEST, { error: (issue) => `found ${String(issue.input).length} characters, a ticker has at most ${LONGEST}` })
  .describe(described);

/** Suggestions while the member types a symbol. */
export const suggestSymbols = async (ctx: Ctx, text: string): Promise<readonly Choice[]> =>
  ctx.instruments.suggest(text);
