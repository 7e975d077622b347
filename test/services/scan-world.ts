import type { Bar } from '../../src/domain/bar.ts';
import type { StockSnapshot } from '../../src/domain/market.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { SessionDay } from '../../src/domain/session.ts';
import { createCalendar } from '../../src/domain/session.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { timeframeOf } from '../../src/massive/map/bars.ts';
import { loadReplayMarket } from '../../src/sandbox/massive/replay-market.ts';
import { dayBars, minuteBars } from '../../src/sandbox/massive/rest/base-bars.ts';
import { createHistory } from '../../src/services/history.ts';
import type { MinutesEar } from '../../src/services/minutes.ts';
import { createScanner } from '../../src/services/scanner.ts';
import type { Store } from '../../src/store/store.ts';

export type Entry = Parameters<Store['system']['setups']['record']>[0];

export const MINUTE_MS = 60_000;
export const calendar = createCalendar();

const markets = new Map<string, ReturnType<typeof loadReplayMarket>>();

/** A replay of `fixtures/sessions`, loaded once. */
export function replay(scenario: string) {
  const market = markets.get(scenario) ?? loadReplayMarket(scenario);
  markets.set(scenario, market);
  return market;
}

/** A database of setups in memory: it keeps each id once, and fails as often as it is told to. */
export function createSetupStore() {
  const entries: Entry[] = [];
  const calls = { record: 0, failures: 0, lostAnswers: 0 };
  const store: Pick<Store['system'], 'setups' | 'offers'> = {
    setups: {
      async record(entry) {
        calls.record += 1;
        if (calls.failures > 0) {
          calls.failures -= 1;
          throw new Error('the database is away');
        }
        const isNew = !entries.some(({ setup }) => setup.setupId === entry.setup.setupId);
        // through JSON, as the database keeps it
        if (isNew) entries.push(JSON.parse(JSON.stringify(entry)));
        if (isNew && calls.lostAnswers > 0) {
          calls.lostAnswers -= 1;
          throw new Error('the answer was lost');
        }
        return isNew;
      },
      since: async (at) =>
        entries
          .map(({ setup }) => setup)
          .filter(({ detectedAt }) => detectedAt >= at)
          .reverse(),
    },
    offers: {
      since: async (at: number) =>
        entries.flatMap(({ offer }) =>
          offer && offer.plan.decidedAt >= at
            ? [{ plan: offer.plan, memberId: null, provenance: offer.provenance, createdAt: 0, isOver: false }]
            : [],
        ),
    } as Store['system']['offers'],
  };
  return { entries, calls, store };
}

export type SetupStore = ReturnType<typeof createSetupStore>;

/** A clock in the test's hand; timers fire on the way, each after what the one before set off is done. */
function createHandClock(startAt: number) {
  let now = startAt;
  const timers: { at: number; fn: () => void }[] = [];
  return {
    now: () => now,
    at(at: number, fn: () => void) {
      const timer = { at, fn };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    async runTo(to: number) {
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.splice(timers.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.fn();
        await calm();
      }
      now = to;
      await calm();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function calm(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export interface WorldOptions {
  readonly scenario: string;
  readonly day: SessionDay;
  readonly startAt?: number;
  readonly watched?: readonly string[];
  readonly held?: readonly string[];
  readonly delayed?: boolean;
  /** How much later than asked the provider looks at its market, as it does when the replay is fast. */
  readonly lagMs?: number;
  readonly db?: SetupStore;
  /** What an ear hears in place of a minute. */
  readonly warp?: (bars: readonly Bar[]) => readonly Bar[];
  /** Symbols that are not complete at a time, as while they are back-filled. */
  readonly isLate?: (symbol: string, at: number) => boolean;
}

/** A scanner on one replayed session: its minutes come as the clock is run, its database is in memory. */
export function createScanWorld(options: WorldOptions) {
  const { scenario, day, db = createSetupStore(), warp = (bars) => bars, isLate = () => false } = options;
  const market = replay(scenario);
  const clock = createHandClock(options.startAt ?? day.opensAt - 60 * MINUTE_MS);
  const wall = createHandClock(0);
  const toBar = (symbol: string, timeframe: Bar['timeframe']) => ({
    map: ({ at, ...rest }: { at: number } & Omit<Bar, 'symbol' | 'timeframe' | 'openAt'>): Bar => ({
      symbol,
      timeframe,
      openAt: at,
      ...rest,
    }),
  });
  const minutesOf = (symbol: string, fromAt: number, now: number): Bar[] =>
    [...minuteBars(market, { symbol, fromAt, toAt: now, now, adjusted: true, descending: false })].map(
      toBar(symbol, '1m').map,
    );
  const at = (time: number | string): number => (typeof time === 'number' ? time : Date.parse(`${time}T05:00:00Z`));
  const history = createHistory({
    rest: {
      async bars(symbol, span, from, to) {
        const now = clock.now();
        const answer = { asOf: now, delayed: options.delayed === true };
        if (timeframeOf(span) === '1m') {
          return { ...answer, value: minutesOf(symbol, at(from), now).filter((bar) => bar.openAt <= at(to)) };
        }
        const range = { symbol, fromAt: at(from), toAt: at(to), now, adjusted: true, descending: false };
        return { ...answer, value: [...dayBars(market, range)].map(toBar(symbol, '1d').map) };
      },
    },
    calendar,
    clock,
  });
  const ears = new Map<MinutesEar, { readonly symbol: string; toldTo: number }>();
  const log: unknown[] = [];
  const offered: string[] = [];
  const metrics = createMetrics();
  const lists = { watched: [...(options.watched ?? [])] };
  const scanner = createScanner({
    watchlists: { allSymbols: async () => lists.watched },
    openSymbols: () => options.held ?? [],
    market: {
      stocks: async () => ({
        value: market.symbols().flatMap((symbol) => snapshotOf(symbol) ?? []),
        asOf: clock.now(),
        delayed: false,
      }),
    },
    history,
    minutes: {
      follow(symbol, fromAt, ear) {
        ears.set(ear, { symbol, toldTo: fromAt });
        return () => void ears.delete(ear);
      },
    },
    store: db.store,
    provenance: (answer, [symbol = ''], bars) => ({
      asOf: answer.asOf,
      source: 'Sandbox replay',
      timeliness: 'live',
      ...(market.paths.synthesised(symbol, bars?.[0] && day.on) ? { note: 'intraday path synthesised' } : {}),
    }),
    onOffer: (planId) => offered.push(planId),
    calendar,
    clock,
    wall,
    log: { warn: (...line: unknown[]) => void log.push(line), error: (...line: unknown[]) => void log.push(line) },
    metrics,
  });

  function snapshotOf(symbol: string): StockSnapshot | undefined {
    if (symbol.startsWith('I:')) return undefined;
    const screen = market.screen(symbol, clock.now() + (options.lagMs ?? 0));
    if (!screen) return undefined;
    const { day: today, previous } = screen;
    return {
      symbol,
      ...(today ? { day: today } : {}),
      ...(previous ? { previousDay: previous } : {}),
      updatedAt: clock.now(),
    };
  }

  const deliver = (to: number): void => {
    for (const [ear, known] of [...ears]) {
      if (to <= known.toldTo || isLate(known.symbol, to)) continue;
      for (const bar of warp(minutesOf(known.symbol, known.toldTo, to))) ear.bar(bar);
      known.toldTo = to;
      ear.complete(to);
    }
  };

  return {
    db,
    scanner,
    metrics,
    log,
    offered,
    lists,
    clock,
    wall,
    deliver,
    minutesOf: (symbol: string) => minutesOf(symbol, day.opensAt, day.closesAt),
    /** Minute by minute; each is complete five seconds after its end. */
    async runTo(to: number): Promise<void> {
      for (let next = clock.now() - (clock.now() % MINUTE_MS) + MINUTE_MS; next <= to; next += MINUTE_MS) {
        await clock.runTo(next + 5_000);
        deliver(next);
        await calm();
      }
    },
  };
}

/** A whole session from an hour before the open until after the close. */
export async function scanSession(options: WorldOptions) {
  const world = createScanWorld(options);
  world.scanner.start();
  await world.runTo(options.day.closesAt + 5 * MINUTE_MS);
  await world.scanner.stop();
  return world;
}

export const plansOf = ({ entries }: SetupStore): readonly Plan[] =>
  entries.flatMap(({ offer }) => (offer ? [offer.plan] : []));
