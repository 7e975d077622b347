import type { Bar } from '../domain/bar.ts';
import { mergeBar } from '../domain/bar.ts';
import type { SessionDay } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { History } from './history.ts';
import type { Minutes } from './minutes.ts';

/** One symbol with the market that its setups are looked for in. */
export interface ScannedSymbol {
  readonly symbol: string;
  /** Completed sessions before this one. */
  readonly daily: readonly Bar[];
  readonly minutes: readonly Bar[];
  /** Up to here every minute is known. */
  readonly completeTo: number;
  /** Bars that closed up to here were looked at, or are of no interest. */
  lookedTo: number;
}

/** The symbols under scan: each is loaded once a session and followed from there. */
export interface ScanSet {
  /** From now on these; what is new counts from bars that close after `fromAt`. */
  hold(symbols: readonly string[], fromAt: number): void;
  /** Loaded ones, in the order of their names. */
  ready(): readonly ScannedSymbol[];
  find(symbol: string): ScannedSymbol | undefined;
  readonly size: number;
  /** Starts over with nothing for another session, none after the last. */
  reset(day: SessionDay | undefined): void;
}

type Entry = { -readonly [K in keyof ScannedSymbol]: ScannedSymbol[K] } & {
  minutes: Bar[];
  isLoaded: boolean;
  isHeld: boolean;
  release(): void;
};

const AT_ONCE = 4;
const RETRY_MS = 10_000;

export function createScanSet(deps: {
  history: Pick<History, 'view'>;
  minutes: Pick<Minutes, 'follow'>;
  /** More minutes of this symbol are complete. */
  onComplete: (symbol: string) => void;
  /** The data plan holds the last quarter of an hour back; nothing is followed then. */
  onDelayed: () => void;
  /** Real time, between two tries. */
  wall: Pick<Clock, 'now' | 'at'>;
  log: Pick<Log, 'warn'>;
}): ScanSet {
  const { history, minutes, onComplete, onDelayed, wall, log } = deps;
  let entries = new Map<string, Entry>();
  let queue: Entry[] = [];
  let session: SessionDay | undefined;
  let loading = 0;

  const ready = (): readonly ScannedSymbol[] =>
    [...entries.values()].filter((entry) => entry.isLoaded).sort((a, b) => (a.symbol < b.symbol ? -1 : 1));

  const load = async (entry: Entry): Promise<void> => {
    const { symbol } = entry;
    const view = await history.view(symbol);
    if (!entry.isHeld) return;
    if (view.answer.delayed) {
      onDelayed();
      return;
    }
    // asked in the last moment of the session: nothing will be offered any more
    if (view.day.on !== session?.on) return;
    entry.daily = view.daily;
    entry.minutes = [...view.minutes];
    entry.completeTo = view.asOf;
    entry.isLoaded = true;
    entry.release = minutes.follow(symbol, view.asOf, {
      bar: (bar) => put(entry.minutes, bar),
      complete(at) {
        if (at <= entry.completeTo) return;
        entry.completeTo = at;
        onComplete(symbol);
      },
    });
    onComplete(symbol);
  };

  const drop = (entry: Entry): void => {
    entry.isHeld = false;
    entry.release();
  };

  const pump = (): void => {
    while (loading < AT_ONCE) {
      const entry = queue.shift();
      if (!entry) return;
      if (!entry.isHeld) continue;
      loading += 1;
      void load(entry)
        .catch((err: unknown) => {
          // a symbol that the provider does not know stays silent for this session
          if (err instanceof AppError && err.code === 'not_found') return;
          log.warn({ symbol: entry.symbol, err }, 'symbol not loaded for the scanner, tried again');
          wall.at(wall.now() + RETRY_MS, () => {
            queue.push(entry);
            pump();
          });
        })
        .finally(() => {
          loading -= 1;
          pump();
        });
    }
  };

  return {
    hold(symbols, fromAt) {
      const wanted = new Set(symbols);
      for (const [symbol, entry] of entries) {
        if (wanted.has(symbol)) continue;
        drop(entry);
        entries.delete(symbol);
      }
      for (const symbol of wanted) {
        if (entries.has(symbol)) continue;
        const entry: Entry = {
          symbol,
          daily: [],
          minutes: [],
          completeTo: Number.NEGATIVE_INFINITY,
          lookedTo: fromAt,
          isLoaded: false,
          isHeld: true,
          release: () => {},
        };
        entries.set(symbol, entry);
        queue.push(entry);
      }
      pump();
    },
    ready,
    find(symbol) {
      const entry = entries.get(symbol);
      return entry?.isLoaded ? entry : undefined;
    },
    get size() {
      return entries.size;
    },
    reset(day) {
      for (const entry of entries.values()) drop(entry);
      entries = new Map();
      queue = [];
      session = day;
    },
  };
}

/** Keeps the minutes in order and each once, also if one should come late or again. */
function put(minutes: Bar[], bar: Bar): void {
  const after = minutes.findLastIndex((known) => known.openAt <= bar.openAt);
  const known = minutes[after];
  if (known?.openAt !== bar.openAt) minutes.splice(after + 1, 0, bar);
  else minutes[after] = mergeBar({ bar: known, version: 0 }, { bar, version: 0 }).bar;
}
