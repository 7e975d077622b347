import { untradable } from '../domain/build-plan.ts';
import { detectors } from '../domain/detectors/all.ts';
import { mostActive } from '../domain/scan-policy.ts';
import type { Calendar, SessionDay } from '../domain/session.ts';
import { phaseAt, wallClock } from '../domain/session.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { Store } from '../store/store.ts';
import type { History } from './history.ts';
import type { Market } from './market.ts';
import type { Minutes } from './minutes.ts';
import { createScanRounds } from './scan-rounds.ts';
import { createScanSet } from './scan-set.ts';
import type { Services } from './services.ts';
import { createSetupBook } from './setup-book.ts';
import type { Component } from './status.ts';

/** Finds setups on closed bars of watched, held and most active symbols, and offers their plans: each setup once, whatever happens. */
export interface Scanner {
  start(): void;
  stop(): Promise<void>;
  /** Reads the symbols again; called after a watchlist or the open trades changed. */
  refresh(): void;
  probe(): Omit<Component, 'name'>;
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const BEFORE_OPEN_MS = 30 * MINUTE_MS;
/** The last bar's minutes have come by then. */
const AFTER_CLOSE_MS = 2 * MINUTE_MS;
/** What closed this long before a start is still looked at. */
const CATCH_UP_MS = 10 * MINUTE_MS;
const SILENT_MS = 10 * MINUTE_MS;
const RETRY_MS = 5_000;

const DELAYED = 'no setups: the data plan is delayed by 15 minutes and a plan needs live bars';

export function createScanner(deps: {
  watchlists: Pick<Store['system']['watchlists'], 'allSymbols'>;
  /** Symbols of open trades. */
  openSymbols: () => readonly string[];
  market: Pick<Market, 'stocks'>;
  history: Pick<History, 'view'>;
  minutes: Pick<Minutes, 'follow'>;
  store: Pick<Store['system'], 'setups' | 'offers'>;
  provenance: Services['provenance'];
  /** An offer with its shadow trade and its alert stands in the database. */
  onOffer: (planId: string) => void;
  calendar: Calendar;
  /** Market time. */
  clock: Clock;
  /** Real time; the machine's own unless given. */
  wall?: Clock;
  log: Pick<Log, 'warn' | 'error'>;
  metrics: Pick<Metrics, 'gauge' | 'counter' | 'histogram'>;
}): Scanner {
  const { calendar, clock, wall = systemClock, log, metrics } = deps;
  const size = metrics.gauge('scanner_symbols', 'Symbols under scan.');
  let session: SessionDay | undefined;
  let isBookOpen = false;
  let isDelayed = false;
  let isStopped = false;
  let watched: readonly string[] = [];
  let active: readonly string[] = [];
  let reading: Promise<void> | undefined;
  /** Bars count from `fromAt` on for symbols that are new; undefined when nobody asked again. */
  let asked: { readonly fromAt: number; readonly ranking: boolean } | undefined;
  const timers = new Set<{ cancel: () => void }>();

  const set = createScanSet({
    history: deps.history,
    minutes: deps.minutes,
    onComplete: (symbol) => rounds.due(symbol),
    onDelayed: () => {
      isDelayed = true;
      set.reset(session);
      size.set(0);
    },
    wall,
    log,
  });
  const book = createSetupBook({
    ...deps,
    isWatched: (symbol) => watched.includes(symbol),
    wall,
    onRoom: () => rounds.resume(),
  });
  const rounds = createScanRounds({
    set,
    book,
    isOpen: () => isBookOpen,
    calendar,
    detectors,
    clock,
    wall,
    log,
    metrics,
  });

  /** One timer that takes itself off the list. */
  const later = (on: Pick<Clock, 'at'>, at: number, fn: () => void): void => {
    const timer = { cancel: () => {} };
    timers.add(timer);
    timer.cancel = on.at(at, () => {
      timers.delete(timer);
      fn();
    });
  };

  const readWatched = async (): Promise<void> => {
    try {
      watched = await deps.watchlists.allSymbols();
    } catch (err) {
      log.warn({ err }, 'watchlists not readable for the scanner');
    }
  };

  const readActive = async (day: SessionDay): Promise<void> => {
    try {
      const { value } = await deps.market.stocks();
      // what traded in the first minutes says little about the day
      active = mostActive(value, new Set(active), clock.now() >= day.opensAt + QUARTER_MS);
    } catch (err) {
      log.warn({ err }, 'most active stocks not readable');
    }
  };

  const readAll = async (): Promise<void> => {
    while (asked && session && !isDelayed && !isStopped) {
      const { fromAt, ranking } = asked;
      const day = session;
      asked = undefined;
      await Promise.all([readWatched(), ranking ? readActive(day) : undefined]);
      if (session !== day || isDelayed || isStopped) continue;
      const tradable = [...watched, ...deps.openSymbols()].filter((symbol) => untradable(symbol) === undefined);
      set.hold([...new Set([...tradable, ...active])], fromAt);
      size.set(set.size);
    }
  };

  const ask = (fromAt: number, ranking: boolean): void => {
    if (!session || isDelayed || isStopped) return;
    asked = { fromAt: Math.min(asked?.fromAt ?? fromAt, fromAt), ranking: ranking || asked?.ranking === true };
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
  };

  const openBook = async (day: SessionDay): Promise<void> => {
    try {
      await book.open(day);
      if (session !== day) return;
      isBookOpen = true;
      rounds.resume();
    } catch (err) {
      log.warn({ err }, 'setups of the session not readable, tried again');
      later(wall, wall.now() + RETRY_MS, () => {
        if (session === day) void openBook(day);
      });
    }
  };

  const openSession = (day: SessionDay): void => {
    const now = clock.now();
    session = day;
    isBookOpen = false;
    isDelayed = false;
    asked = undefined;
    active = [];
    set.reset(day);
    rounds.reset(day);
    void openBook(day);
    ask(now - CATCH_UP_MS, true);
    const quarter = (at: number): void => {
      if (at >= day.closesAt) return;
      later(clock, at, () => {
        ask(at, true);
        quarter(at + QUARTER_MS);
      });
    };
    const startsAt = day.opensAt - BEFORE_OPEN_MS;
    quarter(startsAt + (Math.floor(Math.max(0, now - startsAt) / QUARTER_MS) + 1) * QUARTER_MS);
    later(clock, day.closesAt + AFTER_CLOSE_MS, closeSession);
  };

  const closeSession = (): void => {
    session = undefined;
    set.reset(undefined);
    rounds.reset(undefined);
    size.set(0);
    awaitSession();
  };

  const awaitSession = (): void => {
    const { nextDay } = phaseAt(calendar, clock.now());
    later(clock, nextDay.opensAt - BEFORE_OPEN_MS, () => openSession(nextDay));
  };

  return {
    start: awaitSession,
    async stop() {
      isStopped = true;
      for (const { cancel } of timers) cancel();
      timers.clear();
      session = undefined;
      set.reset(undefined);
      rounds.reset(undefined);
      await book.stop();
      await reading;
    },
    refresh: () => ask(clock.now(), false),
    probe() {
      if (!session) {
        const { nextDay } = phaseAt(calendar, clock.now());
        const at = wallClock(nextDay.opensAt - BEFORE_OPEN_MS);
        return { state: 'ok', reason: `waits for the session of ${nextDay.on}, begins at ${at} ET` };
      }
      if (isDelayed) return { state: 'off', reason: DELAYED };
      const lookedAt = rounds.lastLookAt();
      const loading = set.size - set.ready().length;
      const words = [
        `${set.size} symbols`,
        ...(loading > 0 ? [`${loading} still loading`] : []),
        lookedAt === undefined ? 'no look yet' : `last look ${wallClock(lookedAt)}`,
        `${offersBy(clock.now())} offers today`,
      ].join(', ');
      const waiting = book.waiting();
      if (!isBookOpen) return { state: 'degraded', reason: `the database does not answer; ${words}` };
      if (waiting > 0) return { state: 'degraded', reason: `${waiting} setups wait for the database; ${words}` };
      return isSilent(session, lookedAt)
        ? { state: 'degraded', reason: `no bars; ${words}` }
        : { state: 'ok', reason: words };
    },
  };

  function offersBy(now: number): number {
    return book.offered().filter((plan) => plan.decidedAt <= now).length;
  }

  /** No bar closed for two looks, in hours in which bars close all the time. */
  function isSilent({ opensAt, closesAt }: SessionDay, lookedAt = opensAt): boolean {
    const now = Math.min(clock.now(), closesAt);
    return now > opensAt && now - Math.max(lookedAt, opensAt) > SILENT_MS;
  }
}
