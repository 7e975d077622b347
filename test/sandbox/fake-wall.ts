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
    waiting: () => timers.length,
  };
}
