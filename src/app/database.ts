import type { Env } from '../kit/env.ts';
import type { Log } from '../kit/log.ts';
import { startEmbedded } from '../store/embedded/embedded.ts';
import { createStore, type Store } from '../store/store.ts';
import type { OnStop } from './parts.ts';

/** The hosted project where there is one, else Postgres in the data folder, which is then ours alone. */
export async function openStore(env: Env, log: Log, onStop: OnStop): Promise<Store> {
  if (env.supabase) {
    const store = createStore({ ...env.supabase, log });
    await store.ping();
    return store;
  }
  const embedded = await startEmbedded({ dataDir: env.dataDir, log });
  onStop(embedded.stop);
  return createStore({ ...embedded, log });
}
