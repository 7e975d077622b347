import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../../kit/errors.ts';

/** Prices in fixtures are whole ten-thousandths of a dollar (or of an index point). */
export const PRICE_UNIT = 10_000;

/** Day bars as columns over `SessionFixture.days`, starting at index `from`; a close of `null` is a day without a bar. */
export interface PackedDaily {
  readonly from: number;
  /** First close, then differences between closes. */
  readonly close: readonly (number | null)[];
  /** Differences to the close of the same day. */
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly volume?: readonly number[];
}

/** Real minutes of one day; `minute` counts from 04:00 New York time, columns as in `PackedDaily` without nulls. */
export interface PackedMinutes {
  readonly minute: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
}

/** Best bid and ask at the end of each minute that had one; sizes in shares. */
export interface PackedQuotes {
  readonly minute: readonly number[];
  readonly bid: readonly number[];
  readonly ask: readonly number[];
  readonly bidSize: readonly number[];
  readonly askSize: readonly number[];
}

export interface FixtureSymbol {
  readonly symbol: string;
  readonly name: string;
  readonly kind: 'stock' | 'etf' | 'index';
  readonly cik?: string;
  readonly industry?: string;
  readonly headquarters?: string;
  readonly daily: PackedDaily;
  /** An index that is another symbol's path times a factor. */
  readonly derivedFrom?: { readonly symbol: string; readonly factor: number };
  /** True when even the daily bars are derived. */
  readonly derived?: boolean;
  readonly minutes?: Readonly<Record<string, PackedMinutes>>;
  readonly quotes?: Readonly<Record<string, PackedQuotes>>;
}

export interface FixtureNews {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly author: string;
  readonly url: string;
  readonly publishedAt: number;
  readonly symbols: readonly string[];
}

export interface FixtureSplit {
  readonly symbol: string;
  readonly on: string;
  readonly newPerOld: number;
}

export interface FixtureDividend {
  readonly symbol: string;
  readonly on: string;
  readonly cash: number;
}

/** Everything one replay carries except option chains. */
export interface SessionFixture {
  readonly scenario: string;
  readonly sessions: readonly string[];
  /** Every trading day known to the replay, earlier and later ones too. */
  readonly calendar: { readonly on: readonly string[]; readonly earlyClose: readonly string[] };
  readonly days: readonly string[];
  readonly symbols: readonly FixtureSymbol[];
  readonly splits: readonly FixtureSplit[];
  readonly dividends: readonly FixtureDividend[];
  readonly news: readonly FixtureNews[];
  /** The daily source's own row where the replayed day is summed from real minutes: open, high, low, close, volume. */
  readonly sourceDaily: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** One contract of a chain: expiry, right, strike, bid, bid size, ask, ask size, last, volume so far, open interest. */
export type ChainRow = readonly [
  string,
  'C' | 'P',
  number,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number,
  number,
];

export interface ChainSnapshot {
  readonly at: number;
  readonly underlying: string;
  readonly underlyingPrice: number;
  readonly rows: readonly ChainRow[];
}

/** One contract's traded minute: start, expiry, right, strike, open, high, low, close, contracts. */
export type OptionMinute = readonly [
  at: number,
  expiresOn: string,
  right: 'C' | 'P',
  strike: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

/** A replay's options: complete chains at some moments, and every traded minute, oldest first. */
export interface OptionsFixture {
  readonly chains: readonly ChainSnapshot[];
  readonly minutes: readonly OptionMinute[];
}

const SESSIONS = new URL('../../../fixtures/sessions/', import.meta.url);

/** Reads one built replay from `fixtures/sessions`; throws `invalid_input` when there is none of that name. */
export function readSessionFixture(scenario: string): SessionFixture {
  const known = readdirSync(SESSIONS).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
  if (!known.includes(scenario)) {
    throw new AppError('invalid_input', `there is no replay of ${scenario}; there are ${known.join(', ')}`);
  }
  return readPacked<SessionFixture>(`${scenario}/session.json.gz`);
}

/** Option chains of a replay, oldest first; empty for replays without options. */
export function readOptions(scenario: string): OptionsFixture {
  return readPacked<OptionsFixture>(`${scenario}/options.json.gz`);
}

function readPacked<T>(path: string): T {
  return JSON.parse(gunzipSync(readFileSync(new URL(path, SESSIONS))).toString('utf8'));
}
