import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSql } from './schema.ts';

/** One file of `supabase/migrations`. */
export interface Migration {
  /** File name without `.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** A sentence for the operator: the folder and this program's migrations do not go together. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** Migrations of a folder in the order of their names. */
export async function loadMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return await Promise.all(
    files.map(async (file) => {
      // A checkout with CRLF line ends is the same migration.
      const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
      return { name: file.slice(0, -4), sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** What a database must offer to be migrated. */
export interface MigrationDb {
  readonly run: RunSql;
  /** Several statements without parameters. */
  exec(sql: string): Promise<void>;
}

const LEDGER = `
  create schema if not exists embedded;
  create table if not exists embedded.migrations (
    name text primary key, checksum text not null, applied_at timestamptz not null default now()
  );`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Applies what is missing, each file with its ledger row in one transaction; the names applied come back. */
export async function migrate(db: MigrationDb, migrations: readonly Migration[]): Promise<string[]> {
  await db.exec(LEDGER);
  const applied = new Map(
    (await db.run('select name, checksum from embedded.migrations order by name')).map((row) => [
      row.name,
      row.checksum,
    ]),
  );
  for (const name of applied.keys()) {
    if (!migrations.some((m) => m.name === name)) {
      throw new MigrationRefused(
        `The data was written by a newer or different version: it has the migration ${name}, which this program does not know. Start that version, or use another data folder.`,
      );
    }
  }
  const fresh: string[] = [];
  for (const migration of migrations) {
    const known = applied.get(migration.name);
    if (known === migration.checksum) continue;
    if (known !== undefined) {
      throw new MigrationRefused(
        `The migration ${migration.name} was changed after it was applied to this data. Restore the file and put the change into a new migration.`,
      );
    }
    const record = `insert into embedded.migrations (name, checksum) values (${literal(migration.name)}, ${literal(migration.checksum)})`;
    try {
      await db.exec(`begin; ${migration.sql}\n; ${record}; commit;`);
    } catch (err) {
      const reason = err instanceof Error ? err.message : String(err);
      throw new MigrationRefused(
        `The migration ${migration.name} failed: ${reason}. The data is as it was before it.`,
        { cause: err },
      );
    }
    fresh.push(migration.name);
  }
  return fresh;
}
