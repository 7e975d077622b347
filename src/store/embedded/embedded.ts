import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { AppError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { POSTGRES_MAJOR } from './database.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { type Running, startWorker } from './running.ts';

/** The in-process Supabase: hand `url`, keys and `fetch` to `createStore`. */
export interface Embedded {
  readonly url: string;
  readonly serviceKey: string;
  readonly anonKey: string;
  readonly jwtSecret: string;
  readonly fetch: typeof globalThis.fetch;
  /** Finishes what was sent, closes the database, lets go of the folder; a second call is the same stop. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Pick<Log, 'info' | 'error'>;
  /** The program's own migrations unless given. */
  readonly migrationsFolder?: string;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function key(role: string, secret: string): Promise<string> {
  return await new SignJWT({ role, iss: 'embedded' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}

async function holdFolder(dataDir: string): Promise<FolderLock> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (err) {
    const code = (err as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AppError(
      'unavailable',
      `The data folder ${dataDir} cannot be written (${code}). Set DATA_DIR to a folder that can be.`,
      {
        cause: err,
      },
    );
  }
  return lockFolder(dataDir);
}

/**
 * Starts Postgres in a worker thread on `<dataDir>/pg18`, made on first use. Refuses with an `AppError` when another process
 * holds the folder (`conflict`) or the data cannot be opened (`unavailable`).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const lock = await holdFolder(dataDir);
  const jwtSecret = randomBytes(32).toString('hex');
  let running: Running;
  try {
    running = await startWorker(
      {
        folder: join(dataDir, `pg${POSTGRES_MAJOR}`),
        bootstrapFile: here('./bootstrap.sql'),
        migrationsFolder: options.migrationsFolder ?? here('../../../supabase/migrations'),
        jwtSecret,
      },
      options.log,
    );
  } catch (err) {
    lock.release();
    if (err instanceof AppError) throw err;
    throw new AppError('unavailable', `The embedded database in ${dataDir} did not start.`, { cause: err });
  }
  let stopped: Promise<void> | undefined;
  return {
    url: 'http://store.embedded.invalid',
    serviceKey: await key('service_role', jwtSecret),
    anonKey: await key('anon', jwtSecret),
    jwtSecret,
    fetch: running.fetch,
    stop() {
      stopped ??= running.stop().then(() => lock.release());
      return stopped;
    },
  };
}
