import type { Bar, MarketEvent } from '../../domain/bar.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { MassiveRest } from '../rest.ts';
import type { Cluster } from '../stream.ts';
import { createCatchUp, SETTLING_MS } from './catch-up.ts';
import { clusterOf, type Line, symbolOf } from './line.ts';
import { createPolledEvents } from './polled-events.ts';
import type { Watchlist } from './watchlist.ts';

/** What REST does for the feed: prices while a socket is down, and the minutes that it missed. */
export interface StandIn {
  start(): void;
  stop(): void;
  /** Looks at what there is to do within so long, in real milliseconds; an earlier appointment stays. */
  within(ms: number): void;
  /** The symbol's minutes from here on are not known to be complete. */
  mark(symbol: string, fromAt: number): void;
  forget(symbol: string): void;
}

export interface StandInDeps {
  readonly lines: ReadonlyMap<Cluster, Line>;
  readonly watchlist: Pick<Watchlist, 'symbols'>;
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

export function createStandIn(deps: StandInDeps): StandIn {
  const { lines, watchlist, rest, clock, wall, log } = deps;
  const polled = createPolledEvents();
  const moved = new Set<string>();
  let isRunning = false;
  let isBusy = false;
  let isWantedAgain = false;
  let dueAt = Number.POSITIVE_INFINITY;
  let allBarsAt = 0;
  let cancelDue: () => void = () => {};
  let cancelSettled: () => void = () => {};

  const isLive = (symbol: string): boolean => lines.get(clusterOf(symbol))?.isLive === true;
  const resting = (): Line[] => [...lines.values()].filter((line) => !line.isLive);
  const deliverBars = (bars: readonly Bar[]): void => {
    const line = bars[0] && lines.get(clusterOf(bars[0].symbol));
    if (!isRunning || !line) return;
    const receivedAt = clock.now();
    deps.countFilled(bars.length);
    deps.deliver(
      line,
      bars.map((bar) => ({ kind: 'bar', bar, receivedAt })),
    );
  };
  const catchUp = createCatchUp({
    rest,
    clock,
    deliver: deliverBars,
    onError: (symbol, err) => log.warn({ symbol, err }, 'missed minutes could not be fetched'),
  });

  /** One question for the prices of all symbols whose line is down. */
  const pollPrices = async (symbols: readonly string[]): Promise<void> => {
    try {
      const { value } = await rest.snapshots(symbols, { fresh: true, priority: 4 });
      if (!isRunning) return;
      const events = polled.read(value, clock.now());
      for (const event of events) moved.add(symbolOf(event));
      for (const line of resting()) {
        const ofLine = events.filter((event) => clusterOf(symbolOf(event)) === line.cluster);
        if (ofLine.length > 0) deps.deliver(line, ofLine);
        line.become('polling', line.state().reason);
      }
    } catch (err) {
      log.warn({ err }, 'poll failed');
      // without prices nobody knows which symbols have new minutes
      for (const symbol of symbols) moved.add(symbol);
      for (const line of resting()) line.become('down', line.state().reason);
    }
  };

  const pollAllBars = async (): Promise<void> => {
    const line = lines.get('stocks');
    const now = clock.now();
    if (!deps.wantsAllBars() || !line || line.isLive || now - allBarsAt < MINUTE_MS) return;
    allBarsAt = now;
    try {
      const { value } = await rest.stockSnapshots(undefined, { fresh: true, priority: 5 });
      deliverBars(value.flatMap(({ minute }) => (minute && minute.openAt + MINUTE_MS <= now ? [minute] : [])));
    } catch (err) {
      log.warn({ err }, 'whole-market poll failed');
    }
  };

  const look = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY;
    if (!isRunning) return;
    if (isBusy) {
      isWantedAgain = true;
      return;
    }
    isBusy = true;
    isWantedAgain = false;
    const symbols = watchlist.symbols().filter((symbol) => !isLive(symbol));
    if (symbols.length > 0) await pollPrices(symbols);
    if (isRunning) await pollAllBars();
    if (isRunning)
      await catchUp.run(
        watchlist.symbols().filter((symbol) => isLive(symbol) || moved.has(symbol)),
        isLive,
      );
    moved.clear();
    isBusy = false;
    appoint();
  };

  const appoint = (): void => {
    if (isWantedAgain) within(0);
    else if (resting().length > 0) within(POLL_MS);
    cancelSettled();
    // a minute that has just closed may not be in REST answers yet: look again when it must be
    if (isRunning && catchUp.size() > 0) cancelSettled = clock.at(clock.now() + SETTLING_MS, () => within(0));
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
  };
}
