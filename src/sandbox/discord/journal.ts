import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Kept } from './world.ts';

type Kind = keyof Kept;
interface Line {
  readonly kind: Kind | 'origin';
  readonly id: string;
  /** Absent: forgotten. */
  readonly value?: unknown;
}

/** The guild's memory over restarts. */
export interface Journal {
  /** What was there at the last stop, by kind in order of first writing. */
  readonly found: readonly Line[];
  keep(kind: Kind, id: string, value: unknown): void;
  forget(kind: Kind, id: string): void;
  close(): void;
}

const FILE = 'journal.ndjson';
const REWRITE_AFTER = 4000;

const keyOf = (line: { kind: string; id: string }): string => `${line.kind} ${line.id}`;

function isLine(value: unknown): value is Line {
  const line = value as Partial<Line> | null;
  return typeof line === 'object' && line !== null && typeof line.kind === 'string' && typeof line.id === 'string';
}

function readLines(path: string, warn: (detail: object, text: string) => void): Line[] {
  if (!existsSync(path)) return [];
  const lines: Line[] = [];
  for (const [at, text] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (text === '') continue;
    try {
      const value = JSON.parse(text) as unknown;
      if (!isLine(value)) throw new Error('not a journal line');
      lines.push(value);
    } catch {
      warn({ line: at + 1 }, 'embedded discord journal line unreadable, skipped');
    }
  }
  return lines;
}

/**
 * An append-only file of what the embedded guild must not lose, written before the answer leaves.
 * Unreadable lines (a torn tail after a kill) are skipped with a warning; addresses are rewritten to `origin`.
 */
export function openJournal(dir: string, origin: string, warn: (detail: object, text: string) => void): Journal {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, FILE);
  const live = new Map<string, string>();
  const before = readLines(path, warn);
  const oldOrigin = before.find((line) => line.kind === 'origin')?.id;
  for (const line of before) {
    if (line.kind === 'origin') continue;
    if (line.value === undefined) live.delete(keyOf(line));
    else {
      const text = JSON.stringify(line);
      live.set(keyOf(line), oldOrigin ? text.replaceAll(oldOrigin, origin) : text);
    }
  }

  const rewrite = (): number => {
    const head = JSON.stringify({ kind: 'origin', id: origin });
    writeFileSync(`${path}.new`, `${[head, ...live.values()].join('\n')}\n`);
    renameSync(`${path}.new`, path);
    return openSync(path, 'a');
  };
  let file = rewrite();
  let appended = 0;
  let open = true;

  const append = (text: string): void => {
    if (!open) return;
    writeSync(file, `${text}\n`);
    appended += 1;
    if (appended < REWRITE_AFTER + 4 * live.size) return;
    closeSync(file);
    file = rewrite();
    appended = 0;
  };

  return {
    found: [...live.values()].map((text) => JSON.parse(text) as Line),
    keep(kind, id, value) {
      const text = JSON.stringify({ kind, id, value });
      live.set(keyOf({ kind, id }), text);
      append(text);
    },
    forget(kind, id) {
      if (live.delete(keyOf({ kind, id }))) append(JSON.stringify({ kind, id }));
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(file);
    },
  };
}
