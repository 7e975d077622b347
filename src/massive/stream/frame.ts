import type { RawData } from 'ws';

/** The events of one frame, or why it holds none. The one place that turns bytes into objects. */
export type Frame =
  | { readonly ok: true; readonly events: readonly unknown[] }
  | { readonly ok: false; readonly reason: 'not_json' | 'not_array' };

/** Reads one frame; never throws. Every server frame is a JSON array that may mix events, symbols and status objects. */
export function readFrame(data: RawData): Frame {
  let value: unknown;
  try {
    value = JSON.parse(textOf(data));
  } catch {
    return { ok: false, reason: 'not_json' };
  }
  return Array.isArray(value) ? { ok: true, events: value } : { ok: false, reason: 'not_array' };
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8');
}
