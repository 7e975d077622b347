import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Embedded, startEmbedded } from '../../src/store/embedded/embedded.ts';
import { createStore } from '../../src/store/store.ts';
import { productMigrations, silent } from './backend.ts';

/** The last file before alerts had streams. */
const VERSION_1 = '20261121010600_schema_version.sql';
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tc-upgrade-'));
  folders.push(folder);
  return folder;
}

function call({ url, fetch, serviceKey }: Embedded, name: string, args: object): Promise<Response> {
  const headers = { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' };
  return fetch(`${url}/rest/v1/rpc/${name}`, { method: 'POST', headers, body: JSON.stringify(args) });
}

it('alerts that were on their way before there were streams leave in the order in which they came', async () => {
  const [dataDir, migrationsFolder] = await Promise.all([newFolder(), newFolder()]);
  for (const file of await readdir(productMigrations)) {
    if (file <= VERSION_1) await cp(join(productMigrations, file), join(migrationsFolder, file));
  }
  const old = await startEmbedded({ dataDir, log: silent, migrationsFolder });
  const ids = ['z', 'm', 'a', 'k'];
  for (const id of ids) {
    const args = { alert_id: id, kind: 'session', channel: 'alerts', payload: { id }, nonce: id };
    expect((await call(old, 'enqueue_alert', args)).status).toBe(200);
  }
  await call(old, 'claim_outbox', { n: 1, lease_seconds: 0 });
  await call(old, 'settle_outbox', { alert_id: 'z', message_id: '1' });
  await expect(createStore({ ...old, log: silent }).ping()).rejects.toMatchObject({ kind: 'schema' });
  await old.stop();

  const now = await startEmbedded({ dataDir, log: silent });
  const store = createStore({ ...now, log: silent });
  const { outbox } = store.system;
  await expect(store.ping()).resolves.toBeUndefined();
  const way = { channel: 'alerts', stream: 'alerts', priority: 1 as const };
  await outbox.enqueue({ alertId: 'b', kind: 'session', payload: {}, nonce: 'b', ...way });
  const left: string[] = [];
  for (let rows = await outbox.claim(5, 60); rows.length > 0; rows = await outbox.claim(5, 60)) {
    expect(rows).toHaveLength(1);
    for (const row of rows) {
      left.push(row.alertId);
      expect(row).toMatchObject({ stream: 'alerts', priority: 1 });
      await outbox.settle(row.alertId, '1', row.attempts);
    }
  }
  expect(left).toEqual(['m', 'a', 'k', 'b']);
  await now.stop();
}, 90_000);
