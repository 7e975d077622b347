import { z } from 'zod';
import { string } from './envelope.ts';

/** No member is promised; pre- and after-market exist only as the two booleans. */
export const marketStatusSchema = z.looseObject({
  market: z.string(),
  earlyHours: z.boolean().nullish(),
  afterHours: z.boolean().nullish(),
  serverTime: z.string(),
});

/** A bare array with one row per exchange; `open` and `close` only on early closes, ISO UTC. */
export const holidaysSchema = z.array(z.unknown());
/** One exchange on one date. */
export const holidayRowSchema = z.looseObject({
  date: z.iso.date(),
  name: z.string(),
  exchange: string,
  status: z.string(),
  open: string,
  close: string,
});

export type HolidayRow = z.output<typeof holidayRowSchema>;
