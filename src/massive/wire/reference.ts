import { z } from 'zod';
import { number, string } from './envelope.ts';

/** The envelope of tickers and news. */
export const listSchema = z.looseObject({
  status: string,
  results: z.array(z.unknown()).nullish(),
  next_url: string,
});

/** One hit of the ticker search. */
export const tickerRowSchema = z.looseObject({
  ticker: z.string().min(1),
  name: string,
  market: string,
  active: z.boolean().nullish(),
});

/** One ticker with its company; only the symbol is promised. */
export const tickerDetailsSchema = z.looseObject({
  status: string,
  results: z.looseObject({
    ticker: z.string().min(1),
    name: string,
    market: string,
    description: string,
    market_cap: number,
    share_class_shares_outstanding: number,
    weighted_shares_outstanding: number,
    homepage_url: string,
    sic_description: string,
  }),
});

/** One article; sentiments are per ticker and often missing. */
export const newsRowSchema = z.looseObject({
  id: z.string().min(1),
  title: z.string().min(1),
  article_url: z.string(),
  published_utc: z.string(),
  publisher: z.looseObject({ name: string }).nullish(),
  tickers: z.array(z.string()).nullish(),
  insights: z.array(z.looseObject({ ticker: string, sentiment: string })).nullish(),
});

export type TickerRow = z.output<typeof tickerRowSchema>;
export type TickerDetailsRow = z.output<typeof tickerDetailsSchema>['results'];
export type NewsRow = z.output<typeof newsRowSchema>;
