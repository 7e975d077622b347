import { z } from 'zod';
import { number, string } from './envelope.ts';

/** Last trade of a stock or an option; options have no tape and may have an empty id. */
export const lastTradeSchema = z.looseObject({
  status: string,
  results: z.looseObject({
    T: string,
    p: z.number(),
    s: number,
    t: z.number(),
    x: number,
    c: z.array(z.number()).nullish(),
  }),
});

/** Last quote, stocks only: `p`, `s` are the BID, `P`, `S` the ASK; sizes in shares. */
export const lastQuoteSchema = z.looseObject({
  status: string,
  results: z.looseObject({ T: string, p: number, s: number, P: number, S: number, t: z.number() }),
});
