import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ledger, Report, Task } from './task.ts';

/** How one process ended. */
type Ending =
  | { readonly kind: 'killed'; readonly at: number }
  | { readonly kind: 'over'; readonly points: number; readonly ledger: Ledger };

/** Bots under test; a few wait with their modules loaded, so that a kill hits work and not a start. */
export interface Processes {
  /** Runs one until it is done, or kills it so many milliseconds after it went to work; rejects when it failed by itself. */
  run(task: Task, killAfterMs: number | undefined): Promise<Ending>;
  stop(): void;
}

const WARM = 2;
/** Half of a start is reading and compiling what never changes. */
const CACHE = join(tmpdir(), `tc-compiled-${process.getuid?.() ?? ''}`);
const FILE = fileURLToPath(new URL('./child.ts', import.meta.url));

export function createProcesses(): Processes {
  const spare: ChildProcess[] = [];
  let isOpen = true;
  const warmUp = (): void => {
    while (isOpen && spare.length < WARM) {
      spare.push(
        fork(FILE, {
          execArgv: ['--disable-warning=ExperimentalWarning'],
          env: { ...process.env, NODE_COMPILE_CACHE: CACHE },
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        }),
      );
    }
  };
  warmUp();
  return {
    run(task, killAfterMs) {
      const child = spare.shift();
      if (!child) throw new Error('stopped');
      const { promise, resolve, reject } = Promise.withResolvers<Ending>();
      let at = task.startAt;
      let timer: NodeJS.Timeout | undefined;
      child.on('message', (told: Report) => {
        if (told.kind === 'at') at = told.at;
        if (told.kind === 'begun' && killAfterMs !== undefined)
          timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
        if (told.kind === 'told') clearTimeout(timer);
        if (told.kind === 'failed') reject(new Error(told.reason));
        if (told.kind === 'over') resolve(told);
        if (told.kind === 'over' || told.kind === 'failed') child.kill('SIGKILL');
      });
      child.on('exit', (code, signal) => {
        clearTimeout(timer);
        if (signal === 'SIGKILL') resolve({ kind: 'killed', at });
        else reject(new Error(`the bot ended by itself with ${code ?? signal}`));
        // started when the machine has nothing else to do
        warmUp();
      });
      child.send(task);
      return promise;
    },
    stop() {
      isOpen = false;
      for (const child of spare.splice(0)) child.kill('SIGKILL');
    },
  };
}
