import { type Filter, parseFilter } from './filters.ts';
import { Refused, undeclared, type WireRequest } from './wire.ts';

interface Order {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
  readonly nulls?: 'first' | 'last';
}

/** A request of the declared subset, read but not yet held against the schema. */
export interface Wanted {
  readonly verb: 'read' | 'insert' | 'update' | 'delete' | 'call';
  /** Table or function. */
  readonly target: string;
  readonly select: readonly string[] | '*';
  readonly filters: readonly Filter[];
  readonly order: readonly Order[];
  readonly limit?: number;
  readonly offset: number;
  readonly exactCount: boolean;
  /** Exactly one row or 406. */
  readonly single: boolean;
  readonly headOnly: boolean;
  readonly representation: boolean;
  readonly onDuplicate?: 'merge' | 'ignore';
  readonly conflictColumns?: readonly string[];
  /** Columns to take from the payload; its own keys unless given. */
  readonly columns?: readonly string[];
  readonly body: string;
}

const VERBS: Record<string, Wanted['verb']> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'insert',
  PATCH: 'update',
  DELETE: 'delete',
};
const NAME = /^[a-z_][a-z0-9_]*$/;
const OBJECT_TYPE = 'application/vnd.pgrst.object+json';

function names(text: string, what: string): string[] {
  return text.split(',').map((part) => {
    const name = part.trim().replace(/^"(.*)"$/s, '$1');
    if (!NAME.test(name)) throw undeclared(`${what} "${part.slice(0, 40)}"`);
    return name;
  });
}

function parseOrder(text: string): Order[] {
  return text.split(',').map((part) => {
    const match = /^([a-z_][a-z0-9_]*)(?:\.(asc|desc))?(?:\.nulls(first|last))?$/.exec(part.trim());
    if (!match) throw undeclared(`the order "${part.slice(0, 40)}"`);
    const nulls = match[3];
    return {
      column: match[1] ?? '',
      direction: match[2] === 'desc' ? 'desc' : 'asc',
      ...(nulls === 'first' || nulls === 'last' ? { nulls } : {}),
    };
  });
}

function count(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text)) throw undeclared(`the ${what} "${text.slice(0, 40)}"`);
  return Number(text);
}

function page(query: URLSearchParams, headers: WireRequest['headers']): Pick<Wanted, 'limit' | 'offset'> {
  const limit = query.get('limit');
  const offset = query.get('offset');
  if (headers.range !== undefined) {
    const match = /^(\d{1,9})-(\d{1,9})?$/.exec(headers.range);
    if (!match || limit !== null || offset !== null) throw undeclared(`the range "${headers.range.slice(0, 40)}"`);
    const from = Number(match[1]);
    if (match[2] === undefined) return { offset: from };
    const length = Number(match[2]) - from + 1;
    if (length < 1) throw undeclared('a range that ends before it starts');
    return { offset: from, limit: length };
  }
  const from = offset === null ? 0 : count(offset, 'offset');
  if (limit === null) return { offset: from };
  const most = count(limit, 'limit');
  if (most === 0 && from > 0) {
    const details = 'Limit should be greater than or equal to zero.';
    throw new Refused(416, { code: 'PGRST103', message: 'Requested range not satisfiable', details });
  }
  return { offset: from, limit: most };
}

function preferences(headers: WireRequest['headers']): Map<string, string> {
  const all = new Map<string, string>();
  for (const part of (headers.prefer ?? '').split(',')) {
    const [key = '', value = ''] = part.trim().split('=');
    if (key !== '' && !all.has(key)) all.set(key, value);
  }
  return all;
}

const PREFERENCES = new Set([
  'return=minimal',
  'return=representation',
  'count=exact',
  'resolution=merge-duplicates',
  'resolution=ignore-duplicates',
]);
const PARAMETERS = ['select', 'order', 'limit', 'offset', 'columns', 'on_conflict'];

/** Reads a request; whatever the subset does not declare is refused with 501. */
export function parseRequest(request: WireRequest): Wanted {
  const url = new URL(request.target, 'http://embedded');
  const path = /^\/rest\/v1\/(rpc\/)?([^/]+)$/.exec(decodeURIComponent(url.pathname));
  const byMethod = VERBS[request.method];
  if (!path || byMethod === undefined) throw undeclared(`${request.method} ${url.pathname.slice(0, 60)}`);
  const isCall = path[1] !== undefined;
  if (isCall && request.method !== 'POST') throw undeclared(`${request.method} on a function`);
  const verb = isCall ? 'call' : byMethod;

  const filters: Filter[] = [];
  for (const [key, value] of url.searchParams) {
    if (PARAMETERS.includes(key)) continue;
    if (!NAME.test(key) || key === 'and' || key === 'or') throw undeclared(`the filter on "${key.slice(0, 40)}"`);
    // PostgREST silently cuts such a value short.
    if (value.includes('\0')) throw undeclared('a NUL character in a filter');
    filters.push(parseFilter(key, value));
  }
  const query = url.searchParams;
  for (const key of PARAMETERS) if (query.getAll(key).length > 1) throw undeclared(`"${key}" twice`);
  if (isCall && url.search !== '') throw undeclared('filters on the result of a function');
  const paged = page(query, request.method === 'GET' ? request.headers : {});
  if (verb !== 'read' && (paged.limit !== undefined || paged.offset > 0 || query.has('order'))) {
    throw undeclared('an order, a limit or an offset on a write');
  }

  const prefer = preferences(request.headers);
  for (const [key, value] of prefer) {
    if (!PREFERENCES.has(`${key}=${value}`)) throw undeclared(`the preference "${key}=${value}"`);
  }
  const accept = request.headers.accept ?? '*/*';
  if (!['*/*', 'application/json', OBJECT_TYPE].includes(accept)) {
    throw new Refused(415, {
      code: 'PGRST107',
      message: `None of these media types are available: ${accept}`,
    });
  }
  const resolution = prefer.get('resolution');
  const select = query.get('select');
  const order = query.get('order');
  const conflict = query.get('on_conflict');
  const columns = query.get('columns');
  return {
    verb,
    target: path[2] ?? '',
    select: select === null || select === '' || select === '*' ? '*' : names(select, 'the selection'),
    filters,
    order: order === null || order === '' ? [] : parseOrder(order),
    ...paged,
    exactCount: prefer.get('count') === 'exact',
    single: accept === OBJECT_TYPE,
    headOnly: request.method === 'HEAD',
    representation: prefer.get('return') === 'representation',
    ...(resolution === undefined ? {} : { onDuplicate: resolution === 'merge-duplicates' ? 'merge' : 'ignore' }),
    ...(conflict ? { conflictColumns: names(conflict, 'the conflict target') } : {}),
    ...(columns ? { columns: names(columns, 'the columns') } : {}),
    body: request.body,
  };
}
