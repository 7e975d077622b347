import { z } from 'zod';
import { statusCard } from '../src/cards/status-card.ts';
import { defineCommand } from '../src/command.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';

/** The session, the indices, and how every part of the bot does. */
export const statusCommand = defineCommand({
  name: 'status',
  slash: 'status',
  tool: 'get_status',
  route: '/api/status',
  summary: 'Market session, indices, and how the bot itself is',
  guidance: 'Call first for whether the market is open, what is next, and whether data can be trusted now.',
  tier: 'free',
  effect: 'read',
  input: z.object({}),
  output: z.object({
    phase: z.enum(['premarket', 'regular', 'aftermarket', 'closed']),
    nextPhase: z.enum(['premarket', 'regular', 'aftermarket', 'closed']),
    nextChangeAt: z.number(),
    /** The clock that the market runs by; differs from the reader's in a replay. */
    marketAt: z.number(),
    nextHoliday: z.object({ on: z.string(), name: z.string(), kind: z.enum(['closed', 'early-close']) }).optional(),
    indices: z.array(z.object({ name: z.string(), value: z.number(), changePct: z.number().optional() })),
    advancingPct: z.number().optional(),
    components: z.array(
      z.object({ name: z.string(), state: z.enum(['ok', 'degraded', 'down', 'sandbox', 'off']), reason: z.string() }),
    ),
    provenance: provenanceSchema.optional(),
  }),
  run: (ctx) => ctx.overview(),
  card: statusCard,
});
