const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long each answer is good for, in market time: prices for seconds, reference data for hours. */
export const TTL_MS = {
  barsToday: 5 * SECOND,
  barsPast: 6 * HOUR,
  previousBar: 10 * MINUTE,
  groupedDaily: 6 * HOUR,
  snapshot: 2 * SECOND,
  wholeMarket: 5 * SECOND,
  movers: 10 * SECOND,
  last: SECOND,
  marketStatus: 15 * SECOND,
  holidays: 6 * HOUR,
  news: 2 * MINUTE,
  tickerSearch: 12 * HOUR,
  tickerDetails: 12 * HOUR,
} as const;
