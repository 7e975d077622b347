import { z } from 'zod';
import { number, string } from './envelope.ts';

const session = z
  .looseObject({
    change: number,
    change_percent: number,
    open: number,
    high: number,
    low: number,
    close: number,
    previous_close: number,
    volume: number,
  })
  .nullish();

/** One row of the v3 snapshots (unified and indices); a row with `error` has only `ticker`, `error` and `message`. */
export const unifiedRowSchema = z.looseObject({
  ticker: z.string().min(1),
  error: string,
  message: string,
  type: string,
  name: string,
  value: number,
  price: number,
  timeframe: string,
  last_updated: number,
  session,
  last_trade: z
    .looseObject({ price: number, sip_timestamp: number, last_updated: number, timeframe: string })
    .nullish(),
  last_quote: z
    .looseObject({
      bid: number,
      ask: number,
      bid_size: number,
      ask_size: number,
      last_updated: number,
      timeframe: string,
    })
    .nullish(),
});

export type UnifiedRow = z.output<typeof unifiedRowSchema>;

/** The envelope of the v3 snapshots. */
export const unifiedSchema = z.looseObject({
  status: string,
  results: z.array(z.unknown()).nullish(),
  next_url: string,
});
