import type { Bar } from '../domain/bar.ts';
import { fullJitter } from '../kit/backoff.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { SETTLING_MS } from '../massive/feed/catch-up.ts';
import type { Feed } from '../massive/feed.ts';
import { SPAN_OF } from '../massive/map/bars.ts';
import type { MassiveRest } from '../massive/rest.ts';
import { createMinuteLine, type MinuteLine, type MinutesEar } from './minutes/minute-line.ts';
import { createProgress, LATENESS_MS, settledAt } from './minutes/progress.ts';

export type { MinutesEar } from './minutes/minute-line.ts';

/** The closed minutes of symbols, in order and without a hole, whatever way and order they came in. */
export interface Minutes {
  /**
   * Every closed minute with `openAt >= fromAt` once: those before now by REST, then the feed's. One that the feed still back-fills is
   * waited for. The returned function stops it.
   */
  follow(symbol: string, fromAt: number, ear: MinutesEar): () => void;
  /** Takes what the tape let through; it does not wait. */
  onBars(bars: readonly Bar[]): void;
  start(): void;
  stop(): void;
}

interface Listener {
  readonly symbol: string;
  readonly line: MinuteLine;
  /** Minutes from here on are the feed's. */
  readonly feedFrom: number;
  /** Minutes before it were asked of REST. */
  restTo: number;
  failures: number;
  cancel: () => void;
}

const MINUTE_MS = 60_000;
/** What a delayed data plan holds back. */
const DELAY_MS = 15 * MINUTE_MS;
const BACKOFF = { baseMs: 1_000, capMs: 30_000 };
/** Real time between two looks at minutes that should be here by now. */
const LOOK_AGAIN_MS = 250;

/** Silent until `start`; symbols may be followed before. */
export function createMinutes(deps: {
  readonly feed: Pick<Feed, 'watch' | 'gapFrom' | 'heardTo' | 'state'>;
  readonly rest: Pick<MassiveRest, 'bars'>;
  /** Market time. */
  readonly clock: Clock;
  /** Real time; the machine's own unless given. */
  readonly wall?: Clock;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly random?: () => number;
}): Minutes {
  const { feed, rest, clock, log, wall = systemClock, random = Math.random } = deps;
  const progress = createProgress({ feed, clock, wall });
  const bySymbol = new Map<string, Set<Listener>>();
  const releases = new Map<Listener, () => void>();
  let isRunning = false;
  let cancelTick: () => void = () => {};
  let cancelLook: (() => void) | undefined;

  const isGone = (listener: Listener): boolean => !isRunning || !releases.has(listener);

  const look = (listener: Listener): void => {
    const { line, feedFrom, restTo, symbol } = listener;
    const byFeed = restTo < feedFrom ? undefined : progress.knownTo(symbol);
    line.deliver(Math.max(restTo, byFeed ?? restTo));
  };

  const lookAtAll = (): void => {
    const due = settledAt(clock.now());
    let isBehind = false;
    for (const listener of [...releases.keys()]) {
      if (isGone(listener)) continue;
      if (listener.line.doneTo() < due) look(listener);
      isBehind ||= listener.line.doneTo() < due;
    }
    if (!isBehind || !isRunning || cancelLook) return;
    cancelLook = wall.at(wall.now() + LOOK_AGAIN_MS, () => {
      cancelLook = undefined;
      lookAtAll();
    });
  };

  const tick = (): void => {
    if (!isRunning) return;
    lookAtAll();
    cancelTick = clock.at(settledAt(clock.now()) + MINUTE_MS + LATENESS_MS, tick);
  };

  /** Asks REST for what closed before the feed was followed; a minute that has just closed may have to be asked for again. */
  const readPast = async (listener: Listener): Promise<void> => {
    const { symbol, line, feedFrom } = listener;
    if (isGone(listener) || listener.restTo >= feedFrom) return;
    const lastAt = feedFrom - MINUTE_MS;
    const askedAt = clock.now();
    try {
      const options = { fresh: true, priority: 2 } as const;
      const { value, delayed } = await rest.bars(symbol, SPAN_OF['1m'], listener.restTo, lastAt, options);
      if (isGone(listener)) return;
      for (const bar of value) if (bar.openAt <= lastAt) line.add(bar);
      const lagMs = SETTLING_MS + (delayed ? DELAY_MS : 0);
      const wholeTo = Math.min(feedFrom, minuteOf(askedAt - lagMs));
      listener.restTo = value.at(-1)?.openAt === lastAt ? feedFrom : Math.max(listener.restTo, wholeTo);
      listener.failures = 0;
      look(listener);
      if (listener.restTo >= feedFrom) return;
      listener.cancel = clock.at(listener.restTo + MINUTE_MS + lagMs, () => void readPast(listener));
    } catch (err) {
      if (isGone(listener)) return;
      if (listener.failures === 0) log.warn({ symbol, err }, 'past minutes not read, tried again until they are');
      const waitMs = fullJitter(listener.failures++, { ...BACKOFF, random });
      listener.cancel = wall.at(wall.now() + waitMs, () => void readPast(listener));
    }
  };

  /** One ear's failure is its own. */
  const guarded = (symbol: string, ear: MinutesEar): MinutesEar => {
    const safely = (tell: () => void): void => {
      try {
        tell();
      } catch (err) {
        log.error({ symbol, err }, 'a minute was not taken');
      }
    };
    return { bar: (bar) => safely(() => ear.bar(bar)), complete: (at) => safely(() => ear.complete(at)) };
  };

  const begin = (listener: Listener): void => {
    look(listener);
    void readPast(listener);
  };

  return {
    follow(symbol, fromAt, ear) {
      const firstAt = Math.ceil(fromAt / MINUTE_MS) * MINUTE_MS;
      const listener: Listener = {
        symbol,
        line: createMinuteLine(firstAt, guarded(symbol, ear)),
        feedFrom: minuteOf(clock.now()),
        restTo: firstAt,
        failures: 0,
        cancel: () => {},
      };
      const leave = feed.watch([symbol], { active: true });
      const listeners = bySymbol.get(symbol) ?? new Set();
      bySymbol.set(symbol, listeners.add(listener));
      const release = (): void => {
        if (!releases.delete(listener)) return;
        leave();
        listener.cancel();
        listener.line.end();
        listeners.delete(listener);
        if (listeners.size === 0 && bySymbol.get(symbol) === listeners) bySymbol.delete(symbol);
      };
      releases.set(listener, release);
      if (isRunning) begin(listener);
      return release;
    },
    onBars(bars) {
      const touched = new Set<Listener>();
      for (const bar of bars) {
        if (bar.timeframe !== '1m') continue;
        for (const listener of bySymbol.get(bar.symbol) ?? []) if (listener.line.add(bar)) touched.add(listener);
      }
      if (isRunning) for (const listener of touched) look(listener);
    },
    start() {
      if (isRunning) return;
      isRunning = true;
      for (const listener of [...releases.keys()]) begin(listener);
      tick();
    },
    stop() {
      isRunning = false;
      cancelTick();
      cancelLook?.();
      for (const release of [...releases.values()]) release();
    },
  };
}

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;
