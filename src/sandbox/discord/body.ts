import { ApiError } from './api-error.ts';
import type { Upload } from './attachments.ts';

/** Largest request of all files together, in bytes. */
export const LARGEST_REQUEST = 25 * 1024 * 1024;

/** Reads a JSON or multipart body; `files[n]` come back beside the JSON of `payload_json`. */
export async function readBody(raw: Buffer | undefined, type: string): Promise<{ json: unknown; files: Upload[] }> {
  if (!raw || raw.length === 0) return { json: undefined, files: [] };
  if (type.startsWith('multipart/form-data')) return readMultipart(raw, type);
  return { json: parse(raw.toString('utf8')), files: [] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError(50109);
  }
}

async function readMultipart(raw: Buffer, type: string): Promise<{ json: unknown; files: Upload[] }> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData().catch(() => {
    throw new ApiError(50109);
  });
  const files: Upload[] = [];
  let json: unknown = {};
  for (const [name, value] of form) {
    if (name === 'payload_json' && typeof value === 'string') json = parse(value);
    else if (typeof value !== 'string')
      files.push({
        key: /^files\[(\d+)\]$/.exec(name)?.[1] ?? name,
        name: value.name,
        type: value.type,
        bytes: Buffer.from(await value.arrayBuffer()),
      });
  }
  return { json, files };
}
