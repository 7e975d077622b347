import type { Clock } from '../../kit/clock.ts';
import { clusterOf } from '../../massive/feed/line.ts';
import type { Feed } from '../../massive/feed.ts';
import type { Cluster } from '../../massive/stream.ts';

const MINUTE_MS = 60_000;
/** A minute's bar may still be on its way this long after its close, market time. */
export const LATENESS_MS = 5_000;
/** A stream that is silent for this long, real time, and has not been found dead in it, had nothing to say. */
const QUIET_MS = 12_000;

/** Up to where the feed has brought every minute of a symbol. */
export interface Progress {
  /** Every minute that opens before it is here; undefined while the feed cannot say. */
  knownTo(symbol: string): number | undefined;
}

interface Quiet {
  readonly liveSince: number;
  /** Minutes before it are known. */
  readonly knownTo: number;
  /** Minutes before it will be, if nothing else is heard for a while. */
  readonly nextTo: number;
  readonly askedWallAt: number;
}

/**
 * Reads a feed's word: a stream has brought all minutes that closed before what it tells of now. Time alone says nothing, since a
 * line can be dead for some seconds before anybody knows, and a replay runs many minutes in one of them.
 */
export function createProgress(deps: {
  readonly feed: Pick<Feed, 'gapFrom' | 'heardTo' | 'state'>;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time. */
  readonly wall: Pick<Clock, 'now'>;
}): Progress {
  const { feed, clock, wall } = deps;
  const quiets = new Map<Cluster, Quiet>();

  /** A thin stock after hours: nothing is heard for minutes, and the line is well. */
  const quietTo = (cluster: Cluster, liveSince: number): number => {
    const known = quiets.get(cluster);
    const now = wall.now();
    if (known && known.liveSince === liveSince && now - known.askedWallAt < QUIET_MS) return known.knownTo;
    const knownTo = known?.liveSince === liveSince ? known.nextTo : Number.NEGATIVE_INFINITY;
    quiets.set(cluster, { liveSince, knownTo, nextTo: settledAt(clock.now()), askedWallAt: now });
    return knownTo;
  };

  return {
    knownTo(symbol) {
      const gapFrom = feed.gapFrom(symbol);
      const cluster = clusterOf(symbol);
      const state = feed.state().find((line) => line.feed === cluster);
      // a line that is down has a gap of every watched symbol, and REST moves it on
      if (state?.up !== 'live') return state?.up === 'off' ? undefined : gapFrom;
      const heardTo = feed.heardTo(symbol);
      const heard = heardTo === undefined ? Number.NEGATIVE_INFINITY : settledAt(heardTo);
      return Math.min(gapFrom ?? Number.POSITIVE_INFINITY, Math.max(heard, quietTo(cluster, state.since)));
    },
  };
}

/** The last full minute whose bars must have come when this is heard. */
export function settledAt(at: number): number {
  return Math.floor((at - LATENESS_MS) / MINUTE_MS) * MINUTE_MS;
}
