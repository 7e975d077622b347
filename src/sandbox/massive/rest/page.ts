import { failed, type RestAnswer, type RestRequest } from './answer.ts';

/** One page of a list with the address of the next; an exactly full last page has none. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextUrl: { readonly next_url?: string };
}

interface Limits {
  readonly standard: number;
  readonly most: number;
}

const OFFSET_KEY = 'ap';

/** The query with a cursor's content put back; a page's cursor is the base64 of the first query and an offset. */
export function queryWithCursor(query: URLSearchParams): URLSearchParams {
  const cursor = query.get('cursor');
  return cursor === null ? query : new URLSearchParams(Buffer.from(cursor, 'base64url').toString('utf8'));
}

/** Cuts a page out of all rows; a refusal when `limit` is not a positive number. */
export function pageOf<T>(request: RestRequest, rows: readonly T[], limits: Limits): Page<T> | RestAnswer {
  const limit = limitOf(request, limits);
  if (typeof limit !== 'number') return limit;
  const offset = Number(request.query.get(OFFSET_KEY) ?? 0) || 0;
  const page = rows.slice(offset, offset + limit);
  if (offset + limit >= rows.length) return { rows: page, nextUrl: {} };
  const next = new URLSearchParams(request.query);
  next.delete('apiKey');
  next.set(OFFSET_KEY, String(offset + limit));
  const cursor = Buffer.from(next.toString()).toString('base64url');
  return { rows: page, nextUrl: { next_url: `${request.origin}${request.path}?cursor=${cursor}` } };
}

/** How many rows a page holds; `most` is the provider's own bound. */
export function limitOf(request: RestRequest, limits: Limits): number | RestAnswer {
  const raw = request.query.get('limit');
  const limit = raw === null ? limits.standard : Number(raw);
  if (!Number.isInteger(limit) || limit < 1)
    return failed(400, `The parameter 'limit' must be a positive number, got '${raw}'`);
  return Math.min(limit, limits.most, request.largestPage);
}

export function isAnswer(value: object): value is RestAnswer {
  return 'status' in value && 'body' in value;
}
