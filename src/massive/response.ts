import { errors } from 'undici';
import { MassiveError, type MassiveErrorKind } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';
import { type Envelope, envelopeSchema } from './wire/envelope.ts';

type Headers = Record<string, string | string[] | undefined>;

const KIND_OF_STATUS: Record<string, MassiveErrorKind> = {
  NOT_AUTHORIZED: 'plan_limit',
  NOT_FOUND: 'not_found',
  ERROR: 'server_error',
};

/** The JSON body of a good answer; throws the MassiveError that status, content type or body amount to. */
export function readAnswer(endpoint: string, status: number, headers: Headers, text: string, nowAt: number): Envelope {
  const isJson = String(headers['content-type'] ?? '').includes('json');
  if (status !== 200) throw refusal(endpoint, status, headers, isJson ? said(text) : undefined, nowAt);
  if (!isJson) throw new MassiveError('bad_payload', endpoint, `Massive's ${endpoint} answer is not JSON`);
  const { data: body } = envelopeSchema.safeParse(parse(text));
  if (!body) throw new MassiveError('bad_payload', endpoint, `Massive's ${endpoint} answer is cut off or not JSON`);
  const inline = Array.isArray(body) ? undefined : KIND_OF_STATUS[body.status ?? ''];
  if (inline) throw new MassiveError(inline, endpoint, sentence(endpoint, status, said(text)));
  return body;
}

function refusal(
  endpoint: string,
  status: number,
  headers: Headers,
  words: string | undefined,
  nowAt: number,
): MassiveError {
  const message = sentence(endpoint, status, words);
  if (status === 429) {
    return new MassiveError('rate_limited', endpoint, message, {
      retryAfterMs: retryAfterMs(headers['retry-after'], nowAt),
    });
  }
  // 413 and 499 are load shedding at the provider's edge; its own clients retry them like a 503
  if (status >= 500 || status === 413 || status === 499) return new MassiveError('server_error', endpoint, message);
  if (status === 401) return new MassiveError('unauthorized', endpoint, message);
  if (status === 403) return new MassiveError('plan_limit', endpoint, message);
  if (status === 404) return new MassiveError('not_found', endpoint, message);
  return new MassiveError('bad_payload', endpoint, message);
}

function sentence(endpoint: string, status: number, words: string | undefined): string {
  return `Massive answered ${status} to ${endpoint}${words ? `: ${words}` : ''}`;
}

/** v3 says `error`, a plan limit says `message`. */
function said(text: string): string | undefined {
  const body = parse(text);
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, message } = body as Record<string, unknown>;
  const words = error ?? message;
  return typeof words === 'string' ? words.slice(0, 200) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a failure below HTTP amounts to; MassiveErrors pass unchanged. */
export function transportError(endpoint: string, error: unknown): MassiveError {
  if (error instanceof MassiveError) return error;
  const name = error instanceof Error ? error.name : '';
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new MassiveError('bad_payload', endpoint, `Massive's ${endpoint} answer is too large`, { cause: error });
  }
  const isTimeout =
    name === 'TimeoutError' ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  return isTimeout
    ? new MassiveError('timeout', endpoint, `Massive did not finish its ${endpoint} answer in time`, { cause: error })
    : new MassiveError('network_error', endpoint, `The connection to Massive failed during ${endpoint}`, {
        cause: error,
      });
}
