import type { Clock } from '../../kit/clock.ts';
import type { MassiveHttp } from '../client.ts';
import { MassiveError } from '../errors.ts';
import type { Cached } from './answers.ts';

/** What every family of REST methods stands on; `now` is market time. */
export interface RestDeps {
  readonly http: Pick<MassiveHttp, 'get' | 'pages'>;
  readonly cached: Cached;
  readonly now: Clock['now'];
  /** Counts rows of this endpoint that did not fit and were left out. */
  readonly dropRows: (endpoint: string) => (rows: number) => void;
}

// lower case occurs: `KIMpL` is a preferred share; nothing here can leave its path segment
const SYMBOL = /^(?:[IOXC]:)?[A-Za-z0-9.-]{1,21}$/;

/** The symbol, safe to stand in a path; anything else never leaves the house. */
export function pathSymbol(symbol: string, endpoint: string): string {
  if (SYMBOL.test(symbol) && !symbol.includes('..')) return symbol;
  throw new MassiveError('not_found', endpoint, `"${symbol.slice(0, 24)}" is not a symbol`);
}

/** Plans are bought per asset class, so a plan limit holds for one endpoint and one class. */
export function scopeOf(endpoint: string, symbol: string): string {
  return `${endpoint} ${/^[IOXC]:/.exec(symbol)?.[0] ?? 'stocks'}`;
}

/** v1 and v2 answers of a delayed plan say so in `status`, with HTTP 200. */
export function isDelayedStatus(body: { readonly status?: string | null | undefined }): boolean {
  return body.status === 'DELAYED';
}

/** Pieces of at most `size`. */
export function chunks<T>(all: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < all.length; start += size) pieces.push(all.slice(start, start + size));
  return pieces;
}
