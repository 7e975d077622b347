import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** Path from the repository's root (`src/kit/clock.ts`) to the file's text. */
export type SourceTree = ReadonlyMap<string, string>;

/** All TypeScript of these folders. */
export function readTree(root: string, folders: readonly string[]): SourceTree {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const named = files.map((file) => [file.slice(root.length + 1).replaceAll(sep, '/'), file] as const);
  return new Map(named.sort().map(([name, file]) => [name, readFileSync(file, 'utf8')]));
}

/** The source without its comments, so that a rule reads only what runs. */
export function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<![:'"`\\/])\/\/.*$/gm, '');
}

const IMPORTS = [
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /(?<![\w.])import\s*['"]([^'"]+)['"]/g,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.m?ts)['"]\s*,\s*import\.meta\.url/g,
];

/** What a file names to be loaded, types included: repository paths for its own files, specifiers for packages. */
export function importsOf(path: string, source: string): string[] {
  const code = codeOf(source);
  const specifiers = IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
}
