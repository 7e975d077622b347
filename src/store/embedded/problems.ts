import { z } from 'zod';
import { Refused } from './wire.ts';

const pgError = z.object({
  code: z.string().length(5),
  message: z.string(),
  detail: z.string().nullish(),
  hint: z.string().nullish(),
});

/** SQLSTATE to HTTP status where the whole code decides. */
const BY_CODE: Record<string, number> = {
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '53400': 500,
  '57P01': 503,
  P0001: 400,
};

/** SQLSTATE class to HTTP status. */
const BY_CLASS: Record<string, number> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 413,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
};

/** What PostgREST answers to an error of Postgres; undefined for an error that is not one. */
export function postgresProblem(err: unknown, role: string): Refused | undefined {
  const parsed = pgError.safeParse(err);
  if (!parsed.success) return undefined;
  const { code, message, detail, hint } = parsed.data;
  const problem = { code, message, details: detail ?? null, hint: hint ?? null };
  if (code === '42501') {
    return role === 'anon' ? new Refused(401, problem, { 'www-authenticate': 'Bearer' }) : new Refused(403, problem);
  }
  return new Refused(BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)] ?? 400, problem);
}
