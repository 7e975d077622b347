import { AppError } from './errors.ts';

/** 1 is a member who waits, 5 is housekeeping. */
export type Priority = 1 | 2 | 3 | 4 | 5;

export interface LimiterOptions {
  /** Most grants within any `windowMs`. */
  readonly limit: number;
  readonly windowMs?: number;
  /** Most grants within any one second. */
  readonly burst?: number;
  /** Slots of the window that only priority 1 may use, so that a flood of others cannot lock a member out. */
  readonly reserved?: number;
  /** Most that may wait; a newcomer beyond it takes the place of a less urgent one or is refused. */
  readonly queueLimit?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly setTimer?: (ms: number, fn: () => void) => () => void;
}

export interface Limiter {
  /** Resolves when the caller may go: by priority, then in order; rejects with rate_limited when too many wait. */
  take(options?: { readonly priority?: Priority; readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Grants nothing for so long, after the other side said 429. */
  hold(ms: number): void;
  queueDepth(): number;
  /** Rejects all that wait. */
  stop(): void;
}

interface Waiter {
  readonly priority: Priority;
  go(): void;
  refuse(error: unknown): void;
}

/** Remembers the last `limit` grants; the oldest one says when the next is due. */
function slidingWindow(limit: number, windowMs: number): { freeAt(): number; note(at: number): void } {
  const grants = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return {
    freeAt: () => (grants[oldest] ?? Number.POSITIVE_INFINITY) + windowMs,
    note(at) {
      grants[oldest] = at;
      oldest = (oldest + 1) % limit;
    },
  };
}

const timerOnTheWall = (ms: number, fn: () => void): (() => void) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
};

/** Keeps calls within a quota in every window by letting them wait. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { limit, windowMs = 60_000, queueLimit = 1_000, setTimer = timerOnTheWall } = options;
  const now = options.now ?? (() => performance.now());
  const reserved = Math.min(options.reserved ?? Math.floor(limit / 10), limit - 1);
  const everyone = slidingWindow(limit, windowMs);
  const others = slidingWindow(limit - reserved, windowMs);
  const second = slidingWindow(options.burst ?? limit, options.burst ? 1_000 : 0);
  const queues: Waiter[][] = [[], [], [], [], []];
  let heldUntil = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | undefined;

  const queueDepth = (): number => queues.reduce((sum, queue) => sum + queue.length, 0);
  const freeAt = (priority: Priority): number =>
    Math.max(heldUntil, everyone.freeAt(), second.freeAt(), priority === 1 ? 0 : others.freeAt());

  const pump = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    for (const queue of queues) {
      for (let waiter = queue[0]; waiter; waiter = queue[0]) {
        const at = now();
        const dueAt = freeAt(waiter.priority);
        if (dueAt > at) {
          cancelTimer = setTimer(dueAt - at, pump);
          return;
        }
        everyone.note(at);
        second.note(at);
        if (waiter.priority !== 1) others.note(at);
        queue.shift();
        waiter.go();
      }
    }
  };

  const refusal = (): AppError =>
    new AppError('rate_limited', `${queueLimit} requests wait for the data provider already. Try again in a minute.`);

  const makeRoomFor = (priority: Priority): boolean => {
    if (queueDepth() < queueLimit) return true;
    for (let index = queues.length - 1; index >= priority; index--) {
      const last = queues[index]?.pop();
      if (last) {
        last.refuse(refusal());
        return true;
      }
    }
    return false;
  };

  return {
    take({ priority = 3, signal } = {}) {
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const queue = queues[priority - 1];
        if (!queue || !makeRoomFor(priority)) return reject(refusal());
        const leave = (): void => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal?.reason);
          pump();
        };
        const waiter: Waiter = {
          priority,
          go() {
            signal?.removeEventListener('abort', leave);
            resolve();
          },
          refuse(error) {
            signal?.removeEventListener('abort', leave);
            reject(error);
          },
        };
        signal?.addEventListener('abort', leave, { once: true });
        queue.push(waiter);
        pump();
      });
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, now() + ms);
      pump();
    },
    queueDepth,
    stop() {
      cancelTimer?.();
      cancelTimer = undefined;
      for (const queue of queues) {
        for (const waiter of queue.splice(0)) waiter.refuse(new AppError('unavailable', 'The bot is stopping.'));
      }
    },
  };
}
