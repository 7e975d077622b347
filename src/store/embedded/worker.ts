import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { FolderDamaged, openDatabase } from './database.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import { loadMigrations, MigrationRefused } from './migrations.ts';
import { createAnswerer } from './requests.ts';
import { introspect } from './schema.ts';

const settings: WorkerSettings = workerData;
const say = (message: FromWorker): void => parentPort?.postMessage(message);

try {
  const { db, created, applied } = await openDatabase(
    settings.folder,
    await readFile(settings.bootstrapFile, 'utf8'),
    await loadMigrations(settings.migrationsFolder),
  );
  const answer = createAnswerer({
    schema: await introspect(db.run),
    jwtSecret: new TextEncoder().encode(settings.jwtSecret),
    transaction: db.transaction,
  });
  const waiting: (() => Promise<void>)[] = [];
  const cancelled = new Set<number>();
  let busy = false;

  // One at a time: there is one session, and its role must never be another request's.
  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    busy = false;
  };

  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'cancel') {
      cancelled.add(message.id);
      return;
    }
    if (message.kind === 'stop') {
      waiting.push(async () => {
        await db.close();
        say({ kind: 'stopped' });
        parentPort?.close();
      });
    } else {
      const { id, request } = message;
      waiting.push(async () => {
        if (cancelled.delete(id)) return;
        try {
          say({ kind: 'answer', id, answer: await answer(request) });
        } catch (err) {
          say({ kind: 'failed', id, message: String(err) });
        }
        cancelled.delete(id);
      });
    }
    void drain();
  });
  say({ kind: 'ready', created, applied });
} catch (err) {
  const expected = err instanceof FolderDamaged || err instanceof MigrationRefused;
  say({ kind: 'refused', expected, message: expected ? err.message : String(err) });
  parentPort?.close();
}
