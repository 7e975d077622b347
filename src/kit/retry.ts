import { setTimeout as pause } from 'node:timers/promises';
import { type Backoff, fullJitter } from './backoff.ts';

export interface RetryOptions extends Backoff {
  /** Calls in all, the first one included. */
  readonly attempts: number;
  readonly shouldRetry: (error: unknown) => boolean;
  /** What the other side asked for; above `capMs` it is not worth waiting for and the error is thrown at once. */
  readonly retryAfterMs?: (error: unknown) => number | undefined;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

const sleepOnTheWall = async (ms: number, signal?: AbortSignal): Promise<void> => {
  await pause(ms, undefined, signal ? { signal } : {});
};

/** Calls `fn` until it answers, waiting with full jitter in between; throws its last error, or the signal's reason. */
export async function retry<T>(fn: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, shouldRetry, retryAfterMs, sleep = sleepOnTheWall, signal } = options;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await fn(attempt);
    } catch (error) {
      const askedMs = retryAfterMs?.(error) ?? 0;
      if (attempt + 1 >= attempts || !shouldRetry(error) || askedMs > options.capMs) throw error;
      const waitMs = Math.max(askedMs, fullJitter(attempt, options));
      try {
        await sleep(waitMs, signal);
      } catch (stopped) {
        signal?.throwIfAborted();
        throw stopped;
      }
    }
  }
}
