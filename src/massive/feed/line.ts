import type { MarketEvent } from '../../domain/bar.ts';
import { eventAtOf } from '../map/event.ts';
import type { Cluster, Stream, StreamState } from '../stream.ts';

/** Whether and how one cluster delivers now; times are market time. */
export interface FeedState {
  readonly feed: Cluster;
  /** `polling`: the socket is down and REST stands in. */
  readonly up: 'live' | 'polling' | 'down' | 'off';
  readonly since: number;
  /** Time of the newest event or bar close that was delivered. */
  readonly lastEventAt: number | undefined;
  readonly reason?: string;
}

/** What the feed hears from a stream. */
export interface StreamEars {
  readonly sink: (events: MarketEvent[]) => void;
  readonly onState: (state: StreamState) => void;
  readonly onRefused: (channel: string) => void;
}

/** Opens one cluster's socket client with these ears; the feed starts and stops it. */
export type OpenStream = (cluster: Cluster, ears: StreamEars) => Stream;

/** The cluster whose socket carries this symbol. */
export function clusterOf(symbol: string): Cluster {
  if (symbol.startsWith('I:')) return 'indices';
  return symbol.startsWith('O:') ? 'options' : 'stocks';
}

/** One cluster of the feed: its stream, what it delivered, and how it is doing. */
export class Line {
  readonly cluster: Cluster;
  readonly stream: Stream | undefined;
  readonly #now: () => number;
  readonly #tell: (state: FeedState) => void;
  #state: FeedState;
  #lastEventAt: number | undefined;
  /** Market time of the last frame: whatever closed since may have been missed when the line breaks. */
  heardAt: number | undefined;
  /** The plan has no ticks on this cluster, second bars stand in. */
  usesSeconds = false;

  constructor(cluster: Cluster, stream: Stream | undefined, now: () => number, tell: (state: FeedState) => void) {
    this.cluster = cluster;
    this.stream = stream;
    this.#now = now;
    this.#tell = tell;
    this.#state = { feed: cluster, up: 'off', since: now(), lastEventAt: undefined };
  }

  get isLive(): boolean {
    return this.#state.up === 'live';
  }

  /** Market time since when the stream delivers; undefined while it does not. */
  get liveSince(): number | undefined {
    return this.#state.up === 'live' ? this.#state.since : undefined;
  }

  state(): FeedState {
    return { ...this.#state, lastEventAt: this.#lastEventAt };
  }

  become(up: FeedState['up'], reason?: string): void {
    if (up === this.#state.up && reason === this.#state.reason) return;
    const since = up === this.#state.up ? this.#state.since : this.#now();
    const base = { feed: this.cluster, up, since, lastEventAt: this.#lastEventAt };
    this.#state = reason === undefined ? base : { ...base, reason };
    this.#tell(this.#state);
  }

  note(events: readonly MarketEvent[]): void {
    for (const event of events) {
      const at = eventAtOf(event);
      if (this.#lastEventAt === undefined || at > this.#lastEventAt) this.#lastEventAt = at;
    }
  }

  /** `AM.SPY`, `T.SPY`, `Q.SPY`; for indices `AM.` and `V.`; where the plan has no ticks `A.` as well. */
  pairs(symbol: string): string[] {
    const channels = this.cluster === 'indices' ? ['AM', 'V'] : ['AM', 'T', 'Q'];
    if (this.usesSeconds) channels.push('A');
    return channels.map((channel) => `${channel}.${symbol}`);
  }

  /** Without this channel prices would stand still between minutes. */
  isTickChannel(channel: string): boolean {
    return channel === (this.cluster === 'indices' ? 'V' : 'T');
  }
}
