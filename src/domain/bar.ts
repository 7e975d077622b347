import { z } from 'zod';

export type Timeframe = '1m' | '5m' | '15m' | '1h' | '1d';

/** One price bar, named by its open time; a minute without trades simply has no bar. */
export interface Bar {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Epoch ms of the start of the window; a day bar starts at 00:00 New York time. */
  readonly openAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Shares (contracts for options); absent for indices, and may be fractional. */
  readonly volume?: number;
  /** Volume-weighted average price of this bar. */
  readonly vwap?: number;
}

/** A bar as part of a command's output. */
export const barSchema = z.object({
  symbol: z.string(),
  timeframe: z.enum(['1m', '5m', '15m', '1h', '1d']),
  openAt: z.number(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number().exactOptional(),
  vwap: z.number().exactOptional(),
});

/** Prices above zero, the high and low around the rest, no negative volume; anything else is a provider's fault. */
export function isSane(bar: Bar): boolean {
  const { open, high, low, close, volume, vwap } = bar;
  return (
    low > 0 &&
    high < Number.POSITIVE_INFINITY &&
    low <= Math.min(open, close) &&
    high >= Math.max(open, close) &&
    (volume === undefined || (volume >= 0 && Number.isFinite(volume))) &&
    (vwap === undefined || (vwap > 0 && Number.isFinite(vwap))) &&
    Number.isSafeInteger(bar.openAt)
  );
}

/** A bar with the order in which the provider published it; later versions replace earlier ones. */
export interface BarVersion {
  readonly bar: Bar;
  readonly version: number;
}

/** The bar to keep of two reports of one window: the higher version, whatever the order of arrival; equal versions settle by content. */
export function mergeBar(held: BarVersion | undefined, incoming: BarVersion): BarVersion {
  if (!held) return incoming;
  if (held.version !== incoming.version) return held.version > incoming.version ? held : incoming;
  const [a, b] = [held.bar, incoming.bar];
  const order =
    (a.volume ?? 0) - (b.volume ?? 0) ||
    a.high - b.high ||
    b.low - a.low ||
    a.close - b.close ||
    a.open - b.open ||
    (a.vwap ?? 0) - (b.vwap ?? 0);
  return order >= 0 ? held : incoming;
}

/** Best bid and ask; sizes in shares. */
export interface QuoteTick {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly eventAt: number;
  readonly receivedAt: number;
}

export interface TradeTick {
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
  readonly conditions: readonly number[];
  /** Its price was agreed elsewhere, earlier or for an odd lot: it counts as volume, and moves neither last nor range. */
  readonly offMarket?: true;
  readonly exchange: number;
  readonly eventAt: number;
  readonly receivedAt: number;
}

export interface IndexTick {
  readonly symbol: string;
  readonly value: number;
  readonly eventAt: number;
  readonly receivedAt: number;
}

/** What a feed delivers, in wire order. A `bar` is a closed minute. */
export type MarketEvent =
  | { readonly kind: 'bar'; readonly bar: Bar; readonly receivedAt: number }
  | { readonly kind: 'quote'; readonly quote: QuoteTick }
  | { readonly kind: 'trade'; readonly trade: TradeTick }
  | { readonly kind: 'index'; readonly index: IndexTick };
