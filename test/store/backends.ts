import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Backend, productMigrations, startHere } from './backend.ts';
import { missing, startReal } from './real-postgrest.ts';

/** Runs one suite on the embedded store and on real PostgREST; the second skips with its reason where it is not installed. */
export function onEachBackend(suite: (backend: () => Backend) => void, migrationsFolder = productMigrations): void {
  const starters = { embedded: startHere, PostgREST: startReal };
  for (const [name, start] of Object.entries(starters)) {
    if (name === 'PostgREST' && missing !== undefined) {
      it.skip(`on real PostgREST: ${missing}`, () => {});
      continue;
    }
    describe(`on ${name}`, () => {
      let backend: Backend | undefined;
      beforeAll(async () => {
        backend = await start(migrationsFolder);
      });
      afterAll(() => backend?.stop());
      suite(() => {
        if (backend === undefined) throw new Error('not started');
        return backend;
      });
    });
  }
}
