/** Calls `fn` after so many milliseconds of wall time; gives back what cancels it. */
export type After = (ms: number, fn: () => void) => () => void;

export const wallAfter: After = (ms, fn) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
};

export interface Progress {
  /** The newest line wins; those in between are not shown. */
  show(line: string): void;
  /** Ends it: no line is shown after, and the one under way has arrived or failed. */
  end(): Promise<void>;
}

const EDIT_EVERY_MS = 1_200;

/** One line that follows the work, edited at most once in 1.2 s from its posting on; a lost edit is not worth a second one. */
export function createProgress(deps: { edit: (line: string) => Promise<void>; after: After }): Progress {
  const { edit, after } = deps;
  let next: string | undefined;
  let shown: string | undefined;
  let ended = false;
  let underWay: Promise<void> = Promise.resolve();
  let cancel = after(EDIT_EVERY_MS, look);
  let resting = true;

  function look(): void {
    resting = false;
    if (ended || next === undefined || next === shown) return;
    resting = true;
    shown = next;
    underWay = edit(shown)
      .catch(() => undefined)
      .then(() => {
        if (!ended) cancel = after(EDIT_EVERY_MS, look);
      });
  }

  return {
    show(line) {
      next = line;
      if (!resting) look();
    },
    async end() {
      ended = true;
      cancel();
      await underWay;
    },
  };
}
