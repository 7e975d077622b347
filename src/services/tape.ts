import type { Bar, IndexTick, MarketEvent, QuoteTick, TradeTick } from '../domain/bar.ts';
import type { Metrics } from '../kit/metrics.ts';

/** Last known market of one symbol, straight from the stream. */
export interface TapeEntry {
  readonly trade?: TradeTick;
  readonly quote?: QuoteTick;
  readonly index?: IndexTick;
  readonly bar?: Bar;
}

type Mutable = { -readonly [K in keyof TapeEntry]: TapeEntry[K] };

/** The last known market per symbol; `apply` keeps the newest of each kind, trades off the market apart, and gives back the bars that are news. */
export interface Tape {
  apply(events: readonly MarketEvent[]): readonly Bar[];
  last(symbol: string): TapeEntry | undefined;
  /** Epoch ms of the newest event of any symbol. */
  lastEventAt(): number | undefined;
}

/** Without metrics, as in tests, nobody counts. */
export function createTape(metrics?: Pick<Metrics, 'hot'>): Tape {
  const offMarket = metrics
    ?.hot('tape_trades_left_out_total', 'Trades that did not become the last price.', 'reason')
    .slot('off_market');
  const entries = new Map<string, Mutable>();
  let newestAt: number | undefined;
  const entryOf = (symbol: string): Mutable => {
    const known = entries.get(symbol);
    if (known) return known;
    const entry: Mutable = {};
    entries.set(symbol, entry);
    return entry;
  };
  const seen = (at: number): void => {
    if (newestAt === undefined || at > newestAt) newestAt = at;
  };
  return {
    apply(events) {
      const fresh: Bar[] = [];
      for (const event of events) {
        switch (event.kind) {
          case 'bar': {
            const entry = entryOf(event.bar.symbol);
            seen(event.bar.openAt + 60_000);
            // a back-filled minute is news for the scanner even when a later one was seen; only the last one stays here
            fresh.push(event.bar);
            if (!entry.bar || event.bar.openAt >= entry.bar.openAt) entry.bar = event.bar;
            break;
          }
          case 'quote': {
            const entry = entryOf(event.quote.symbol);
            seen(event.quote.eventAt);
            if (!entry.quote || event.quote.eventAt >= entry.quote.eventAt) entry.quote = event.quote;
            break;
          }
          case 'trade': {
            const entry = entryOf(event.trade.symbol);
            seen(event.trade.eventAt);
            if (event.trade.offMarket) {
              if (offMarket) offMarket.count += 1;
              break;
            }
            if (!entry.trade || event.trade.eventAt >= entry.trade.eventAt) entry.trade = event.trade;
            break;
          }
          case 'index': {
            const entry = entryOf(event.index.symbol);
            seen(event.index.eventAt);
            if (!entry.index || event.index.eventAt >= entry.index.eventAt) entry.index = event.index;
            break;
          }
        }
      }
      return fresh;
    },
    last: (symbol) => entries.get(symbol),
    lastEventAt: () => newestAt,
  };
}
