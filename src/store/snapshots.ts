import { z } from 'zod';
import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { instant, toInstant } from './rows.ts';

interface StoredSnapshot {
  readonly asOf: number;
  readonly body: unknown;
}

/** Last known good market data, by key. */
export interface Snapshots {
  /** False when what is stored speaks of a later time and stays. */
  save(key: string, asOf: number, body: unknown): Promise<boolean>;
  load(key: string): Promise<StoredSnapshot | undefined>;
}

const row = z
  .object({ as_of: instant, body: z.unknown() })
  .transform((r): StoredSnapshot => ({ asOf: r.as_of, body: r.body }));

/** Snapshots by the service key. */
export function createSnapshots(client: Client): Snapshots {
  return {
    save: (key, asOf, body) =>
      ask('snapshots.save', client.rpc('save_snapshot', { key, as_of: toInstant(asOf), body }), z.boolean()),
    async load(key) {
      const found = await ask(
        'snapshots.load',
        client.from('snapshots').select('as_of,body').eq('key', key).maybeSingle(),
        row.nullable(),
      );
      return found ?? undefined;
    },
  };
}
