/** Real time that moves only when told to, waking timers on the way. */
export function fakeWall() {
  let now = 1_000_000;
  let timers: { at: number; fn: () => void }[] = [];
  return {
    wallNow: () => now,
    setTimer(fn: () => void, ms: number) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const [next] = timers.filter((one) => one.at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.fn();
      }
      now = until;
    },
    /** Real time runs on while nothing gets to run, then everything that is due wakes. */
    stall(ms: number) {
      now += ms;
      this.pass(0);
    },
    /** Real time runs on and nothing wakes at all. */
    freeze(ms: number) {
      now += ms;
    },
    /** Wakes the one timer that is due first. */
    wakeOne() {
      const [next] = timers.sort((a, b) => a.at - b.at);
      timers = timers.slice(1);
      now = Math.max(now, next?.at ?? now);
      next?.fn();
    },
    waiting: () => timers.length,
  };
}
