import { describe, expect, it } from 'vitest';
import { unreachable, wrongImports } from './import-rules.ts';
import { importsOf, readTree } from './source-tree.ts';
import { badlyNamed, brokenText, TEXT_RULES, tooLong } from './text-rules.ts';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const product = readTree(root, ['src', 'commands']);
const everything = readTree(root, ['src', 'commands', 'test']);

/** Started by name, not by import: the program, the database's worker, the page in the browser. */
const ENTRIES = ['src/main.ts', 'src/store/embedded/worker.ts', 'src/sandbox/page/client/main.ts'];

/** A set of measures for detectors to choose from, each held to its oracle, used or not. */
const TOOLBOX = /^src\/domain\/indicators\//;

describe('the house', () => {
  it('is read as a whole: every file is there, and its imports are seen', () => {
    expect(product.has('src/domain/detectors/opening-range-breakout.ts')).toBe(true);
    expect(product.size).toBeGreaterThan(100);
    const imports = [...product].flatMap(([path, source]) => importsOf(path, source));
    const written = [...product.values()].join('\n').match(/^(?:import|export) .*from '|^\} from '/gm);
    expect(imports.length).toBeGreaterThanOrEqual(written?.length ?? Number.POSITIVE_INFINITY);
  });

  it('has every part import only the parts below it', () => {
    expect(wrongImports(product)).toEqual([]);
  });

  it.each(Object.entries(TEXT_RULES))('keeps the %s rule', (_name, rule) => {
    expect(brokenText(everything, rule)).toEqual([]);
  });

  it('has no file above 250 lines', () => {
    expect(tooLong(product)).toEqual([]);
  });

  it('has no file named for what it is made of', () => {
    expect(badlyNamed(everything)).toEqual([]);
  });

  it('has no file that nothing leads to', () => {
    expect(unreachable(product, ENTRIES).filter((lost) => !TOOLBOX.test(lost))).toEqual([]);
  });
});
