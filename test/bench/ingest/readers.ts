import { WebSocket } from 'ws';
import { type Clock, systemClock } from '../../../src/kit/clock.ts';
import type { Log } from '../../../src/kit/log.ts';
import { createMetrics } from '../../../src/kit/metrics.ts';
import { createFeed } from '../../../src/massive/feed.ts';
import { createStream } from '../../../src/massive/stream.ts';
import { createTape, type Tape } from '../../../src/services/tape.ts';
import { BEGINS_AT, SYMBOLS } from './frames.ts';

/** One end of a socket that reads what the sender sends. */
export interface Reader {
  /** Under which the sender knows it. */
  readonly path: string;
  /** Resolves when so many more events have been read to the end. */
  after(events: number): Promise<void>;
  stop(): void;
}

/** Counts down to a promised number of events; the count carries over when more come than were awaited. */
function countdown(): { take(events: number): void; after(events: number): Promise<void> } {
  let read = 0;
  let wanted = 0;
  let done: PromiseWithResolvers<void> | undefined;
  return {
    take(events) {
      read += events;
      if (read >= wanted) done?.resolve();
    },
    after(events) {
      wanted += events;
      done = Promise.withResolvers();
      if (read >= wanted) done.resolve();
      return done.promise;
    },
  };
}

const ignore = (_event: unknown): void => {};

/** `ws`, JSON.parse, and a handler that does nothing: what any client of this wire pays at least. */
export async function plainReader(url: string): Promise<Reader> {
  const { take, after } = countdown();
  const socket = new WebSocket(`${url}/plain`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    // the greeting, so that from here on only market events count
    socket.once('message', resolve);
  });
  socket.on('message', (data) => {
    const events = JSON.parse(String(data)) as unknown[];
    for (const event of events) ignore(event);
    take(events.length);
  });
  return { path: '/plain', after, stop: () => socket.terminate() };
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const nothing = { asOf: BEGINS_AT, delayed: false };
/** A market that stands still: no minute closes, so the feed never asks REST. */
const still: Clock = { now: () => BEGINS_AT, at: () => () => {} };

/** The product's own way from the socket to the last known market of each symbol, all symbols watched. */
export async function productReader(url: string): Promise<Reader & { readonly tape: Tape }> {
  const { take, after } = countdown();
  const metrics = createMetrics();
  const tape = createTape();
  const live = Promise.withResolvers<void>();
  const feed = createFeed({
    clusters: ['stocks'],
    openStream: (cluster, ears) =>
      createStream({ url, apiKey: 'bench', cluster, log: silent, metrics, clock: still, ...ears }),
    rest: {
      bars: async () => ({ ...nothing, value: [] }),
      stockSnapshots: async () => ({ ...nothing, value: [] }),
      snapshots: async () => ({ ...nothing, value: { stocks: [], indices: [], missing: [] } }),
    },
    sink: (events) => {
      tape.apply(events);
      take(events.length);
    },
    clock: still,
    wall: systemClock,
    log: silent,
    metrics,
  });
  feed.onState((state) => {
    if (state.up === 'live') live.resolve();
  });
  feed.watch(SYMBOLS);
  feed.start();
  await live.promise;
  return { path: '/stocks', after, tape, stop: () => feed.stop() };
}
