import type { z } from 'zod';
import type { Log } from '../kit/log.ts';

/** Reads stored rows one by one: one that another version wrote is left out with a warning, and never hides the rest. */
export function readEach<T>(
  rows: readonly unknown[],
  schema: z.ZodType<T>,
  log: Pick<Log, 'warn'>,
  operation: string,
): T[] {
  return rows.flatMap((row) => {
    const read = schema.safeParse(row);
    if (!read.success) log.warn({ operation, err: read.error }, 'stored row unreadable');
    return read.success ? [read.data] : [];
  });
}

/** Rows asked for at once; a hosted project gives at most 1000, silently. */
const PAGE = 500;

/** All rows of a query that grows while it is read: `page` gives those after a key, in the order of the key. */
export async function readAll<T>(
  page: (after: string, limit: number) => Promise<readonly T[]>,
  keyOf: (row: T) => string,
): Promise<T[]> {
  const all: T[] = [];
  for (let after = ''; ; ) {
    const rows = await page(after, PAGE);
    all.push(...rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return all;
    after = keyOf(last);
  }
}

/** An id or the beginning of one as PostgREST's `like` takes it; undefined for what is not at least 4 hex digits. */
export function hexPattern(idOrPrefix: string): string | undefined {
  const id = idOrPrefix.trim().toLowerCase();
  return /^[0-9a-f]{4,64}$/.test(id) ? `${id}*` : undefined;
}
