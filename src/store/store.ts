import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { ask } from './ask.ts';
import { type Client, type ClientSettings, createMemberClient, createSystemClient } from './clients.ts';
import { StoreError } from './errors.ts';
import { createMembers, type Members } from './members.ts';
import { createOffers, createOffersRead, type Offers, type OffersRead } from './offers.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createOwnTrades, type OwnTrades } from './own-trades.ts';
import { createPlans, type Plans } from './plans.ts';
import { createRisk, type Risk } from './risk.ts';
import { createSetups, type Setups } from './setups.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import { createTokens } from './tokens.ts';
import { createTrades, type Trades } from './trades.ts';
import { createWatchlist, createWatchlists, type Watchlist, type Watchlists } from './watchlists.ts';

export interface StoreOptions {
  readonly url: string;
  readonly serviceKey: string;
  readonly anonKey: string;
  readonly jwtSecret: string;
  /** The embedded store's, or the machine's own for a hosted project. */
  readonly fetch?: typeof globalThis.fetch;
  readonly log: Pick<Log, 'warn'>;
  /** Wall clock, for tokens. */
  readonly now?: () => number;
  /** For each call; 5 s unless said. */
  readonly deadlineMs?: number;
}

/** What one member owns, read and written as that member: row level security holds, whatever is asked. */
interface MemberStore {
  readonly watchlist: Watchlist;
  readonly risk: Risk;
  readonly plans: Plans;
  readonly offers: OffersRead;
  readonly trades: OwnTrades;
}

/** What the house owns, by the service key; never behind anything a member types. */
interface SystemStore {
  readonly members: Members;
  readonly watchlists: Watchlists;
  readonly snapshots: Snapshots;
  readonly setups: Setups;
  readonly offers: Offers;
  readonly trades: Trades;
  readonly outbox: Outbox;
}

export interface Store {
  readonly system: SystemStore;
  /** The member must have been made known by `system.members.ensure` before the first write. */
  as(memberId: string): MemberStore;
  /** Throws a StoreError when the database does not answer or lacks migrations. */
  ping(): Promise<void>;
}

/** What `schema_version()` must say at least. */
const SCHEMA_VERSION = 2;
const DEADLINE_MS = 5000;
const MEMBERS_HELD = 1000;

async function ping(client: Client): Promise<void> {
  const found = await ask('store.ping', client.rpc('schema_version'), z.number());
  if (found >= SCHEMA_VERSION) return;
  const message = `found version ${found} of the schema, need ${SCHEMA_VERSION}; apply supabase/migrations`;
  throw new StoreError('store.ping', '', message, { kind: 'schema' });
}

/** The one way to the database, hosted or embedded. */
export function createStore(options: StoreOptions): Store {
  const { jwtSecret, anonKey, log, now = systemClock.now } = options;
  const settings: ClientSettings = {
    url: options.url,
    fetch: options.fetch ?? globalThis.fetch,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
  };
  const service = createSystemClient({ ...settings, serviceKey: options.serviceKey });
  const members = new LRUCache<string, MemberStore>({ max: MEMBERS_HELD });

  return {
    system: {
      members: createMembers(service),
      watchlists: createWatchlists(service),
      snapshots: createSnapshots(service),
      setups: createSetups(service, log),
      offers: createOffers(service, log),
      trades: createTrades(service, log),
      outbox: createOutbox(service),
    },
    as(memberId) {
      const known = members.get(memberId);
      if (known) return known;
      const client = createMemberClient({ ...settings, anonKey }, createTokens({ jwtSecret, now }, memberId));
      const store: MemberStore = {
        watchlist: createWatchlist(client, memberId),
        risk: createRisk(client, memberId),
        plans: createPlans(client, memberId, log),
        offers: createOffersRead(client, log),
        trades: createOwnTrades(client, memberId, log),
      };
      members.set(memberId, store);
      return store;
    },
    ping: () => ping(service),
  };
}
