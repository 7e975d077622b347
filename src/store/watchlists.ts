import { z } from 'zod';
import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { instant } from './rows.ts';

interface Watched {
  readonly symbol: string;
  readonly addedAt: number;
}

/** One member's own list; the database holds it to 50 symbols. */
export interface Watchlist {
  add(symbol: string): Promise<'added' | 'already' | 'full'>;
  /** False when it was not on the list. */
  remove(symbol: string): Promise<boolean>;
  /** Oldest first. */
  list(): Promise<Watched[]>;
}

const added = z.enum(['added', 'already', 'full']);
const removed = z.array(z.object({ symbol: z.string() }));
const rows = z.array(
  z.object({ symbol: z.string(), added_at: instant }).transform((r) => ({ symbol: r.symbol, addedAt: r.added_at })),
);

/** The watchlist of the member whose client this is. */
export function createWatchlist(client: Client, memberId: string): Watchlist {
  return {
    add: (symbol) => ask('watchlist.add', client.rpc('watch_symbol', { symbol }), added),
    async remove(symbol) {
      const gone = await ask(
        'watchlist.remove',
        client.from('watchlists').delete().eq('member_id', memberId).eq('symbol', symbol).select('symbol'),
        removed,
      );
      return gone.length > 0;
    },
    list: () =>
      ask(
        'watchlist.list',
        client.from('watchlists').select('symbol,added_at').eq('member_id', memberId).order('added_at').order('symbol'),
        rows,
      ),
  };
}

export interface Watchlists {
  /** Every symbol that anyone follows, sorted, each once. */
  allSymbols(): Promise<string[]>;
}

/** All members' lists by the service key. */
export function createWatchlists(client: Client): Watchlists {
  return { allSymbols: () => ask('watchlists.allSymbols', client.rpc('watched_symbols'), z.array(z.string())) };
}
