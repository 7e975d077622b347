import { z } from 'zod';

const STOCKS = 12_000;
const AT = Date.parse('2024-06-05T15:00:00Z');
const NS_PER_MS = 1_000_000;

/** The provider's answer for the whole market as text: 12,000 rows with every member, about 6 MB. */
export function wholeMarketText(): string {
  let state = 12_345;
  const chance = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const cents = (dollars: number): number => Math.round(dollars * 100) / 100;
  const tickers = Array.from({ length: STOCKS }, (_, index) => {
    const before = cents(3 + 400 * chance());
    const o = cents(before * (0.99 + 0.02 * chance()));
    const c = cents(before * (0.96 + 0.08 * chance()));
    const [h, l] = [cents(Math.max(o, c) * 1.004), cents(Math.min(o, c) * 0.996)];
    const v = Math.round(4_000_000 * chance() ** 3);
    const prices = { o, h, l, c, vw: cents((h + l) / 2) };
    const change = cents(c - before);
    return {
      ticker: `S${index.toString(36).toUpperCase()}`,
      todaysChangePerc: (change / before) * 100,
      todaysChange: change,
      updated: AT * NS_PER_MS,
      day: { ...prices, v },
      lastQuote: { P: cents(c + 0.01), S: 3, p: c, s: 2, t: AT * NS_PER_MS },
      lastTrade: { c: [14, 41], i: String(index), p: c, s: 100, t: AT * NS_PER_MS, x: 4 },
      min: { av: v, t: AT - 60_000, n: 12, o: c, h: cents(c + 0.02), l: cents(c - 0.02), c, v: 900, vw: c },
      prevDay: { ...prices, c: before, v: v + 1_000 },
    };
  });
  return JSON.stringify({ status: 'OK', request_id: 'bench', count: STOCKS, tickers });
}

const number = z.number().nullish();
const ohlc = z.looseObject({ o: number, h: number, l: number, c: number, v: number, vw: number, t: number }).nullish();

/** The product's hand-written row guard as a zod schema: what the check would cost without it. */
export const zodAnswer = z.looseObject({
  status: z.string().nullish(),
  tickers: z.array(
    z.looseObject({
      ticker: z.string().min(1),
      todaysChange: number,
      todaysChangePerc: number,
      updated: number,
      day: ohlc,
      prevDay: ohlc,
      min: ohlc,
      lastTrade: z.looseObject({ p: number, t: number }).nullish(),
      lastQuote: z.looseObject({ p: number, s: number, P: number, S: number, t: number }).nullish(),
    }),
  ),
});
