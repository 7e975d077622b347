import { z } from 'zod';
import type { Timeframe } from './bar.ts';
import { barSchema } from './bar.ts';
import type { PlanInputs } from './build-plan.ts';
import { levelSchema } from './levels.ts';

const daySchema = z.object({
  on: z.string(),
  opensAt: z.number(),
  closesAt: z.number(),
  earlyClose: z.boolean(),
});

const setupSchema = z.object({
  setupId: z.string(),
  detector: z.string(),
  version: z.number(),
  symbol: z.string(),
  direction: z.enum(['long', 'short']),
  timeframe: barSchema.shape.timeframe,
  detectedAt: z.number(),
  triggerPrice: z.number(),
  structurePrice: z.number(),
  structureReason: z.string(),
  factors: z.array(z.object({ key: z.string(), label: z.string(), value: z.number(), score: z.number() })),
});

const fields = z.object({
  symbol: z.string(),
  day: daySchema,
  nextDay: daySchema,
  asOf: z.number(),
  daily: z.array(barSchema),
  bars5m: z.array(barSchema),
  levels: z.array(levelSchema),
  setup: setupSchema,
  title: z.string().exactOptional(),
  risk: z.object({ accountDollars: z.number(), riskPct: z.number() }),
  context: z.object({ breadthPct: z.number().exactOptional() }).exactOptional(),
  owner: z.string().exactOptional(),
});

/** Inputs of a plan as they were kept: parsed they build the same plan again. A bar of another symbol or length is none of them. */
export const planInputsSchema: z.ZodType<PlanInputs> = fields.refine(({ symbol, daily, bars5m }) => {
  const are = (bars: PlanInputs['daily'], timeframe: Timeframe): boolean =>
    bars.every((bar) => bar.symbol === symbol && bar.timeframe === timeframe);
  return are(daily, '1d') && are(bars5m, '5m');
}, 'found a bar of another symbol or length');
