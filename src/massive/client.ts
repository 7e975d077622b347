import { type Dispatcher, Pool } from 'undici';
import { type Breaker, CircuitOpenError } from '../kit/breaker.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Limiter, Priority } from '../kit/limiter.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { type RetryOptions, retry } from '../kit/retry.ts';
import type { ClockSkew } from './clock-skew.ts';
import { isOutage, MassiveError } from './errors.ts';
import { nextPath } from './next-url.ts';
import { createRefusals } from './refusals.ts';
import { readAnswer, transportError } from './response.ts';
import type { Envelope } from './wire/envelope.ts';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One call: `endpoint` is our short name (log, metrics, errors), `scope` what a plan limit applies to. */
interface Call {
  readonly endpoint: string;
  /** The endpoint's name unless given; add the asset class where plans are bought per class. */
  readonly scope?: string;
  readonly path: string;
  readonly query?: Query;
  readonly priority?: Priority;
}

/** The way to the provider's REST side; every failure is a MassiveError. */
export interface MassiveHttp {
  get(call: Call): Promise<Envelope>;
  /** Follows `next_url` on the same host, at most 50 pages; what comes after that is a `bad_payload`, never cut silently. */
  pages(call: Call): AsyncGenerator<Envelope>;
  /** Calls under way fail with `network_error`. */
  close(): Promise<void>;
}

/** What the client stands on; everything that waits or fails is handed in. */
export interface MassiveHttpDeps {
  /** Only its origin is used: `https://api.massive.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics: Pick<Metrics, 'counter' | 'histogram'>;
  /** Keeps within the plan's calls per minute; a plan without such a limit needs none. */
  readonly limiter?: Pick<Limiter, 'take' | 'hold'> | undefined;
  /** Built with `counts: isOutage`. */
  readonly breaker: Pick<Breaker, 'run'>;
  /** Compares the time that answers carry with ours. */
  readonly skew?: Pick<ClockSkew, 'note'>;
  /** Real time, not the market's: plan limits and Retry-After live there. */
  readonly clock?: Pick<Clock, 'now'>;
  /** A pool of our own unless given. */
  readonly dispatcher?: Dispatcher;
  readonly deadlines?: Partial<Deadlines>;
  readonly retry?: Partial<Pick<RetryOptions, 'attempts' | 'baseMs' | 'capMs' | 'random' | 'sleep'>>;
  readonly maxPages?: number;
  readonly maxResponseBytes?: number;
}

interface Deadlines {
  /** From the request to its headers. */
  readonly headersMs: number;
  /** One try from first to last byte: a body that drips never trips a per-chunk timeout. */
  readonly tryMs: number;
  /** Waiting for the limiter before the try. */
  readonly queueMs: number;
}

const CONNECTIONS = 8;
const LONGEST_ERROR = 64 * 1024;

/** A pool with the key in a header (never in an address), retries, breaker, limiter and one-host paging. */
export function createMassiveHttp(deps: MassiveHttpDeps): MassiveHttp {
  const { apiKey, log, limiter, breaker, clock = systemClock, maxPages = 50 } = deps;
  const { origin } = new URL(deps.baseUrl);
  const deadlines: Deadlines = { headersMs: 5_000, tryMs: 12_000, queueMs: 6_000, ...deps.deadlines };
  const pool =
    deps.dispatcher ??
    new Pool(origin, {
      connections: CONNECTIONS,
      headersTimeout: deadlines.headersMs,
      bodyTimeout: deadlines.tryMs,
      maxResponseSize: deps.maxResponseBytes ?? 48 * 1024 * 1024,
    });
  const refusals = createRefusals(clock.now);
  const requests = deps.metrics.counter('massive_requests_total', 'Calls to the data provider.', [
    'endpoint',
    'outcome',
  ]);
  const seconds = deps.metrics.histogram('massive_request_seconds', 'Time of one provider call.', ['endpoint']);
  const retrying: RetryOptions = {
    attempts: 3,
    baseMs: 200,
    capMs: 4_000,
    ...deps.retry,
    shouldRetry: (error) =>
      error instanceof MassiveError &&
      (error.kind === 'rate_limited' || error.kind === 'server_error' || error.kind === 'network_error'),
    retryAfterMs: (error) => (error instanceof MassiveError ? error.retryAfterMs : undefined),
  };
  let heldUntil = 0;

  const turn = async (endpoint: string, priority: Priority): Promise<void> => {
    const heldMs = heldUntil - clock.now();
    if (heldMs > deadlines.queueMs) {
      throw new MassiveError('rate_limited', endpoint, 'Massive asked us to wait', { retryAfterMs: heldMs });
    }
    try {
      await limiter?.take({ priority, signal: AbortSignal.timeout(deadlines.queueMs) });
    } catch (error) {
      if (error instanceof AppError && error.code !== 'rate_limited') throw error;
      throw new MassiveError('rate_limited', endpoint, "The plan's calls per minute are used up", { cause: error });
    }
  };

  const fetchOnce = async (endpoint: string, path: string): Promise<Envelope> => {
    try {
      const sentAt = clock.now();
      const response = await pool.request({
        origin,
        path,
        method: 'GET',
        headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json' },
        signal: AbortSignal.timeout(deadlines.tryMs),
      });
      deps.skew?.note(response.headers, sentAt, clock.now());
      const text = await response.body.text();
      // an error body may repeat what it was asked with, and its words go into our messages
      const words = text.length > LONGEST_ERROR ? text : text.replaceAll(apiKey, '[key]');
      return readAnswer(endpoint, response.statusCode, response.headers, words, clock.now());
    } catch (error) {
      throw transportError(endpoint, error);
    }
  };

  const attempt = async (endpoint: string, path: string, priority: Priority): Promise<Envelope> => {
    await turn(endpoint, priority);
    const startedAt = performance.now();
    let outcome: string = 'ok';
    try {
      return await breaker.run(() => fetchOnce(endpoint, path));
    } catch (error) {
      const failure =
        error instanceof CircuitOpenError
          ? new MassiveError('circuit_open', endpoint, 'Massive failed several times just now and is left alone', {
              retryAfterMs: error.retryAfterMs,
            })
          : transportError(endpoint, error);
      outcome = failure.kind;
      if (failure.kind === 'rate_limited' && failure.retryAfterMs !== undefined) {
        heldUntil = Math.max(heldUntil, clock.now() + failure.retryAfterMs);
        limiter?.hold(failure.retryAfterMs);
      }
      throw failure;
    } finally {
      requests.inc({ endpoint, outcome });
      seconds.observe({ endpoint }, (performance.now() - startedAt) / 1_000);
    }
  };

  const fetchPath = async (call: Call, path: string): Promise<Envelope> => {
    const { endpoint, scope = endpoint, priority = 2 } = call;
    refusals.check(scope, path);
    try {
      return await retry(() => attempt(endpoint, path, priority), retrying);
    } catch (error) {
      if (error instanceof MassiveError) {
        refusals.note(error, scope, path);
        if (isOutage(error) || error.kind === 'unauthorized') {
          log.warn({ endpoint, kind: error.kind, err: error }, 'provider call failed');
        }
      }
      throw error;
    }
  };

  return {
    get: (call) => fetchPath(call, pathOf(call)),
    async *pages(call) {
      const visited = new Set<string>();
      let path: string | undefined = pathOf(call);
      while (path !== undefined) {
        if (visited.size === maxPages) {
          throw new MassiveError('bad_payload', call.endpoint, `More than ${maxPages} pages of ${call.endpoint}`);
        }
        visited.add(path);
        const body: Envelope = await fetchPath(call, path);
        yield body;
        const next = Array.isArray(body) ? undefined : body.next_url;
        path = next ? nextPath(next, origin, visited, call.endpoint) : undefined;
      }
    },
    // not a graceful end: an answer that hangs would hold up the exit
    close: () => pool.destroy(),
  };
}

function pathOf({ path, query = {} }: Call): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  const search = params.toString();
  return search === '' ? path : `${path}?${search}`;
}
