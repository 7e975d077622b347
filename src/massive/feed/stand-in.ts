import type { Bar, MarketEvent } from '../../domain/bar.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { symbolOf } from '../map/event.ts';
import type { MassiveRest } from '../rest.ts';
import type { Cluster } from '../stream.ts';
import { createCatchUp, SETTLING_MS } from './catch-up.ts';
import { clusterOf, type Line } from './line.ts';
import { createPolledEvents } from './polled-events.ts';
import type { Watchlist } from './watchlist.ts';

/** What REST does for the feed: prices while a socket is down, and the minutes that it missed. */
export interface StandIn {
  start(): void;
  stop(): void;
  /** Looks at what there is to do within so many real milliseconds; an earlier appointment stays. */
  within(ms: number): void;
  /** The symbol's minutes from here on are not known to be complete. */
  mark(symbol: string, fromAt: number): void;
  forget(symbol: string): void;
  /** The first minute of the symbol that may still be missing; undefined where none is. */
  gapFrom(symbol: string): number | undefined;
}

/** What the stand-in needs of the feed. */
export interface StandInDeps {
  readonly lines: ReadonlyMap<Cluster, Line>;
  readonly watchlist: Pick<Watchlist, 'symbols' | 'isActive'>;
  readonly wantsAllBars: () => boolean;
  readonly rest: Pick<MassiveRest, 'bars' | 'snapshots' | 'stockSnapshots'>;
  readonly deliver: (line: Line, events: MarketEvent[]) => void;
  readonly countFilled: (bars: number) => void;
  readonly clock: Clock;
  readonly wall: Clock;
  readonly log: Pick<Log, 'warn'>;
}

const POLL_MS = 5_000;
const MINUTE_MS = 60_000;
const BAR_READY_MS = 3_000;

/** Does nothing before `start`, and one thing at a time after. */
export function createStandIn(deps: StandInDeps): StandIn {
  const { lines, watchlist, rest, clock, wall } = deps;
  const polled = createPolledEvents();
  const moved = new Set<string>();
  let isRunning = false;
  let isBusy = false;
  let isWantedAgain = false;
  let isFailing = false;
  let dueAt = Number.POSITIVE_INFINITY;
  let nextPollAt = Number.NEGATIVE_INFINITY;
  let allBarsThrough = Number.NEGATIVE_INFINITY;
  let cancelDue: () => void = () => {};
  let cancelSettled: () => void = () => {};

  const lineOf = (symbol: string): Line | undefined => lines.get(clusterOf(symbol));
  const isLive = (symbol: string): boolean => lineOf(symbol)?.isLive === true;
  const resting = (): Line[] => [...lines.values()].filter((line) => !line.isLive);
  const deliverBars = (bars: readonly Bar[]): void => {
    const line = bars[0] && lineOf(bars[0].symbol);
    if (!isRunning || !line) return;
    const receivedAt = clock.now();
    isFailing = false;
    deps.countFilled(bars.length);
    const events: MarketEvent[] = bars.map((bar) => ({ kind: 'bar', bar, receivedAt }));
    deps.deliver(line, events);
  };
  const catchUp = createCatchUp({
    rest,
    clock,
    liveSince: (symbol) => lineOf(symbol)?.liveSince,
    deliver: deliverBars,
  });

  /** Runs one question to REST; an outage is logged when it begins and not each time. */
  const attempt = async (what: string, ask: () => Promise<unknown>): Promise<boolean> => {
    try {
      await ask();
      return true;
    } catch (err) {
      if (!isFailing) deps.log.warn({ what, err }, 'REST cannot stand in for the stream');
      isFailing = true;
      return false;
    }
  };

  /** One question for the prices of all symbols whose line is down. */
  const pollPrices = async (symbols: readonly string[]): Promise<boolean> => {
    const isGood = await attempt('prices', async () => {
      const { value } = await rest.snapshots(symbols, { fresh: true, priority: 4 });
      if (!isRunning) return;
      isFailing = false;
      const events = polled.read(value, clock.now());
      for (const event of events) moved.add(symbolOf(event));
      for (const line of resting()) {
        const ofLine = events.filter((event) => clusterOf(symbolOf(event)) === line.cluster);
        if (ofLine.length > 0) deps.deliver(line, ofLine);
        line.become('polling', line.state().reason);
      }
    });
    if (isGood || !isRunning) return isGood;
    // without prices nobody knows which symbols have new minutes
    for (const symbol of symbols) moved.add(symbol);
    for (const line of resting()) line.become('down', line.state().reason);
    return false;
  };

  const pollAllBars = (now: number): Promise<boolean> =>
    attempt('all minutes', async () => {
      const { value } = await rest.stockSnapshots(undefined, { fresh: true, priority: 5 });
      deliverBars(value.flatMap(({ minute }) => (minute && minute.openAt + MINUTE_MS <= now ? [minute] : [])));
    });

  const poll = async (): Promise<boolean> => {
    const symbols = watchlist.symbols().filter((symbol) => !isLive(symbol));
    const isGood = symbols.length === 0 || (await pollPrices(symbols));
    // a moment after the full minute, so that the snapshot has the closed one and no poll skips one
    const now = clock.now();
    const minute = Math.floor((now - BAR_READY_MS) / MINUTE_MS);
    const isDue = deps.wantsAllBars() && lines.get('stocks')?.isLive === false && minute > allBarsThrough;
    if (!isGood || !isDue) return isGood;
    allBarsThrough = minute;
    return pollAllBars(now);
  };

  const fillMinutes = (): Promise<boolean> =>
    attempt('minutes', async () => {
      // of an active symbol a silent minute matters too: somebody waits to hear that it was silent
      const isWanted = (symbol: string) => isLive(symbol) || moved.has(symbol) || watchlist.isActive(symbol);
      const failure = await catchUp.run(watchlist.symbols().filter(isWanted));
      moved.clear();
      if (failure) throw failure.error;
    });

  const look = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY;
    if (isBusy) {
      isWantedAgain = true;
      return;
    }
    isBusy = true;
    isWantedAgain = false;
    let isGood = true;
    if (resting().length > 0 && wall.now() >= nextPollAt) {
      nextPollAt = wall.now() + POLL_MS;
      isGood = await poll();
    }
    if (isRunning) isGood = (await fillMinutes()) && isGood;
    isBusy = false;
    appoint(isGood);
  };

  const appoint = (isGood: boolean): void => {
    cancelSettled();
    if (isWantedAgain) within(0);
    if (!isGood) within(POLL_MS);
    if (resting().length > 0) within(Math.max(0, nextPollAt - wall.now()));
    // a minute that has just closed may not be in REST answers yet: look again when it must be
    else if (isGood && isRunning && catchUp.size() > 0) {
      cancelSettled = clock.at(clock.now() + SETTLING_MS, () => within(0));
    }
  };

  const within = (ms: number): void => {
    const at = wall.now() + ms;
    if (!isRunning || at >= dueAt) return;
    cancelDue();
    dueAt = at;
    cancelDue = wall.at(at, () => void look());
  };

  return {
    start() {
      isRunning = true;
    },
    stop() {
      isRunning = false;
      dueAt = Number.POSITIVE_INFINITY;
      cancelDue();
      cancelSettled();
    },
    within,
    mark: catchUp.mark,
    forget: catchUp.forget,
    gapFrom: catchUp.fromAt,
  };
}
