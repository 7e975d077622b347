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
