export type Cluster = 'stocks' | 'indices' | 'options';

/** Channels a connection may hold on each cluster; the rest of the known ones is not in the plan. */
const CHANNELS: Readonly<Record<Cluster, readonly string[]>> = {
  stocks: ['T', 'Q', 'A', 'AM', 'LULD'],
  indices: ['V', 'A', 'AM'],
  options: ['T', 'Q', 'A', 'AM'],
};
const OUTSIDE_PLAN: readonly string[] = ['NOI', 'FMV'];

/** What one connection has subscribed to. */
export interface Subscriptions {
  /** Status messages for the pairs of a request, in their order; pairs of unknown channels get none. */
  subscribe(params: string): readonly StatusMessage[];
  unsubscribe(params: string): readonly StatusMessage[];
  /** Symbols of a channel out of all those known; `*` is every one. */
  of(channel: string, all: readonly string[]): readonly string[];
  any(channels: readonly string[]): boolean;
}

export interface StatusMessage {
  readonly ev: 'status';
  readonly status: string;
  readonly message: string;
}

export function status(word: string, message: string): StatusMessage {
  return { ev: 'status', status: word, message };
}

export function createSubscriptions(cluster: Cluster): Subscriptions {
  const held = new Map<string, Set<string>>();
  return {
    subscribe(params) {
      const pairs = pairsOf(params);
      const refused = pairs
        .filter(([channel]) => OUTSIDE_PLAN.includes(channel))
        .map(() => status('error', 'not authorized'));
      const accepted = pairs.flatMap(([channel, symbol]) => {
        if (!CHANNELS[cluster].includes(channel)) return [];
        const symbols = held.get(channel) ?? new Set();
        held.set(channel, symbols);
        // a pair that is already held gets no second answer
        if (symbols.has(symbol)) return [];
        symbols.add(symbol);
        return [status('success', `subscribed to: ${channel}.${symbol}`)];
      });
      return [...refused, ...accepted];
    },
    unsubscribe(params) {
      return pairsOf(params).flatMap(([channel, symbol]) =>
        held.get(channel)?.delete(symbol) === true ? [status('success', `unsubscribed to: ${channel}.${symbol}`)] : [],
      );
    },
    of(channel, all) {
      const symbols = held.get(channel);
      if (symbols === undefined || symbols.size === 0) return [];
      return symbols.has('*') ? all : all.length === 0 ? [] : [...symbols];
    },
    any: (channels) => channels.some((channel) => (held.get(channel)?.size ?? 0) > 0),
  };
}

function pairsOf(params: string): [channel: string, symbol: string][] {
  return params
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('.'))
    .map((pair) => [pair.slice(0, pair.indexOf('.')), pair.slice(pair.indexOf('.') + 1)]);
}
