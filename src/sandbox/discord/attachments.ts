import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError } from './api-error.ts';
import type { World } from './world.ts';

/** A file of a multipart request. */
export interface Upload {
  /** `0` of `files[0]`. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** An attachment as messages carry it. */
export interface Attachment {
  id: string;
  filename: string;
  size: number;
  url: string;
  proxy_url: string;
  width?: number;
  height?: number;
  content_type?: string;
  description?: string;
  [key: string]: unknown;
}

/** Where the bytes of files are. */
export interface AttachmentStore {
  put(id: string, bytes: Buffer): Promise<void>;
  get(id: string): Promise<Buffer | undefined>;
  drop(id: string): void;
  /** Drops every file but these: what a kill left behind. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** Largest single file without a boost, in bytes. */
export const LARGEST_FILE = 10 * 1024 * 1024;

const HELD_IN_MEMORY = 300;
const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Keeps files on disk under `dir`, or the newest few hundred in memory. */
export function createAttachmentStore(dir: string | undefined): AttachmentStore {
  if (dir) {
    mkdirSync(dir, { recursive: true });
    return {
      put: (id, bytes) => writeFile(join(dir, id), bytes),
      get: (id) => readFile(join(dir, id)).catch(() => undefined),
      drop: (id) => void rm(join(dir, id), { force: true }),
      keepOnly(ids) {
        for (const id of readdirSync(dir)) if (!ids.has(id)) rmSync(join(dir, id), { force: true });
      },
    };
  }
  const held = new Map<string, Buffer>();
  return {
    async put(id, bytes) {
      held.set(id, bytes);
      const oldest = held.keys().next().value;
      if (held.size > HELD_IN_MEMORY && oldest) held.delete(oldest);
    },
    get: async (id) => held.get(id),
    drop: (id) => void held.delete(id),
    keepOnly: () => {},
  };
}

/** The ids of all files that a message shows, in whatever part of it. */
export function filesOf(message: object): Set<string> {
  return new Set([...JSON.stringify(message).matchAll(/\/attachments\/\d+\/(\d+)\//g)].map((match) => match[1] ?? ''));
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** The content type that Discord would tell for a file of this name. */
export function typeOf(filename: string, claimed = ''): string {
  const byName = TYPES[filename.split('.').pop()?.toLowerCase() ?? ''];
  return byName ?? (claimed || 'application/octet-stream');
}

function imageSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length < 24 || !bytes.subarray(0, 4).equals(PNG_HEAD)) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Stores uploads and describes them; the description of `attachments[]` with the same id goes along. */
export async function takeUploads(
  world: World,
  store: AttachmentStore,
  channelId: string,
  uploads: readonly Upload[],
  described: readonly { id: string; filename?: string | null | undefined; description?: string | null | undefined }[],
): Promise<Attachment[]> {
  if (uploads.some((one) => one.bytes.length > LARGEST_FILE)) throw new ApiError(40005);
  return Promise.all(
    uploads.map(async (upload) => {
      const words = described.find((one) => one.id === upload.key);
      const filename = (words?.filename ?? upload.name).replace(/[^\w.-]+/g, '_') || 'unknown';
      const id = world.ids.next();
      await store.put(id, upload.bytes);
      const url = `${world.origin}/attachments/${channelId}/${id}/${filename}`;
      return {
        id,
        filename,
        size: upload.bytes.length,
        url,
        proxy_url: url,
        content_type: typeOf(filename, upload.type),
        ...imageSize(upload.bytes),
        ...(words?.description && { description: words.description }),
      };
    }),
  );
}
