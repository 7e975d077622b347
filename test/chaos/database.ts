import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { createStore } from '../../src/store/store.ts';
import type { Ledger, StoreOf } from './task.ts';

/** A database as a client reaches it. */
export interface Opened {
  readonly url: string;
  readonly serviceKey: string;
  readonly anonKey: string;
  readonly jwtSecret: string;
  readonly fetch: typeof globalThis.fetch;
}

const silent = { info() {}, warn() {}, error() {} };

/** The hosted project by the network, or Postgres inside this very process. */
export async function openDatabase(store: StoreOf): Promise<Opened> {
  if (store.kind === 'hosted') return { ...store, fetch: globalThis.fetch };
  return startEmbedded({ dataDir: store.dataDir, log: silent });
}

/** What the test itself asks, past every fault. */
export interface Auditor {
  /** Whoever starts now comes after the lease of the one who died. */
  endLeases(): Promise<void>;
  isOver(): Promise<boolean>;
  ledger(planIds: readonly string[]): Promise<Ledger>;
}

export function createAuditor(database: Opened): Auditor {
  const { system } = createStore({ ...database, log: silent });
  const { serviceKey } = database;
  const headers = { apikey: serviceKey, authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' };
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await database.fetch(`${database.url}/rest/v1/${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    async endLeases() {
      await ask('outbox?state=eq.pending', { method: 'PATCH', body: '{"lease_until":null}' });
    },
    isOver: async () => (await system.trades.open()).length === 0 && (await system.outbox.depth()) === 0,
    async ledger(planIds) {
      const trades = [];
      const outbox = [];
      for (const planId of planIds) {
        trades.push(...(await system.trades.ofPlan(planId)));
        const rows = await ask(`outbox?select=alert_id,position,state&stream=eq.plan:${planId}&order=position`);
        outbox.push(...((await rows.json()) as Ledger['outbox']));
      }
      return { trades, outbox };
    },
  };
}
