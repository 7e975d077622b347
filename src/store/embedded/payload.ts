import { Refused, undeclared } from './wire.ts';

const invalid = (message: string): Refused => new Refused(400, { code: 'PGRST102', message });

/** Keys of a JSON payload that is an object or an array of alike objects; the values stay text for Postgres to read. */
export function payloadKeys(body: string, declared: readonly string[] | undefined): { keys: string[]; rows: number } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalid('Empty or invalid json');
  }
  if (typeof value !== 'object' || value === null) throw undeclared('a payload that is neither object nor array');
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (declared !== undefined) return { keys: [...declared], rows: list.length };
  const rows = list.map((row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw invalid('All object keys must match');
    return Object.keys(row).sort();
  });
  const keys = rows[0] ?? [];
  if (rows.some((row) => row.join('\0') !== keys.join('\0'))) throw invalid('All object keys must match');
  return { keys, rows: rows.length };
}
