/** Where "now" comes from: live trading reads the machine, the sandbox reads the replayed session, tests hold it still. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `fn` once when this clock reaches `at` (at once if that is past); the returned function cancels. */
  at(at: number, fn: () => void): () => void;
}

/** What a clock of this machine is made of. */
export interface Machine {
  readonly now: () => number;
  /** Runs `fn` after `ms` of running time; returns the cancel. */
  readonly setTimer: (fn: () => void, ms: number) => () => void;
}

/** Timers run by elapsed time, the clock on the wall is set and sleeps: it is looked at again at least this often. */
const LONGEST_WAIT_MS = 60_000;

const thisMachine: Machine = {
  now: () => Date.now(),
  setTimer(fn, ms) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock whose timers never fire before their time, also when the machine's is set back while they wait. */
export function createClock({ now, setTimer }: Machine): Clock {
  return {
    now,
    at(at, fn) {
      let cancel: () => void;
      const arm = (): void => {
        cancel = setTimer(look, Math.min(Math.max(0, at - now()), LONGEST_WAIT_MS));
      };
      const look = (): void => (now() >= at ? fn() : arm());
      arm();
      return () => cancel();
    },
  };
}

/** The machine's own clock. */
export const systemClock: Clock = createClock(thisMachine);
