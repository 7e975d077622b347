import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./run.ts', import.meta.url));

/** Another process of this program that plays one part; it ends with us, whatever happens to us. */
export interface Part {
  /** The next message from it; rejects when it ends before. */
  hear<T>(): Promise<T>;
  tell(message: object): void;
  /** Hangs up, which ends it; one that stays is killed. */
  stop(): Promise<void>;
}

const FAREWELL_MS = 5_000;

/** Starts `npm run bench`'s program once more as the named part. */
export function startPart(name: string): Part {
  return partOf(fork(PROGRAM, ['--part', name], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

/** The same view of any child with an IPC channel. */
export function partOf(child: ChildProcess): Part {
  const heard: unknown[] = [];
  const waiting: PromiseWithResolvers<unknown>[] = [];
  let end: Error | undefined;
  child.on('message', (message) => {
    const first = waiting.shift();
    if (first) first.resolve(message);
    else heard.push(message);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      end = new Error(`a part ended before its time (${signal ?? `code ${code}`})`);
      for (const one of waiting.splice(0)) one.reject(end);
      resolve();
    });
  });
  return {
    async hear<T>() {
      if (heard.length > 0) return heard.shift() as T;
      if (end) throw end;
      const next = Promise.withResolvers<unknown>();
      waiting.push(next);
      return (await next.promise) as T;
    },
    tell: (message) => void child.send(message),
    async stop() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** The part's own side: says something to whoever started it. */
export function tellStarter(message: object): void {
  process.send?.(message);
}
