import { hashOf } from './chance.ts';
import { type PackedQuotes, PRICE_UNIT } from './fixture.ts';
import { newYorkMidnight } from './new-york-time.ts';
import type { DatedScreen, ReplayMarket } from './replay-market.ts';

/** Best bid and ask in dollars, sizes in shares. */
export interface ReplayQuote {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly at: number;
}

const PREMARKET_MS = 4 * 3_600_000;

/**
 * The quote around a symbol's last print: the recorded one of the last finished minute where there is one, moved only
 * if the print has run through it; otherwise a spread that fits the price and the day's volume.
 */
export function quoteAt(
  market: ReplayMarket,
  symbol: string,
  now: number,
  screen: DatedScreen,
): ReplayQuote | undefined {
  if (screen.last === undefined) return undefined;
  const price = screen.last.price;
  const recorded = market.find(symbol)?.quotes?.[screen.on];
  const minute = Math.floor((now - newYorkMidnight(screen.on) - PREMARKET_MS) / 60_000);
  return (recorded && recordedQuote(recorded, minute, price, now)) ?? drawnQuote(symbol, price, screen, now);
}

function recordedQuote(quotes: PackedQuotes, minute: number, price: number, now: number): ReplayQuote | undefined {
  const index = quotes.minute.findLastIndex((one) => one < minute);
  if (index < 0) return undefined;
  const bid = (quotes.bid[index] ?? 0) / PRICE_UNIT;
  const ask = (quotes.ask[index] ?? 0) / PRICE_UNIT;
  if (bid <= 0 || ask <= 0) return undefined;
  const move = price > ask ? price - ask : price < bid ? price - bid : 0;
  return {
    bid: cents(bid + move),
    ask: cents(ask + move),
    bidSize: quotes.bidSize[index] ?? 0,
    askSize: quotes.askSize[index] ?? 0,
    at: Math.floor(now / 1000) * 1000,
  };
}

function drawnQuote(symbol: string, price: number, screen: DatedScreen, now: number): ReplayQuote {
  const second = Math.floor(now / 1000);
  const seed = hashOf(`${symbol} ${second}`) >>> 0;
  const dailyShares = screen.previous?.volume ?? 1_000_000;
  const bps = dailyShares > 8_000_000 ? 0.6 : dailyShares > 2_000_000 ? 1.5 : 3;
  const spread = Math.max(1, Math.round((price * bps) / 100) + (seed % 2));
  const priceCents = Math.round(price * 100);
  // a print happens at the bid or at the ask
  const bid = (seed >>> 4) % 2 === 0 ? priceCents : priceCents - spread;
  return {
    bid: bid / 100,
    ask: (bid + spread) / 100,
    bidSize: 100 * (1 + ((seed >>> 8) % 12)),
    askSize: 100 * (1 + ((seed >>> 16) % 12)),
    at: second * 1000,
  };
}

function cents(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
