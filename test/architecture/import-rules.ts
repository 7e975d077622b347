import { importsOf, type SourceTree } from './source-tree.ts';

/** Each part of the house and the parts that it may import besides itself (design, section 3). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/kit/': [],
  'src/domain/': [],
  'src/massive/': ['src/kit/', 'src/domain/'],
  'src/store/': ['src/kit/', 'src/domain/'],
  'src/cards/': ['src/kit/', 'src/domain/'],
  'src/services/': ['src/kit/', 'src/domain/', 'src/massive/', 'src/store/'],
  'src/command.ts': ['src/kit/', 'src/domain/', 'src/cards/', 'src/services/'],
  'commands/': ['src/kit/', 'src/domain/', 'src/cards/', 'src/command.ts'],
  'src/discord/': ['src/kit/', 'src/domain/', 'src/cards/', 'src/command.ts'],
  'src/coach/': ['src/kit/', 'src/domain/', 'src/cards/', 'src/command.ts'],
  'src/http/': ['src/kit/', 'src/domain/', 'src/cards/', 'src/command.ts'],
  'src/sandbox/': ['src/kit/', 'src/domain/'],
  'src/backtest/': ['src/kit/', 'src/domain/', 'src/services/'],
  'src/app.ts': ['src/', 'commands/index.ts'],
  'src/app/': ['src/', 'commands/index.ts'],
  'src/main.ts': ['src/app.ts', 'src/kit/', 'src/node-version.mjs'],
  'src/node-version.mjs': [],
};

/** Packages that only one part may know; what is not listed is free, except in `domain`. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@electric-sql/pglite': ['src/store/embedded/'],
  '@napi-rs/canvas': ['src/cards/'],
  '@supabase/supabase-js': ['src/store/'],
  'discord-api-types': ['src/discord/', 'src/sandbox/discord/', 'src/sandbox/page/'],
  'discord.js': ['src/discord/'],
  fastify: ['src/http/', 'src/sandbox/'],
  jose: ['src/store/'],
  openai: ['src/coach/'],
  pino: ['src/kit/'],
  'prom-client': ['src/kit/'],
  undici: ['src/massive/'],
  ws: ['src/massive/', 'src/sandbox/'],
};

const OUTSIDE_OF_DOMAIN = ['zod', 'node:crypto'];

const partOf = (path: string): string | undefined => Object.keys(MAY_IMPORT).find((part) => path.startsWith(part));
const packageOf = (specifier: string): string => {
  const [scope = '', name] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
};

function refusalOf(path: string, part: string, imported: string): string | undefined {
  const refusal = `${path} may not import ${imported}`;
  if (/^(?:src|commands|test|fixtures)\//.test(imported)) {
    const allowed = [part, ...(MAY_IMPORT[part] ?? [])].some((place) => imported.startsWith(place));
    return allowed ? undefined : refusal;
  }
  if (part === 'src/domain/' && !OUTSIDE_OF_DOMAIN.includes(imported)) return refusal;
  const owners = OWNERS[packageOf(imported)];
  if (!owners || owners.some((owner) => path.startsWith(owner))) return undefined;
  return `${refusal}: only ${owners.join(', ')} may`;
}

/** Imports against the layers, as sentences. */
export function wrongImports(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, source]) => {
    const part = partOf(path);
    if (!part) return [`${path} lies outside the house: the design has no such place`];
    return importsOf(path, source).flatMap((imported) => refusalOf(path, part, imported) ?? []);
  });
}

/** Files that no entry leads to, and entries that are not there. */
export function unreachable(tree: SourceTree, entries: readonly string[]): string[] {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    const source = tree.get(path);
    if (source === undefined || reached.has(path)) return;
    reached.add(path);
    for (const imported of importsOf(path, source)) visit(imported);
  };
  for (const entry of entries) visit(entry);
  const lost = [...tree.keys()].filter((path) => !reached.has(path));
  const absent = entries.filter((entry) => !tree.has(entry));
  return [...absent.map((path) => `${path} is missing`), ...lost.map((path) => `${path} is reached by nothing`)];
}
