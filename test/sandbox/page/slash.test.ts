import type { APIApplicationCommand } from 'discord-api-types/v10';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchEntries, readSlashLine, slashEntries, slashRequest } from '../../../src/sandbox/page/client/slash.ts';
import { COMMANDS } from './fake-world.ts';

const entries = slashEntries(COMMANDS as unknown as APIApplicationCommand[]);
const entry = (path: string) => {
  const found = entries.find((one) => one.path === path);
  if (!found) throw new Error(`no /${path}`);
  return found;
};
const paths = (typed: string): string[] => matchEntries(entries, typed).map((one) => one.path);

describe('the command list', () => {
  test('spells subcommands out and leaves their parent away', () => {
    expect(entries.map((one) => one.path)).toEqual([
      'chart',
      'movers',
      'plan build',
      'plan list',
      'price',
      'risk',
      'silent',
      'status',
    ]);
  });

  test('what begins as typed comes before what only holds it', () => {
    expect(paths('p')).toEqual(['plan build', 'plan list', 'price']);
    expect(paths('list')).toEqual(['plan list']);
    expect(paths('spread')).toEqual(['price']);
    expect(paths('zz')).toEqual([]);
  });
});

describe('a typed line', () => {
  test.each([
    ['/price AAPL', 'price', { symbol: 'AAPL' }],
    ['/price symbol:AAPL', 'price', { symbol: 'AAPL' }],
    ['/plan build GOOG', 'plan build', { symbol: 'GOOG' }],
    ['/chart AAPL timeframe:15m bars:60', 'chart', { symbol: 'AAPL', timeframe: '15m', bars: '60' }],
    ['/status', 'status', {}],
    ['/chart symbol: BRK B', 'chart', { symbol: 'BRK B' }],
  ])('%s names its command and options', (line, path, values) => {
    const read = readSlashLine(line, entries);
    expect(read?.entry.path).toBe(path);
    expect(Object.fromEntries(read?.values ?? [])).toEqual(values);
  });

  test.each(['/plan', '/prices AAPL', 'price AAPL', '/', ''])('"%s" is no command yet', (line) => {
    expect(readSlashLine(line, entries)).toBeUndefined();
  });

  test('no text throws', () => {
    fc.assert(fc.property(fc.string(), (line) => void readSlashLine(`/chart ${line}`, entries)));
  });
});

describe('what is sent', () => {
  test('numbers are numbers, and a subcommand holds its own options', () => {
    const chart = slashRequest(
      entry('chart'),
      new Map([
        ['symbol', 'AAPL'],
        ['bars', '60'],
      ]),
    );
    expect(chart).toEqual({
      command: 'chart',
      options: [
        { name: 'symbol', value: 'AAPL' },
        { name: 'bars', value: 60 },
      ],
    });
    const plan = slashRequest(entry('plan build'), new Map([['symbol', 'GOOG']]));
    expect(plan).toEqual({
      command: 'plan',
      options: [{ name: 'build', options: [{ name: 'symbol', value: 'GOOG' }] }],
    });
  });

  test.each([
    [{}, 'symbol', 'symbol is required'],
    [{ symbol: '  ' }, 'symbol', 'symbol is required'],
    [{ symbol: 'A', bars: 'many' }, 'bars', 'bars needs a whole number'],
    [{ symbol: 'A', bars: '2.5' }, 'bars', 'bars needs a whole number'],
    [{ symbol: 'A', bars: '5' }, 'bars', 'bars is at least 20'],
    [{ symbol: 'A', bars: '500' }, 'bars', 'bars is at most 200'],
    [{ symbol: 'A', timeframe: '7m' }, 'timeframe', 'timeframe: pick one of the list'],
  ])('%j cannot be sent and says why', (values, field, said) => {
    expect(slashRequest(entry('chart'), new Map(Object.entries(values))).problem).toEqual({ field, text: said });
  });

  test('autocomplete sees half-typed options as they are', () => {
    const values = new Map([
      ['symbol', 'aa'],
      ['bars', 'x'],
    ]);
    expect(slashRequest(entry('chart'), values, true).options).toEqual([
      { name: 'symbol', value: 'aa' },
      { name: 'bars', value: 'x' },
    ]);
    expect(slashRequest(entry('chart'), new Map([['symbol', '']]), true)).toEqual({
      command: 'chart',
      options: [{ name: 'symbol', value: '' }],
    });
  });
});
