import type { RiskProfile } from '../domain/plan.ts';
import { DEFAULT_RISK } from '../domain/risk.ts';
import { AppError } from '../kit/errors.ts';
import { StoreError } from '../store/errors.ts';
import type { Store } from '../store/store.ts';

/** What a member told the bot about themselves; every read and write happens under that member's own key. */
export interface Members {
  watch(memberId: string, name: string, symbol: string): Promise<'added' | 'already' | 'full'>;
  unwatch(memberId: string, symbol: string): Promise<boolean>;
  watchlist(memberId: string): Promise<readonly string[]>;
  /** The member's own risk, or the default that `isDefault` marks. */
  risk(memberId: string): Promise<RiskProfile & { readonly isDefault: boolean }>;
  setRisk(memberId: string, name: string, profile: RiskProfile): Promise<void>;
}

export function createMembers(deps: {
  store: Pick<Store, 'as' | 'system'>;
  /** Told after the symbols of any watchlist changed, so that the feed can follow. */
  onWatchlistChange: () => void;
}): Members {
  const { store } = deps;
  return {
    watch: (memberId, name, symbol) =>
      keeping('your watchlist', async () => {
        await store.system.members.ensure({ memberId, name });
        const outcome = await store.as(memberId).watchlist.add(symbol);
        if (outcome === 'added') deps.onWatchlistChange();
        return outcome;
      }),
    unwatch: (memberId, symbol) =>
      keeping('your watchlist', async () => {
        const removed = await store.as(memberId).watchlist.remove(symbol);
        if (removed) deps.onWatchlistChange();
        return removed;
      }),
    watchlist: (memberId) =>
      keeping('your watchlist', async () => (await store.as(memberId).watchlist.list()).map((entry) => entry.symbol)),
    risk: (memberId) =>
      keeping('your risk settings', async () => {
        const own = await store.as(memberId).risk.get();
        return own ? { ...own, isDefault: false } : { ...DEFAULT_RISK, isDefault: true };
      }),
    setRisk: (memberId, name, profile) =>
      keeping('your risk settings', async () => {
        await store.system.members.ensure({ memberId, name });
        await store.as(memberId).risk.set(profile);
      }),
  };
}

/** Runs one store call and speaks to members if the database does not answer. */
export async function keeping<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (err instanceof StoreError && err.kind === 'unreachable') {
      throw new AppError(
        'unavailable',
        `The database does not answer, so ${what} cannot be read or saved now. Nothing was changed.`,
        { cause: err },
      );
    }
    throw err;
  }
}
