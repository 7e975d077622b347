import type { MarketEvent } from '../domain/bar.ts';
import { createBreaker } from '../kit/breaker.ts';
import type { Clock } from '../kit/clock.ts';
import { createLimiter } from '../kit/limiter.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { createMassiveHttp } from './client.ts';
import { createClockSkew } from './clock-skew.ts';
import { isOutage, MassiveError } from './errors.ts';
import { createFeed, type Feed } from './feed.ts';
import { createAnswerCache } from './rest/answers.ts';
import { createMassiveRest, type MassiveRest } from './rest.ts';
import { createStream } from './stream.ts';

/** One account at Massive: its REST side, its feeds, and how both do. */
export interface Provider {
  readonly rest: MassiveRest;
  readonly feed: Feed;
  /** Of the REST side: `open` means that calls are held back after repeated failures. */
  breakerState(): ReturnType<ReturnType<typeof createBreaker>['state']>;
  /** Real milliseconds since a call failed for the plan's limit; undefined when none has. */
  limitedForMs(): number | undefined;
  /** Calls that wait for the plan's limit. */
  queueDepth(): number;
  /** Milliseconds that this machine's clock is surely ahead (above 0) or behind of the provider's; undefined before an answer. */
  clockSkewMs(): number | undefined;
  cacheHitRatio(): number;
  stop(): Promise<void>;
}

/** The account as the settings describe it; both addresses may be the sandbox's. */
export interface ProviderSettings {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly wsBase: string;
  readonly streamEnabled: boolean;
  readonly ratePerMinute: number | undefined;
}

export function createProvider(deps: {
  readonly settings: ProviderSettings;
  /** Market time. */
  readonly clock: Clock;
  readonly sink: (events: MarketEvent[]) => void;
  readonly log: Log;
  readonly metrics: Metrics;
}): Provider {
  const { settings, clock, sink, log, metrics } = deps;
  const { apiKey, baseUrl, wsBase, streamEnabled, ratePerMinute } = settings;
  const circuit = metrics.gauge('massive_circuit_open', 'Whether calls to the data provider are held back.');
  const breaker = createBreaker({
    counts: isOutage,
    onChange: (state) => {
      circuit.set(state === 'open' ? 1 : 0);
      log.warn({ state }, 'massive circuit changed');
    },
  });
  const limiter = ratePerMinute === undefined ? undefined : createLimiter({ limit: ratePerMinute });
  let limitedAt: number | undefined;
  const noteLimit = (err: unknown): never => {
    if (err instanceof MassiveError && err.kind === 'rate_limited') limitedAt = performance.now();
    throw err;
  };
  const skew = createClockSkew();
  const wire = createMassiveHttp({ baseUrl, apiKey, log, metrics, breaker, limiter, skew });
  const http: typeof wire = { ...wire, get: (call) => wire.get(call).catch(noteLimit) };
  const cache = createAnswerCache(clock.now);
  const rest = createMassiveRest({ http, cache, clock, metrics });
  const feed = createFeed({
    clusters: ['stocks', 'indices'],
    ...(streamEnabled
      ? { openStream: (cluster, ears) => createStream({ url: wsBase, apiKey, cluster, log, metrics, clock, ...ears }) }
      : {}),
    rest,
    sink,
    clock,
    log,
    metrics,
  });
  return {
    rest,
    feed,
    breakerState: () => breaker.state(),
    limitedForMs: () => (limitedAt === undefined ? undefined : performance.now() - limitedAt),
    queueDepth: () => limiter?.queueDepth() ?? 0,
    clockSkewMs: skew.ms,
    cacheHitRatio: () => cache.stats().hitRatio,
    async stop() {
      feed.stop();
      limiter?.stop();
      await http.close();
    },
  };
}
