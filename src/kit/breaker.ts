type BreakerState = 'closed' | 'open' | 'half_open';

/** Thrown instead of a call while the circuit is open. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  /** Until the next probe is let through. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`the circuit is open for another ${Math.ceil(retryAfterMs / 1000)} s`);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface BreakerOptions {
  /** Counted failures within the window that open it. */
  readonly failures?: number;
  readonly windowMs?: number;
  readonly openMs?: number;
  /** Monotonic milliseconds, so that a step of the machine's clock neither opens nor holds it. */
  readonly now?: () => number;
  /** Whether this error says that the other side is unwell; all do unless given. */
  readonly counts?: (error: unknown) => boolean;
  readonly onChange?: (state: BreakerState) => void;
}

export interface Breaker {
  /** Calls `fn`, or throws CircuitOpenError without calling. */
  run<T>(fn: () => Promise<T>): Promise<T>;
  state(): BreakerState;
}

/** Stops calling a side that fails, and lets one probe at a time find out whether it is back. */
export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { failures = 5, windowMs = 60_000, openMs = 30_000, counts = () => true, onChange } = options;
  const now = options.now ?? (() => performance.now());
  let current: BreakerState = 'closed';
  let failedAt: number[] = [];
  let opensAgainAt = 0;
  let probe: { readonly givenUpAt: number } | undefined;

  const change = (to: BreakerState): void => {
    if (to === current) return;
    current = to;
    onChange?.(to);
  };
  const open = (): void => {
    failedAt = [];
    opensAgainAt = now() + openMs;
    change('open');
  };
  const noteFailure = (): void => {
    const at = now();
    failedAt = failedAt.filter((earlier) => earlier > at - windowMs);
    failedAt.push(at);
    if (failedAt.length >= failures) open();
  };

  const runProbe = async <T>(fn: () => Promise<T>): Promise<T> => {
    // a probe that never settles must not hold the door shut for good
    const mine = { givenUpAt: now() + openMs };
    probe = mine;
    change('half_open');
    let outcome: 'well' | 'unwell' | 'unknown' = 'well';
    try {
      return await fn();
    } catch (error) {
      if (counts(error)) outcome = 'unwell';
      else if (error instanceof Error && error.name === 'AbortError') outcome = 'unknown';
      throw error;
    } finally {
      if (probe === mine) {
        probe = undefined;
        if (outcome === 'unwell') open();
        else if (outcome === 'well') change('closed');
      }
    }
  };

  return {
    async run(fn) {
      if (current !== 'closed') {
        const at = now();
        if (at < opensAgainAt) throw new CircuitOpenError(opensAgainAt - at);
        if (probe && at < probe.givenUpAt) throw new CircuitOpenError(probe.givenUpAt - at);
        return runProbe(fn);
      }
      try {
        return await fn();
      } catch (error) {
        // a call from before the circuit opened says nothing about the other side now
        if (current === 'closed' && counts(error)) noteFailure();
        throw error;
      }
    },
    state: () => (current === 'open' && now() >= opensAgainAt ? 'half_open' : current),
  };
}
