import { createHash } from 'node:crypto';

/** JSON with sorted keys and one spelling per value, for hashing; throws on undefined, functions and numbers that are not finite. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form, needed a finite number`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new TypeError('an object with a class has no canonical form, needed plain data');
    }
    const record = value as Readonly<Record<string, unknown>>;
    let text = '';
    // sort() without a comparison goes by UTF-16 code units: the same in every locale
    for (const key of Object.keys(record).sort()) {
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(record[key])}`;
    }
    return `{${text}}`;
  }
  throw new TypeError(`${typeof value} has no canonical form, needed plain data`);
}

/** sha256 hex of the canonical JSON: equal for equal data in any process, time zone or locale. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
