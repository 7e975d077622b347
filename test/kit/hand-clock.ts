/** A clock that only moves when told; timers fire in order on the way. */
export function createHandClock(startAt = 0) {
  let nowAt = startAt;
  const timers = new Set<{ readonly at: number; readonly fn: () => void }>();
  const setTimer = (ms: number, fn: () => void): (() => void) => {
    const timer = { at: nowAt + ms, fn };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  return {
    now: () => nowAt,
    setTimer,
    timers: () => timers.size,
    /** Lets waiting promises settle first and after every timer. */
    async advance(ms: number): Promise<void> {
      await settle();
      const until = nowAt + ms;
      for (;;) {
        const next = [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        nowAt = Math.max(nowAt, next.at);
        timers.delete(next);
        next.fn();
        await settle();
      }
      nowAt = until;
      await settle();
    },
  };
}

/** Runs everything that is ready to run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
