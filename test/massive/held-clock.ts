import type { Clock } from '../../src/kit/clock.ts';

/** A clock that moves only when told to; what is due fires in order, each at its own time. */
export interface HeldClock extends Clock {
  /** Lets so many milliseconds pass; what the fired functions start asynchronously settles between two of them. */
  pass(ms: number): Promise<void>;
  /** The machine was suspended: the time is gone, and everything due fires late, at once. */
  jump(ms: number): void;
}

export function heldClock(startAt: number): HeldClock {
  let now = startAt;
  let timers: { readonly at: number; readonly fn: () => void }[] = [];
  const takeDue = (until: number): { readonly at: number; readonly fn: () => void } | undefined => {
    let next: (typeof timers)[number] | undefined;
    for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    timers = timers.filter((timer) => timer !== next);
    return next;
  };
  return {
    now: () => now,
    at(at, fn) {
      const timer = { at, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const until = now + ms;
      await settle();
      for (let due = takeDue(until); due; due = takeDue(until)) {
        now = Math.max(now, due.at);
        due.fn();
        await settle();
      }
      now = until;
      await settle();
    },
    jump(ms) {
      now += ms;
      for (let due = takeDue(now); due; due = takeDue(now)) due.fn();
    },
  };
}

/** Lets promises that wait for nothing outside run to their end. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
