import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Part, partOf } from '../part.ts';
import type { Use } from './probe.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const NODE_CHECK = new URL('../../../src/node-version.mjs', import.meta.url).href;
const PROBE = import.meta.resolve('./probe.ts');
const READY = /^Trading Coach is ready/;

/** The product as `npm start` runs it, from the spawn to its ready line. */
export interface Program {
  readonly readyMs: number;
  use(): Promise<Use>;
  /** Asks it to end as Ctrl-C does, and waits until it has. */
  stop(): Promise<void>;
}

/** Starts `src/main.ts` with these settings and no others, in an empty folder: a `.env` of this checkout is not read. */
export async function startProgram(options: {
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly preload?: string;
}): Promise<Program> {
  const preloads = [NODE_CHECK, PROBE, ...(options.preload === undefined ? [] : [options.preload])];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...preloads.flatMap((one) => ['--import', one]), MAIN], {
    cwd: options.folder,
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'error', HTTP_PORT: '0', DATA_DIR: 'data', ...options.settings },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const part: Part = partOf(child);
  const ready = Promise.withResolvers<number>();
  if (!child.stdout) throw new Error('the program has no output to read');
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (READY.test(line)) ready.resolve(performance.now() - startedAt);
    else process.stderr.write(`${line}\n`);
  });
  void exited.then(() => ready.reject(new Error('the program ended before it was ready')));
  const readyMs = await ready.promise;
  return {
    readyMs,
    use() {
      part.tell({});
      return part.hear<Use>();
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
