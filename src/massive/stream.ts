import type { MarketEvent } from '../domain/bar.ts';
import { fullJitter } from '../kit/backoff.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { eventAtOf } from './map/event.ts';
import { Connection, type ConnectionEnd } from './stream/connection.ts';
import { Subscriptions } from './stream/subscriptions.ts';

/** The provider's feeds; each is one socket, and the account has one connection for each. */
export type Cluster = 'stocks' | 'indices' | 'options';

/** How one socket is doing. */
export type StreamState =
  | { readonly up: 'off' }
  | { readonly up: 'connecting' }
  /** Logged in, and every subscription has been answered. */
  | { readonly up: 'live' }
  | { readonly up: 'down'; readonly reason: string; readonly retryInMs: number }
  /** The key is wrong or the plan lacks this feed: no further try. */
  | { readonly up: 'refused'; readonly reason: string };

/** One cluster of the provider as a stream of events. */
export interface Stream {
  start(): void;
  stop(): void;
  state(): StreamState;
  /** Wants these pairs (`T.SPY`, `AM.*`) across reconnects until the returned function is called. */
  subscribe(pairs: readonly string[]): () => void;
}

/** What a stream stands on; the callbacks must not wait. */
export interface StreamDeps {
  /** Without the cluster: `wss://socket.massive.com`. */
  readonly url: string;
  readonly apiKey: string;
  readonly cluster: Cluster;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'gauge' | 'hot'>;
  /** Called within the socket's own callback, in wire order: it must not wait. */
  readonly sink: (events: MarketEvent[]) => void;
  readonly onState: (state: StreamState) => void;
  /** A channel (`T`) that the plan lacks. */
  readonly onRefused?: (channel: string) => void;
  /** Market time, for `receivedAt`. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Real time, for deadlines and pauses. */
  readonly wall?: Clock;
  readonly random?: () => number;
}

const BACKOFF = { baseMs: 500, capMs: 30_000 };
const COOL_DOWN_MS = 60_000;
const LONGEST_COOL_DOWN_MS = 300_000;
// a socket that is evicted right after its login must not look like a success
const PROVEN_AFTER_MS = 10_000;
const LAG_EVERY_MS = 1_000;

/** One feed that keeps itself connected: login, counted subscriptions, jittered reconnects, liveness. */
export function createStream(deps: StreamDeps): Stream {
  const { cluster, log, clock = systemClock, wall = systemClock, random = Math.random } = deps;
  const droppedEvents = deps.metrics.hot('events_dropped_total', 'Stream events that were left out.', 'reason');
  const received = deps.metrics.hot('stream_events_total', 'Stream events that were passed on.', 'feed').slot(cluster);
  const upGauge = deps.metrics.gauge('stream_up', 'Whether the feed delivers.', ['feed']);
  const lagGauge = deps.metrics.gauge('stream_lag_seconds', 'Market time from an event to its arrival.', ['feed']);
  let state: StreamState = { up: 'off' };
  let connection: Connection | undefined;
  let cancelRetry: () => void = () => {};
  let failures = 0;
  let evictions = 0;
  let readyAt: number | undefined;
  let hasDelivered = false;
  let lagNotedAt = Number.NEGATIVE_INFINITY;

  const become = (next: StreamState): void => {
    if (next.up === state.up && next.up !== 'down') return;
    state = next;
    upGauge.set({ feed: cluster }, next.up === 'live' ? 1 : 0);
    deps.onState(next);
  };

  const subscriptions = new Subscriptions(wall, {
    send: (action, channels) => connection?.send(action, channels),
    settled: () => {
      if (connection && readyAt !== undefined) become({ up: 'live' });
    },
    refused: (channel) => {
      log.warn({ feed: cluster, channel }, 'channel is not in the plan');
      deps.onRefused?.(channel);
    },
    unanswered: (pairs) => log.warn({ feed: cluster, pairs: pairs.slice(0, 20) }, 'subscription was not answered'),
  });

  const noteLag = (event: MarketEvent | undefined): void => {
    // a gauge per frame would cost more than the frame
    if (!event || wall.now() - lagNotedAt < LAG_EVERY_MS) return;
    lagNotedAt = wall.now();
    lagGauge.set({ feed: cluster }, (clock.now() - eventAtOf(event)) / 1_000);
  };
  const deliver = (events: MarketEvent[]): void => {
    hasDelivered = true;
    received.count += events.length;
    noteLag(events.at(-1));
    try {
      deps.sink(events);
    } catch (err) {
      droppedEvents.inc('sink_failed', events.length);
      log.error({ feed: cluster, err }, 'market events were not taken');
    }
  };

  const pauseAfter = (end: ConnectionEnd): number => {
    if (readyAt !== undefined && hasDelivered && wall.now() - readyAt >= PROVEN_AFTER_MS) {
      failures = 0;
      evictions = 0;
    }
    if (end.kind === 'lost') return fullJitter(failures++, { ...BACKOFF, random });
    const coolDownMs = Math.min(LONGEST_COOL_DOWN_MS, COOL_DOWN_MS * 2 ** evictions++);
    return coolDownMs * (1 + random() / 4);
  };

  const onEnd = (end: ConnectionEnd): void => {
    connection = undefined;
    subscriptions.close();
    if (end.kind === 'refused') {
      log.error({ feed: cluster, reason: end.reason }, 'feed refused the key');
      become({ up: 'refused', reason: end.reason });
      return;
    }
    const retryInMs = Math.round(pauseAfter(end));
    readyAt = undefined;
    log.warn({ feed: cluster, reason: end.reason, retryInMs }, 'feed is down');
    cancelRetry = wall.at(wall.now() + retryInMs, connect);
    become({ up: 'down', reason: end.reason, retryInMs });
  };

  const connect = (): void => {
    readyAt = undefined;
    hasDelivered = false;
    become({ up: 'connecting' });
    connection = new Connection(
      { url: `${deps.url}/${cluster}`, apiKey: deps.apiKey, marketNow: () => clock.now(), wall },
      {
        ready: () => {
          readyAt = wall.now();
          log.info({ feed: cluster }, 'feed logged in');
          subscriptions.open();
        },
        events: deliver,
        subscribed: (pairs) => subscriptions.acknowledged(pairs),
        notAuthorized: (message) => {
          if (/not authorized/i.test(message)) subscriptions.notAuthorized();
          else log.warn({ feed: cluster, message }, 'feed complained');
        },
        dropped: (reason) => droppedEvents.inc(reason),
        ended: onEnd,
      },
    );
  };

  return {
    start() {
      if (state.up === 'off') connect();
    },
    stop() {
      cancelRetry();
      subscriptions.close();
      connection?.close();
      connection = undefined;
      become({ up: 'off' });
    },
    state: () => state,
    subscribe: (pairs) => subscriptions.hold(pairs),
  };
}
