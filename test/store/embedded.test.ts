import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src/kit/errors.ts';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { createStore } from '../../src/store/store.ts';
import { freshFolder, productMigrations, silent } from './backend.ts';

// Whole databases are copied and started here, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));
const folders: string[] = [];
const children: ChildProcess[] = [];

async function folder(): Promise<string> {
  const made = await freshFolder();
  folders.push(made);
  return made;
}

/** A second process that writes to the folder and tells each write that was acknowledged. */
function writer(dataDir: string): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, [WRITER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  if (child.stdout === null) throw new Error('no stdout');
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const made of folders.splice(0)) await rm(made, { recursive: true, force: true });
});

/** All but the caches that Postgres makes anew at each start. */
const files = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'pg_internal.init')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

describe('the data folder', () => {
  it('keeps everything over a restart', async () => {
    const dataDir = await folder();
    const first = await startEmbedded({ dataDir, log: silent });
    await createStore({ ...first, log: silent }).system.snapshots.save('k', 5, { last: 1 });
    await first.stop();
    const second = await startEmbedded({ dataDir, log: silent });
    expect(await createStore({ ...second, log: silent }).system.snapshots.load('k')).toEqual({
      asOf: 5,
      body: { last: 1 },
    });
    expect(second.jwtSecret).not.toBe(first.jwtSecret);
    await second.stop();
  });

  it('is made from nothing, complete, in a folder named after the Postgres major', async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), 'tc-new-')), 'a', 'b');
    folders.push(join(dataDir, '../..'));
    const embedded = await startEmbedded({ dataDir, log: silent });
    await expect(createStore({ ...embedded, log: silent }).ping()).resolves.toBeUndefined();
    await embedded.stop();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('pg'))).toEqual(['pg18']);
    expect((await readFile(join(dataDir, 'pg18/PG_VERSION'), 'utf8')).trim()).toBe('18');
  });

  it('survives a creation that was killed half way', async () => {
    const dataDir = await folder();
    await cp(join(dataDir, 'pg18'), join(dataDir, 'pg18.building'), { recursive: true });
    await rm(join(dataDir, 'pg18'), { recursive: true });
    const embedded = await startEmbedded({ dataDir, log: silent });
    await expect(createStore({ ...embedded, log: silent }).ping()).resolves.toBeUndefined();
    await embedded.stop();
  });

  it('holds every acknowledged write after a kill -9 in the middle of writing', async () => {
    const dataDir = await folder();
    let acknowledged = -1;
    for (const enough of [20, 45, 80]) {
      const { child, lines } = writer(dataDir);
      while (acknowledged < enough) {
        const { value, done } = await lines.next();
        if (done) throw new Error('the writer ended by itself');
        acknowledged = Number(value);
      }
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      for (let next = await lines.next(); !next.done; next = await lines.next()) acknowledged = Number(next.value);
      const embedded = await startEmbedded({ dataDir, log: silent });
      const { snapshots } = createStore({ ...embedded, log: silent }).system;
      for (let i = 0; i <= acknowledged; i++)
        expect(await snapshots.load(`write ${i}`)).toEqual({ asOf: i, body: { i } });
      await embedded.stop();
    }
  });
});

describe('a data folder that another process holds', () => {
  it('is refused with its path, the process and what to do; free again when that one is killed', async () => {
    const dataDir = await folder();
    const { child, lines } = writer(dataDir);
    await lines.next();
    const refused = await startEmbedded({ dataDir, log: silent }).catch((err: unknown) => err);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({
      code: 'conflict',
      message: `The data folder ${dataDir} is in use by process ${child.pid}. Stop that one first, or set DATA_DIR to another folder.`,
    });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await (await startEmbedded({ dataDir, log: silent })).stop();
  });

  it('is refused to the same process too', async () => {
    const dataDir = await folder();
    const embedded = await startEmbedded({ dataDir, log: silent });
    await expect(startEmbedded({ dataDir, log: silent })).rejects.toMatchObject({ code: 'conflict' });
    await expect(createStore({ ...embedded, log: silent }).ping()).resolves.toBeUndefined();
    await embedded.stop();
  });
});

describe('a damaged data folder', () => {
  const damages: [string, (data: string) => void][] = [
    ['another version', (data) => writeFileSync(join(data, 'PG_VERSION'), '15\n')],
    ['rubbish for a version', (data) => writeFileSync(join(data, 'PG_VERSION'), 'x'.repeat(5000))],
    ['a control file of zeros', (data) => writeFileSync(join(data, 'global/pg_control'), Buffer.alloc(8192))],
    ['an empty control file', (data) => writeFileSync(join(data, 'global/pg_control'), '')],
    ['a system catalogue of rubbish', (data) => writeFileSync(join(data, 'global/1262'), Buffer.alloc(8192, 7))],
  ];

  it.each(damages)('with %s is refused in one sentence, and nothing is deleted', async (_, damage) => {
    const dataDir = await folder();
    damage(join(dataDir, 'pg18'));
    const before = files(join(dataDir, 'pg18'));
    const refused = await startEmbedded({ dataDir, log: silent }).catch((err: unknown) => err);
    expect(refused).toMatchObject({
      name: 'AppError',
      code: 'unavailable',
      message: expect.stringMatching(
        /^The data folder .*pg18 cannot be opened as a database: .* Nothing in it was deleted\./,
      ),
    });
    const after = new Set(files(join(dataDir, 'pg18')));
    expect(before.filter((path) => !after.has(path))).toEqual([]);
  });

  it('without its version file is not taken for an empty one', async () => {
    const dataDir = await folder();
    await rm(join(dataDir, 'pg18/PG_VERSION'));
    const size = statSync(join(dataDir, 'pg18/global/pg_control')).size;
    await expect(startEmbedded({ dataDir, log: silent })).rejects.toMatchObject({ code: 'unavailable' });
    expect(statSync(join(dataDir, 'pg18/global/pg_control')).size).toBe(size);
  });
});

describe('migrations', () => {
  const start = (dataDir: string, migrationsFolder: string) =>
    startEmbedded({ dataDir, log: silent, migrationsFolder });

  it('are applied once, in order, and later ones to old data', async () => {
    const dataDir = await folder();
    const migrationsFolder = join(dataDir, 'migrations');
    await cp(productMigrations, migrationsFolder, { recursive: true });
    await writeFile(
      join(migrationsFolder, '20990101000000_next.sql'),
      `create or replace function public.schema_version() returns integer language sql stable set search_path = '' as $$ select 99 $$;`,
    );
    for (let i = 0; i < 2; i++) {
      const embedded = await start(dataDir, migrationsFolder);
      await expect(createStore({ ...embedded, log: silent }).ping()).resolves.toBeUndefined();
      await embedded.stop();
    }
    await expect(startEmbedded({ dataDir, log: silent })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('20990101000000_next, which this program does not know'),
    });
  });

  it('that were changed after they were applied are refused by name', async () => {
    const dataDir = await folder();
    const migrationsFolder = join(dataDir, 'migrations');
    await cp(productMigrations, migrationsFolder, { recursive: true });
    appendFileSync(join(migrationsFolder, '20261121010300_plans.sql'), '-- changed\n');
    await expect(start(dataDir, migrationsFolder)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^The migration 20261121010300_plans was changed after it was applied/),
    });
  });

  it('that fail leave the data as it was', async () => {
    const dataDir = await folder();
    const migrationsFolder = join(dataDir, 'migrations');
    await cp(productMigrations, migrationsFolder, { recursive: true });
    await mkdir(migrationsFolder, { recursive: true });
    await writeFile(
      join(migrationsFolder, '20990101000000_bad.sql'),
      'create table public.half (a int); select nonsense;',
    );
    await expect(start(dataDir, migrationsFolder)).rejects.toMatchObject({
      code: 'unavailable',
      message:
        'The migration 20990101000000_bad failed: column "nonsense" does not exist. The data is as it was before it.',
    });
    const embedded = await startEmbedded({ dataDir, log: silent });
    const answer = await embedded.fetch(`${embedded.url}/rest/v1/half`, {
      headers: { authorization: `Bearer ${embedded.serviceKey}` },
    });
    expect(answer.status).toBe(404);
    await embedded.stop();
  });
});
