import type { Bar } from './bar.ts';

/** A provider's answer with the time it speaks of. `delayed` is the provider's own word for a delayed data plan. */
export interface Answer<T> {
  readonly value: T;
  /** Epoch ms of the newest datum inside. */
  readonly asOf: number;
  readonly delayed: boolean;
  /** The source failed and this is the last known good; only given to callers that accept it. */
  readonly stale?: boolean;
}

/** Open, high, low, close, volume of one day so far or complete; no zeros for "unknown". */
export interface DayStats {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume?: number;
  readonly vwap?: number;
}

/** Everything the provider knows about one stock now; members are absent where the data plan or the hour has none. */
export interface StockSnapshot {
  readonly symbol: string;
  readonly last?: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly bidSize?: number;
  readonly askSize?: number;
  /** Dollars since the previous close. */
  readonly change?: number;
  readonly changePct?: number;
  readonly previousClose?: number;
  readonly day?: DayStats;
  readonly previousDay?: DayStats;
  readonly minute?: Bar;
  readonly updatedAt: number;
}

export interface IndexSnapshot {
  readonly symbol: string;
  readonly name: string;
  readonly value: number;
  readonly change?: number;
  readonly changePct?: number;
  readonly session?: DayStats & { readonly previousClose?: number };
  readonly updatedAt: number;
}

export type Sentiment = 'positive' | 'neutral' | 'negative';

export interface NewsItem {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly url: string;
  readonly publishedAt: number;
  readonly symbols: readonly string[];
  /** The provider's judgement for the symbol asked for, where it has one. */
  readonly sentiment?: Sentiment;
}

export interface TickerMatch {
  readonly symbol: string;
  readonly name: string;
  readonly kind: 'stock' | 'index';
}

export interface TickerDetails extends TickerMatch {
  readonly description?: string;
  readonly marketCapDollars?: number;
  readonly sharesOutstanding?: number;
  readonly homepage?: string;
  readonly industry?: string;
}

/** The provider's view of the session now; only corrects our own calendar. */
export interface MarketStatus {
  readonly phase: 'premarket' | 'regular' | 'aftermarket' | 'closed';
  readonly serverAt: number;
}

export interface Holiday {
  readonly on: string;
  readonly name: string;
  readonly kind: 'closed' | 'early-close';
  readonly opensAt?: number;
  readonly closesAt?: number;
}
