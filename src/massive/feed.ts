import type { MarketEvent } from '../domain/bar.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { clusterOf, type FeedState, Line, type OpenStream } from './feed/line.ts';
import { createSeenBars } from './feed/seen-bars.ts';
import { createStandIn } from './feed/stand-in.ts';
import { createWatchlist } from './feed/watchlist.ts';
import { eventAtOf } from './map/event.ts';
import type { MassiveRest } from './rest.ts';
import type { Cluster, StreamState } from './stream.ts';

export type { FeedState, StreamEars } from './feed/line.ts';

/** The market as it happens: the streams while they deliver, REST while they do not, and no minute missing in between. */
export interface Feed {
  start(): void;
  stop(): void;
  /** Ticks, quotes and minutes of these symbols until the returned function is called; `active` ones are back-filled first. */
  watch(symbols: readonly string[], options?: { readonly active?: boolean }): () => void;
  /** Every stock's minutes. After a break only those of watched symbols are back-filled. */
  watchAllBars(): () => void;
  /** The first minute of a watched symbol that a break made uncertain and REST has not brought yet; undefined where none is. */
  gapFrom(symbol: string): number | undefined;
  /** How far the symbol's stream has come since it is live: market time of its newest event; undefined while it is not. */
  heardTo(symbol: string): number | undefined;
  state(): readonly FeedState[];
  onState(fn: (state: FeedState) => void): () => void;
}

/** What the feed stands on; market time and real time differ in a replay. */
export interface FeedDeps {
  readonly clusters: readonly Cluster[];
  /** Without it the feed only polls. */
  readonly openStream?: OpenStream | undefined;
  readonly rest: Pick<MassiveRest, 'bars' | 'snapshots' | 'stockSnapshots'>;
  /** Called with events in wire order; it must not wait. */
  readonly sink: (events: MarketEvent[]) => void;
  /** Market time. */
  readonly clock: Clock;
  /** Real time: how often to poll. */
  readonly wall?: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics: Pick<Metrics, 'counter'>;
}

/** Why a feed polls that was never meant to stream. */
export const SWITCHED_OFF = 'the stream is switched off';

const FIRST_POLL_MS = 1_000;
// a minute's bar may still have been on its way this long after its close
const BAR_LATENESS_MS = 5_000;
const MINUTE_MS = 60_000;

/** A feed that is silent until `start`; symbols may be watched before. */
export function createFeed(deps: FeedDeps): Feed {
  const { clock, wall = systemClock } = deps;
  const filled = deps.metrics.counter('feed_bars_filled_total', 'Minutes that came from REST and not from the stream.');
  const listeners = new Set<(state: FeedState) => void>();
  const lines = new Map<Cluster, Line>();
  const seen = createSeenBars();
  const heardTo = new Map<Cluster, number>();
  let isRunning = false;
  let allBars = 0;

  const deliver = (line: Line, events: MarketEvent[]): void => {
    const news = events.filter((event) => event.kind !== 'bar' || seen.isNews(event.bar));
    if (news.length === 0) return;
    line.note(news);
    deps.sink(news);
  };
  const watchlist = createWatchlist({
    lines,
    onAdded: (symbol) => {
      // its subscription takes effect a moment from now: the running minute may close before
      standIn.mark(symbol, clock.now());
      standIn.within(FIRST_POLL_MS);
    },
    onRemoved: (symbol) => standIn.forget(symbol),
  });
  const standIn = createStandIn({
    lines,
    watchlist,
    wantsAllBars: () => allBars > 0,
    rest: deps.rest,
    deliver,
    countFilled: (bars) => filled.inc(undefined, bars),
    clock,
    wall,
    log: deps.log,
  });

  const onStream = (line: Line, state: StreamState): void => {
    if (!isRunning || state.up === 'off') return;
    heardTo.delete(line.cluster);
    if (state.up === 'live') {
      line.become('live');
      // what came before is the back-fill's business, not that of a later break
      line.heardAt = clock.now();
      standIn.within(0);
      return;
    }
    if (line.isLive) {
      const fromAt = (line.heardAt ?? clock.now()) - BAR_LATENESS_MS - MINUTE_MS;
      for (const symbol of watchlist.symbolsOf(line.cluster)) standIn.mark(symbol, fromAt);
    }
    const { up, reason } = line.state();
    line.become(up === 'polling' ? 'polling' : 'down', state.up === 'connecting' ? reason : state.reason);
    standIn.within(FIRST_POLL_MS);
  };

  for (const cluster of deps.clusters) {
    const stream = deps.openStream?.(cluster, {
      sink: (events) => {
        const now = clock.now();
        line.heardAt = now;
        heardTo.set(cluster, Math.max(heardTo.get(cluster) ?? Number.NEGATIVE_INFINITY, newestAt(events, now)));
        deliver(line, events);
      },
      onState: (state) => onStream(line, state),
      onRefused: (channel) => {
        if (line.isTickChannel(channel)) watchlist.takeSeconds(line);
      },
    });
    const tell = (state: FeedState): void => {
      for (const listener of listeners) listener(state);
    };
    const line: Line = new Line(cluster, stream, () => clock.now(), tell);
    lines.set(cluster, line);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      standIn.start();
      for (const line of lines.values()) {
        line.become('down', line.stream ? 'connecting' : SWITCHED_OFF);
        line.stream?.start();
      }
      standIn.within(FIRST_POLL_MS);
    },
    stop() {
      isRunning = false;
      standIn.stop();
      for (const line of lines.values()) {
        line.stream?.stop();
        line.become('off');
      }
    },
    watch: (symbols, { active = false } = {}) => watchlist.add(symbols, active),
    watchAllBars() {
      allBars++;
      const release = lines.get('stocks')?.stream?.subscribe(['AM.*']);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        allBars--;
        release?.();
      };
    },
    gapFrom: standIn.gapFrom,
    heardTo(symbol) {
      const cluster = clusterOf(symbol);
      return lines.get(cluster)?.isLive ? heardTo.get(cluster) : undefined;
    },
    state: () => [...lines.values()].map((line) => line.state()),
    onState(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
  };
}

/** The newest of these events; a time from the future is a fault of its event and says no more than now. */
function newestAt(events: readonly MarketEvent[], now: number): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const event of events) newest = Math.max(newest, Math.min(now, eventAtOf(event)));
  return newest;
}
