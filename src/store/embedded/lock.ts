import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../kit/errors.ts';

/** Holds a data folder for this process; the operating system lets go when the process dies, however it dies. */
export interface FolderLock {
  release(): void;
}

function holderOf(path: string): string {
  try {
    const pid = /^\d+$/.exec(readFileSync(path, 'utf8').trim())?.[0];
    return pid === undefined ? 'another process' : `process ${pid}`;
  } catch {
    return 'another process';
  }
}

/** Takes the lock of a data folder, or refuses with a sentence that names the folder and who holds it. */
export function lockFolder(dataDir: string): FolderLock {
  const pidPath = join(dataDir, 'lock.pid');
  // SQLite's file lock is the one lock in Node that a kill -9 releases and a recycled pid cannot fake.
  const file = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    file.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (err) {
    file.close();
    throw new AppError(
      'conflict',
      `The data folder ${dataDir} is in use by ${holderOf(pidPath)}. Stop that one first, or set DATA_DIR to another folder.`,
      { cause: err },
    );
  }
  writeFileSync(pidPath, `${process.pid}\n`);
  return {
    release() {
      rmSync(pidPath, { force: true });
      file.close();
    },
  };
}
