import type { JWTPayload } from 'jose';
import { type Backend, keyFor } from './backend.ts';

/** One request to put to both back ends. */
export interface Trial {
  readonly method: string;
  /** After `/rest/v1/`. */
  readonly path: string;
  /** Claims of the token; none at all without. */
  readonly token?: JWTPayload | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The parts of an answer that a client acts on. */
export interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly range: string | null;
  readonly challenge: string | null;
  readonly body: unknown;
}

const ordered = (path: string): boolean => /[?&]order=|^rpc\//.test(path);

function readBody(text: string, trial: Trial): unknown {
  if (text === '') return '';
  const value: unknown = JSON.parse(text);
  // Without an order the rows may come in any.
  return Array.isArray(value) && !ordered(trial.path) ? value.map((row) => JSON.stringify(row)).sort() : value;
}

/** Puts a trial to one back end. */
export async function put(backend: Backend, trial: Trial): Promise<Seen> {
  const { token } = trial;
  const bearer = token === undefined || typeof token === 'string' ? token : await keyFor(backend.jwtSecret, token);
  const res = await backend.fetch(`${backend.url}/rest/v1/${trial.path}`, {
    method: trial.method,
    headers: {
      ...(trial.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...trial.headers,
    },
    ...(trial.body === undefined ? {} : { body: trial.body }),
  });
  return {
    status: res.status,
    type: res.headers.get('content-type'),
    range: res.headers.get('content-range'),
    challenge: res.headers.get('www-authenticate'),
    body: readBody(await res.text(), trial),
  };
}

interface ProblemBody {
  readonly code?: string;
  readonly hint?: unknown;
  readonly message?: string;
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}

/** PostgREST words that the embedded store does not repeat: guesses at the name that was meant, and why a token does not parse. */
function settled(answer: Seen): Seen {
  const challenge = answer.challenge?.replace(/JWSError(?! JWSInvalidSignature).*$/, 'JWSError"') ?? null;
  const seen = { ...answer, challenge };
  if (seen.status === 404 && JSON.stringify(seen.body) === '{}') return { ...seen, body: 'unknown table' };
  if (!isProblem(seen.body)) return seen;
  const { code, message = '' } = seen.body;
  if (code === '42P01') return { ...seen, body: 'unknown table' };
  // One Postgres writes the name of the setting in capitals, the other not.
  if (code === '22008') return { ...seen, body: { ...seen.body, hint: String(seen.body.hint).toLowerCase() } };
  if (code === 'PGRST202') return { ...seen, body: { ...seen.body, hint: null } };
  if (code === 'PGRST301' && message.startsWith('JWSError') && !message.endsWith('InvalidSignature')) {
    return { ...seen, body: { ...seen.body, message: 'JWSError' } };
  }
  return seen;
}

/** Both answers to one trial, fit to be compared; undefined when the embedded store says that it does not answer such. */
export async function both(embedded: Backend, real: Backend, trial: Trial): Promise<[Seen, Seen] | undefined> {
  const ours = await put(embedded, trial);
  if (ours.status === 501) return undefined;
  return [settled(ours), settled(await put(real, trial))];
}
