import type { Answer } from '../../domain/market.ts';
import type { Market } from '../market.ts';
import type { Tape } from '../tape.ts';

/** What the market last paid, as far as anybody knows. */
export interface LastPrices {
  /** Straight from the stream where it has one; undefined where nobody knows. */
  of(symbol: string): Promise<number | undefined>;
  /** Many at once with their age; none of them where the provider does not answer. */
  all(symbols: readonly string[]): Promise<Answer<ReadonlyMap<string, number>> | undefined>;
}

/** Never throws: a trade can be shown and taken without a price of this minute. */
export function createLastPrices(deps: {
  readonly market: Pick<Market, 'prices'>;
  readonly tape: Pick<Tape, 'last'>;
}): LastPrices {
  const all: LastPrices['all'] = async (symbols) => {
    if (symbols.length === 0) return undefined;
    try {
      const answer = await deps.market.prices(symbols);
      return { ...answer, value: new Map([...answer.value].map(([symbol, { last }]) => [symbol, last])) };
    } catch {
      return undefined;
    }
  };
  return {
    async of(symbol) {
      const { trade, bar } = deps.tape.last(symbol) ?? {};
      if (trade && trade.eventAt >= (bar?.openAt ?? 0)) return trade.price;
      return bar?.close ?? (await all([symbol]))?.value.get(symbol);
    },
    all,
  };
}
