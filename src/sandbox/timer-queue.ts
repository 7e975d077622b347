interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** Timers ordered by their time, then by the order they were added; whoever owns it decides when to take one. */
export function createTimerQueue() {
  const timers: Timer[] = [];
  return {
    /** Returns the cancel. */
    add(at: number, fn: () => void): () => void {
      const timer = { at, fn };
      timers.splice(placeFor(timers, at), 0, timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    nextAt: (): number | undefined => timers[0]?.at,
    /** Removes and returns the first timer that is due at `at`. */
    takeDue(at: number): Timer | undefined {
      const first = timers[0];
      return first !== undefined && first.at <= at ? timers.shift() : undefined;
    },
  };
}

function placeFor(timers: readonly Timer[], at: number): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timers[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
