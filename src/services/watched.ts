import type { Log } from '../kit/log.ts';
import type { Feed } from '../massive/feed.ts';
import type { Store } from '../store/store.ts';
import { BOARD_INDICES } from './instruments.ts';

/** Keeps the live feed on the symbols that somebody watches, and on the five indices of the board. */
export interface Watched {
  /** Reads all watchlists again; called after one changed. */
  refresh(): void;
  start(): Promise<void>;
  stop(): void;
}

export function createWatched(deps: {
  watchlists: Pick<Store['system']['watchlists'], 'allSymbols'>;
  feed: Pick<Feed, 'watch'>;
  log: Pick<Log, 'warn'>;
}): Watched {
  let release: () => void = () => {};
  let reading: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const read = async (): Promise<void> => {
    do {
      again = false;
      const symbols = await deps.watchlists.allSymbols();
      if (stopped) return;
      const before = release;
      release = deps.feed.watch([...new Set([...BOARD_INDICES, ...symbols])]);
      // after the new hold, so that a symbol in both lists never loses its subscription
      before();
    } while (again);
  };
  const refresh = (): Promise<void> => {
    if (reading) {
      again = true;
      return reading;
    }
    reading = read()
      .catch((err: unknown) => deps.log.warn({ err }, 'watchlists not readable'))
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    refresh: () => void refresh(),
    async start() {
      release = deps.feed.watch(BOARD_INDICES);
      await refresh();
    },
    stop() {
      stopped = true;
      release();
    },
  };
}
