import { randomUUID } from 'node:crypto';
import type { ReplayMarket } from '../replay-market.ts';

/** One request as an endpoint sees it. `now` is the market's time: nothing later may be told. */
export interface RestRequest {
  readonly market: ReplayMarket;
  readonly now: number;
  /** Scheme, host and port the client called. */
  readonly origin: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** A page never holds more than this, whatever `limit` says. */
  readonly largestPage: number;
}

/** A JSON body, or plain text when `text` is set. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly text?: string;
}

export function ok(body: unknown): RestAnswer {
  return { status: 200, body };
}

/** 400, 401 and 429 carry `error`. */
export function failed(status: 400 | 401 | 429 | 500 | 502 | 503 | 504, error: string): RestAnswer {
  return { status, body: { status: 'ERROR', request_id: requestId(), error } };
}

/** 403 and 404 carry `message`. */
export function notFound(message = 'Data not found.'): RestAnswer {
  return { status: 404, body: { status: 'NOT_FOUND', request_id: requestId(), message } };
}

export function notEntitled(message: string): RestAnswer {
  return { status: 403, body: { status: 'NOT_AUTHORIZED', request_id: requestId(), message } };
}

export function noSuchRoute(): RestAnswer {
  return { status: 404, body: undefined, text: '404 page not found' };
}

export function requestId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Milliseconds as the wire's nanoseconds; above 2^53, as the provider's own are. */
export function nanoseconds(at: number): number {
  return at * 1_000_000;
}

/** Rounded to four decimals, without the tails of floating point. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
