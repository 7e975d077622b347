import { describe, expect, test } from 'vitest';
import { row, rowAt } from './row.ts';
import { figure, tableOf } from './table.ts';

describe('the table of figures', () => {
  test('shows three digits that matter, never an exponent, and an unmeasured value as a question mark', () => {
    expect([0.041237, 7.3149, 64.98, 1_239.6, 12_345_678, 0, 0.00000123, Number.NaN].map(figure)).toEqual([
      '0.0412',
      '7.31',
      '65',
      '1,240',
      '12,345,678',
      '0',
      '0.00000123',
      '?',
    ]);
  });

  test('puts median, range, unit, count and goal of each row in one line under its section', () => {
    const text = tableOf([
      { title: '1. Charts', rows: [row('one chart', 'ms', [40, 30, 50]), row('both', 'ratio', [0.5], 'at most 1')] },
    ]);
    expect(text.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
      'median, or as named | min - max | unit | n | goal',
      '',
      '1. Charts',
      'one chart | 40 | 30 - 50 | ms | 3',
      'both | 0.5 | ratio | 1 | at most 1',
    ]);
  });

  test('keeps its columns straight', () => {
    const rows = [row('a', 'ms', [1, 2]), row('a much longer name', 'events', [1_000, 2_000_000])];
    const [, , , ...lines] = tableOf([{ title: 't', rows }]).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]?.indexOf('ms')).toBe(lines[1]?.indexOf('events'));
  });

  test('says below the figures what a reader must know of them', () => {
    const text = tableOf([{ title: 't', rows: [row('a', 'ms', [1])], notes: ['* on loopback'] }]);
    expect(text.split('\n').at(-1)?.trim()).toBe('* on loopback');
  });

  test('says of a section that failed why it has no figures', () => {
    expect(tableOf([{ title: 't', rows: [], failure: 'no answer within 15 s' }])).toContain(
      'not measured: no answer within 15 s',
    );
  });

  test('keeps the range of all measurements beside a percentile', () => {
    expect(rowAt(9, 'p99', 'ms', [1, 2, 9, 10])).toMatchObject({ value: 9, min: 1, max: 10, n: 4 });
  });
});
