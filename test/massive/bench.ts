import { Agent } from 'undici';
import { createBreaker } from '../../src/kit/breaker.ts';
import type { Log } from '../../src/kit/log.ts';
import { createMetrics, type Metrics } from '../../src/kit/metrics.ts';
import { createTtlCache } from '../../src/kit/ttl-cache.ts';
import { createMassiveHttp, type MassiveHttp, type MassiveHttpDeps } from '../../src/massive/client.ts';
import { isOutage } from '../../src/massive/errors.ts';
import { createMassiveRest, type MassiveRest } from '../../src/massive/rest.ts';

export const KEY = 'test-key-9f8e7d6c5b4a';
/** 2024-06-05 11:00 New York, a Wednesday. */
export const NOW = Date.parse('2024-06-05T15:00:00Z');

/** A log that keeps its lines as text, errors with message, stack and cause included. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (...parts: unknown[]): void => {
    lines.push(
      JSON.stringify(parts, (_key, value: unknown) =>
        value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
      ),
    );
  };
  const log: Log & { readonly lines: string[] } = {
    lines,
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: () => log,
  };
  return log;
}

export interface Rig {
  readonly http: MassiveHttp;
  readonly rest: MassiveRest;
  readonly log: ReturnType<typeof keptLog>;
  readonly metrics: Metrics;
  /** Waits the client asked for, in order; they pass at once on the rig's clock. */
  readonly waits: number[];
  /** Both clocks: move it to let time pass. */
  readonly time: { now: number };
  stop(): Promise<void>;
}

/** The real client and REST methods against one address, with time held still. */
export function rigFor(baseUrl: string, overrides: Partial<MassiveHttpDeps> = {}): Rig {
  const time = { now: NOW };
  const clock = { now: () => time.now };
  const log = keptLog();
  const metrics = createMetrics();
  const waits: number[] = [];
  const dispatcher = new Agent({ connections: 32, maxResponseSize: 1024 * 1024 });
  const http = createMassiveHttp({
    baseUrl,
    apiKey: KEY,
    log,
    metrics,
    clock,
    dispatcher,
    breaker: createBreaker({ failures: 1_000, now: () => time.now, counts: isOutage }),
    ...overrides,
    retry: {
      random: () => 0.5,
      sleep: async (ms) => {
        waits.push(ms);
        time.now += ms;
      },
      ...overrides.retry,
    },
  });
  const rest = createMassiveRest({ http, cache: createTtlCache({ now: () => time.now }), clock, metrics });
  return { http, rest, log, metrics, waits, time, stop: () => dispatcher.destroy() };
}
