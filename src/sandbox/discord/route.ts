import type { Upload } from './attachments.ts';

/** One REST call as its route sees it. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly json: unknown;
  readonly files: readonly Upload[];
}

/** What a route answers; no body with 204. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** One route of the HTTP API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v10`, with `:names`. */
  readonly path: string;
  /** `token` routes carry their right in the path and need no bot token. */
  readonly auth: 'bot' | 'token' | 'none';
  /** Interaction callbacks count for no limit. */
  readonly unlimited?: boolean;
  readonly answer: (call: Call) => Reply | Promise<Reply>;
}

const route =
  (method: Route['method'], auth: Route['auth'] = 'bot', unlimited = false) =>
  (path: string, answer: Route['answer']): Route => ({ method, path, auth, unlimited, answer });

// one short word per kind of route: the lists of routes read like Discord's own documentation
export const get = route('GET');
export const post = route('POST');
export const put = route('PUT');
export const patch = route('PATCH');
export const del = route('DELETE');
export const openGet = route('GET', 'none');
export const tokenGet = route('GET', 'token');
export const tokenPost = route('POST', 'token');
export const tokenPatch = route('PATCH', 'token');
export const tokenDelete = route('DELETE', 'token');
export const callbackPost = route('POST', 'token', true);

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const nothing: Reply = { status: 204 };

/** A path or query value that the route pattern guarantees; empty when the caller left it out. */
export const param = (call: Call, name: string): string => call.params[name] ?? '';
