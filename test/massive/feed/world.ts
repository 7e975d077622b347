import type { Bar, MarketEvent } from '../../../src/domain/bar.ts';
import { createMetrics } from '../../../src/kit/metrics.ts';
import { createFeed, type Feed, type StreamEars } from '../../../src/massive/feed.ts';
import type { MassiveRest } from '../../../src/massive/rest.ts';
import type { Cluster, Stream, StreamState } from '../../../src/massive/stream.ts';
import { keptLog, NOW } from '../bench.ts';
import { type HeldClock, heldClock } from '../held-clock.ts';

export const MINUTE = 60_000;

/** A cluster's socket as a value: the test breaks and heals it, and sees what is subscribed. */
export interface HandStream {
  readonly ears: StreamEars;
  readonly pairs: Map<string, number>;
  set(state: StreamState): void;
}

/** A small market with its own truth: the stream may lose bars, REST has them all a while after their close. */
export interface World {
  readonly clock: HeldClock;
  readonly feed: Feed;
  readonly provider: Pick<MassiveRest, 'bars' | 'snapshots' | 'stockSnapshots'>;
  readonly streams: Map<Cluster, HandStream>;
  readonly events: MarketEvent[];
  readonly barsAsked: { readonly symbol: string; readonly from: number; readonly to: number }[];
  readonly pricesAsked: string[][];
  readonly log: ReturnType<typeof keptLog>;
  /** Bars REST knows; `closesAt` + `restLagMs` must have passed. */
  readonly truth: Bar[];
  rest: { lagMs: number; latencyMs: number; fails: () => Error | undefined };
  delivered(): string[];
}

export const barOf = (symbol: string, openAt: number, close = 100): Bar => ({
  symbol,
  timeframe: '1m',
  openAt,
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume: 10,
});
export const keyOf = ({ symbol, openAt }: Bar): string => `${symbol} ${(openAt - NOW) / MINUTE}`;

export function buildWorld(
  options: {
    readonly clusters?: readonly Cluster[];
    readonly withStream?: boolean;
    readonly sink?: (news: readonly MarketEvent[]) => void;
  } = {},
): World {
  const { clusters = ['stocks', 'indices'], withStream = true, sink = () => {} } = options;
  const clock = heldClock(NOW);
  const streams = new Map<Cluster, HandStream>();
  const events: MarketEvent[] = [];
  const log = keptLog();
  const truth: Bar[] = [];
  const barsAsked: World['barsAsked'][number][] = [];
  const pricesAsked: string[][] = [];
  const later = (): Promise<void> => new Promise((resolve) => clock.at(clock.now() + world.rest.latencyMs, resolve));
  const answer = async <T>(value: () => T): Promise<{ value: T; asOf: number; delayed: boolean }> => {
    const failure = world.rest.fails();
    await later();
    if (failure) throw failure;
    return { value: value(), asOf: clock.now(), delayed: false };
  };
  const known = (): Bar[] => truth.filter((bar) => bar.openAt + MINUTE + world.rest.lagMs <= clock.now());

  const rest: Pick<MassiveRest, 'bars' | 'snapshots' | 'stockSnapshots'> = {
    bars(symbol, _span, from, to) {
      barsAsked.push({ symbol, from: Number(from), to: Number(to) });
      const seenAt = clock.now();
      return answer(() =>
        truth.filter(
          (bar) =>
            bar.symbol === symbol &&
            bar.openAt >= Number(from) &&
            bar.openAt <= Number(to) &&
            bar.openAt + MINUTE + world.rest.lagMs <= seenAt,
        ),
      );
    },
    snapshots(symbols) {
      pricesAsked.push([...symbols]);
      return answer(() => ({
        stocks: symbols
          .filter((symbol) => !symbol.startsWith('I:'))
          .map((symbol) => ({ symbol, last: 100, bid: 99.9, ask: 100.1, updatedAt: clock.now() })),
        indices: symbols
          .filter((symbol) => symbol.startsWith('I:'))
          .map((symbol) => ({ symbol, name: symbol, value: 5000, updatedAt: clock.now() })),
        missing: [],
      }));
    },
    // the latest minute of each, as the provider has it
    stockSnapshots: () =>
      answer(() => {
        const latest = new Map(known().map((bar) => [bar.symbol, bar]));
        return [...latest.values()].map((minute) => ({ symbol: minute.symbol, minute, updatedAt: clock.now() }));
      }),
  };

  const openStream = (cluster: Cluster, ears: StreamEars): Stream => {
    let state: StreamState = { up: 'off' };
    const pairs = new Map<string, number>();
    streams.set(cluster, {
      ears,
      pairs,
      set(next) {
        state = next;
        ears.onState(next);
      },
    });
    return {
      start: () => {},
      stop: () => {},
      state: () => state,
      subscribe(wanted) {
        for (const pair of wanted) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
        return () => {
          for (const pair of wanted) {
            const left = (pairs.get(pair) ?? 1) - 1;
            if (left > 0) pairs.set(pair, left);
            else pairs.delete(pair);
          }
        };
      },
    };
  };

  const feed = createFeed({
    clusters,
    ...(withStream ? { openStream } : {}),
    rest,
    sink: (news) => {
      events.push(...news);
      sink(news);
    },
    clock,
    wall: clock,
    log,
    metrics: createMetrics(),
  });
  const world: World = {
    clock,
    feed,
    provider: rest,
    streams,
    events,
    barsAsked,
    pricesAsked,
    log,
    truth,
    rest: { lagMs: 1_000, latencyMs: 50, fails: () => undefined },
    delivered: () => events.flatMap((event) => (event.kind === 'bar' ? [keyOf(event.bar)] : [])),
  };
  return world;
}

export function streamOf(world: World, cluster: Cluster = 'stocks'): HandStream {
  const stream = world.streams.get(cluster);
  if (!stream) throw new Error(`no ${cluster} stream`);
  return stream;
}

export const LIVE: StreamState = { up: 'live' };
export const DOWN: StreamState = { up: 'down', reason: 'closed (1006)', retryInMs: 250 };
