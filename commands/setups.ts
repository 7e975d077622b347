import { z } from 'zod';
import { setupsCard } from '../src/cards/setups-card.ts';
import { defineCommand } from '../src/command.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';

const MOST = 25;
const USUAL = 15;
const OF_A_SESSION = 1_000;

/** What the scanner has found in this session, and what became of it. */
export const setupsCommand = defineCommand({
  name: 'setups',
  slash: 'setups',
  tool: 'list_setups',
  route: '/api/setups',
  summary: 'Setups found in this session: offered plans and refusals',
  guidance: 'Call for which setups or plans the scanner has found today, and why others were refused.',
  tier: 'free',
  effect: 'read',
  input: z.object({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(MOST)
      .default(USUAL)
      .describe(`How many, 1 to ${MOST}: offered plans first`),
  }),
  output: z.object({
    setups: z.array(
      z.object({
        symbol: z.string(),
        title: z.string(),
        direction: z.enum(['long', 'short']),
        timeframe: z.string(),
        detectedAt: z.number(),
        outcome: z.enum(['offered', 'refused']),
        refusal: z.object({ code: z.string(), reason: z.string() }).exactOptional(),
        planId: z.string().exactOptional(),
      }),
    ),
    /** Of the whole session, shown or not. */
    offered: z.number(),
    refused: z.number(),
    provenance: provenanceSchema,
  }),
  async run(ctx, { limit }) {
    const all = await ctx.offers.setups(OF_A_SESSION);
    const offered = all.filter(({ outcome }) => outcome === 'offered');
    const refused = all.filter(({ outcome }) => outcome === 'refused');
    const setups = [...offered, ...refused].slice(0, limit).sort((a, b) => b.detectedAt - a.detectedAt);
    const symbols = [...new Set(setups.map(({ symbol }) => symbol))];
    return {
      setups: setups.map(({ setupId: _setupId, detector: _detector, ...setup }) => setup),
      offered: offered.length,
      refused: refused.length,
      provenance: ctx.provenance({ asOf: setups[0]?.detectedAt ?? ctx.clock.now(), delayed: false }, symbols),
    };
  },
  card: ({ setups, provenance, ...counts }) => setupsCard(setups, counts, provenance),
});
