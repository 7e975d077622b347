import { z } from 'zod';
import { MassiveError } from '../errors.ts';

/** A text that may be absent or null. */
export const string = z.string().nullish();
/** Numbers are never `.int()`: nanoseconds exceed 2^53 and zod would refuse them. */
export const number = z.number().nullish();

/** What the three generations of answers share; every member may be missing. Holidays are a bare array. */
export const envelopeSchema = z.union([
  z.looseObject({
    status: string,
    // the vendor's own samples type it as number and object too
    request_id: z.unknown().optional(),
    next_url: string,
    error: string,
    message: string,
  }),
  z.array(z.unknown()),
]);

export type Envelope = z.output<typeof envelopeSchema>;

/** The answer in its schema's shape, or `bad_payload` naming the first member that did not fit (never its value). */
export function parseAs<S extends z.ZodType>(schema: S, body: unknown, endpoint: string): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'the body';
  throw new MassiveError(
    'bad_payload',
    endpoint,
    `Massive's ${endpoint} answer does not fit at ${where}: ${issue?.code}`,
  );
}

/** The rows that fit; the others are counted by `drop`, and when none of several fits the answer is refused. */
export function fittingRows<S extends z.ZodType>(
  schema: S,
  rows: readonly unknown[],
  endpoint: string,
  drop: (rows: number) => void,
): z.output<S>[] {
  const fitting: z.output<S>[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) fitting.push(parsed.data);
  }
  admit(rows.length, fitting.length, endpoint, drop);
  return fitting;
}

/** Counts the rows that did not fit; an answer in which no row fits is a changed wire, not an empty market. */
export function admit(total: number, good: number, endpoint: string, drop: (rows: number) => void): void {
  if (good === total) return;
  drop(total - good);
  if (good === 0) {
    throw new MassiveError('bad_payload', endpoint, `None of the ${total} rows of Massive's ${endpoint} answer fits`);
  }
}
