import { z } from 'zod';

/** Where a market number comes from and how old it is; every command output that shows one carries this. */
export const provenanceSchema = z.object({
  /** Epoch ms the numbers speak of. */
  asOf: z.number(),
  /** Who said so: "Massive", "Sandbox replay of 23 Dec 2015". */
  source: z.string(),
  /** `live` stream or fresh REST, `delayed` by the data plan, `stale`: last known good because the source is down. */
  timeliness: z.enum(['live', 'delayed', 'stale']),
  /** A caveat that must be shown wherever the numbers are: "intraday path synthesised". */
  note: z.string().optional(),
});

export type Provenance = z.infer<typeof provenanceSchema>;
