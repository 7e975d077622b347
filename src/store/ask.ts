import type { z } from 'zod';
import { kindOf, StoreError } from './errors.ts';

/** What every supabase-js query resolves to. */
export interface Reply {
  readonly data: unknown;
  readonly error: { readonly message: string; readonly code?: string; readonly details?: string | null } | null;
  readonly status: number;
}

/** A proxy may answer with a whole page. */
const LONGEST_MESSAGE = 300;

/** Awaits a query and reads its data with `rows`; every failure comes out as a StoreError named after `operation`. */
export async function ask<T>(operation: string, query: PromiseLike<Reply>, rows: z.ZodType<T>): Promise<T> {
  const { data, error, status } = await query;
  if (error) {
    const code = error.code ?? '';
    const cause = error.details ? { cause: new Error(error.details) } : {};
    throw new StoreError(operation, code, error.message.slice(0, LONGEST_MESSAGE), {
      kind: kindOf(status, code),
      ...cause,
    });
  }
  const read = rows.safeParse(data);
  if (!read.success) {
    throw new StoreError(operation, '', 'the database answered with rows this program cannot read', {
      kind: 'bad_row',
      cause: read.error,
    });
  }
  return read.data;
}
