import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type QueryOptions } from '@electric-sql/pglite';
import { type Migration, type MigrationDb, migrate } from './migrations.ts';
import type { RunSql } from './schema.ts';

/** Postgres major version inside PGlite; the data folder carries it, because majors cannot read each other's files. */
export const POSTGRES_MAJOR = 18;

/** A sentence for the operator: the folder cannot be opened as a database; nothing in it was deleted. */
export class FolderDamaged extends Error {
  override readonly name = 'FolderDamaged';
}

export interface Database extends MigrationDb {
  transaction<T>(work: (run: RunSql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const asText = (value: string): string => value;
const textual = (oids: readonly number[]): Record<number, (value: string) => string> =>
  Object.fromEntries(oids.map((oid) => [oid, asText]));

async function open(folder: string): Promise<Database> {
  const db = await PGlite.create({ dataDir: folder, onStdout: () => false, onStderr: () => false });
  const types = await db.query<{ oid: number }>('select oid::int as oid from pg_catalog.pg_type');
  const oids = types.rows.map((row) => row.oid);
  // Values cross as text both ways, as they do in PostgREST: Postgres alone reads and writes them.
  const options: QueryOptions = { serializers: textual(oids), parsers: textual(oids) };
  return {
    async run(sql, params = []) {
      return (await db.query<Record<string, string | null>>(sql, [...params], options)).rows;
    },
    async exec(sql) {
      await db.exec(sql);
    },
    transaction: (work) =>
      db.transaction((tx) =>
        work(
          async (sql, params = []) => (await tx.query<Record<string, string | null>>(sql, [...params], options)).rows,
        ),
      ),
    close: () => db.close(),
  };
}

function whatIsWrong(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const path = join(folder, 'PG_VERSION');
  if (!existsSync(path)) return 'its PG_VERSION file is missing';
  const found = readFileSync(path, 'utf8').trim().slice(0, 20);
  return found === String(POSTGRES_MAJOR) ? undefined : `its PG_VERSION file says "${found}", not ${POSTGRES_MAJOR}`;
}

const damaged = (folder: string, reason: string, cause?: unknown): FolderDamaged =>
  new FolderDamaged(
    `The data folder ${folder} cannot be opened as a database: ${reason}. Nothing in it was deleted. Put a copy back, or move the folder away to start empty.`,
    { cause },
  );

/** Opens the database of a folder, creating it first where there is none, with every migration applied. */
export async function openDatabase(
  folder: string,
  bootstrap: string,
  migrations: readonly Migration[],
): Promise<{ db: Database; created: boolean; applied: readonly string[] }> {
  const wrong = whatIsWrong(folder);
  if (wrong !== undefined) throw damaged(folder, wrong);
  const created = !existsSync(folder);
  if (created) {
    // Built beside and renamed: a process killed half way leaves no folder that looks complete.
    const building = `${folder}.building`;
    await rm(building, { recursive: true, force: true });
    const fresh = await open(building);
    await fresh.exec(bootstrap);
    await migrate(fresh, migrations);
    await fresh.close();
    await rename(building, folder);
  }
  let db: Database;
  try {
    db = await open(folder);
  } catch (err) {
    throw damaged(folder, 'Postgres does not start on it', err);
  }
  const applied = await migrate(db, migrations);
  // From here on Postgres itself refuses any role that a token may not name.
  await db.exec('set session authorization authenticator');
  return { db, created, applied: created ? migrations.map((m) => m.name) : applied };
}
