import { readFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the page's answers carry: nothing from outside, no inline code, no frames, no strings turned into markup. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: http://127.0.0.1:* http://localhost:*",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const cache = new Map<string, PageFile>();

function sourceOf(path: string): { readonly url: URL; readonly type: string } | undefined {
  if (path === '/') return { url: new URL('./index.html', import.meta.url), type: 'text/html; charset=utf-8' };
  const [, name = '', ending] = /^\/page\/([a-z0-9-]+)\.(ts|css|svg|woff2)$/.exec(path) ?? [];
  switch (ending) {
    case 'ts':
      return { url: new URL(`./client/${name}.ts`, import.meta.url), type: 'text/javascript; charset=utf-8' };
    case 'css':
      return { url: new URL(`./style/${name}.css`, import.meta.url), type: 'text/css; charset=utf-8' };
    case 'svg':
      return { url: new URL(`./${name}.svg`, import.meta.url), type: 'image/svg+xml' };
    case 'woff2': {
      const weight = /^inter-(400|500|600)$/.exec(name)?.[1];
      if (!weight) return undefined;
      const file = createRequire(import.meta.url).resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
      return { url: pathToFileURL(file), type: 'font/woff2' };
    }
    default:
      return undefined;
  }
}

async function load(path: string): Promise<PageFile | undefined> {
  const source = sourceOf(path);
  if (!source) return undefined;
  try {
    const body = await readFile(fileURLToPath(source.url));
    if (!source.type.startsWith('text/javascript')) return { type: source.type, body, headers: PAGE_HEADERS };
    const script = stripTypeScriptTypes(body.toString('utf8'));
    return { type: source.type, body: Buffer.from(script), headers: PAGE_HEADERS };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file of the page by its URL path, TypeScript already stripped; undefined for what the page does not have. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  const known = cache.get(path);
  if (known) return known;
  const found = await load(path);
  // only what exists is kept: unknown paths come from anyone
  if (found) cache.set(path, found);
  return found;
}
