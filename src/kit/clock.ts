/** Where "now" comes from: live trading reads the machine, the sandbox reads the replayed session, tests hold it still. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `fn` once when this clock reaches `at` (at once if that is past); the returned function cancels. */
  at(at: number, fn: () => void): () => void;
}

const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, fn) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const waitMs = at - Date.now();
      // setTimeout overflows to "at once" above 24.8 days
      timer = waitMs > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(fn, Math.max(0, waitMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
