import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { provenanceOf } from '../../src/services/origin.ts';

const origin = {
  label: 'Sandbox replay of 23 Dec 2015',
  noteFor: (symbol: string, on?: string) =>
    symbol === 'AAPL'
      ? 'intraday path synthesised'
      : on === '2015-12-22'
        ? 'intraday path of 22 Dec 2015 synthesised'
        : undefined,
};
const answer = { asOf: 1, delayed: false };
const bar = (on: string): Bar => ({
  symbol: 'GOOG',
  timeframe: '5m',
  openAt: atNewYork(on, '10:00'),
  open: 1,
  high: 1,
  low: 1,
  close: 1,
});

describe('where numbers come from', () => {
  it('is live, delayed by the plan, or the last known good', () => {
    expect(provenanceOf(origin, answer, ['GOOG']).timeliness).toBe('live');
    expect(provenanceOf(origin, { ...answer, delayed: true }, ['GOOG']).timeliness).toBe('delayed');
    expect(provenanceOf(origin, { ...answer, delayed: true, stale: true }, ['GOOG']).timeliness).toBe('stale');
  });

  it('says that a path is synthesised when one symbol of many is', () => {
    expect(provenanceOf(origin, answer, ['GOOG', 'AAPL']).note).toBe('intraday path synthesised');
    expect(provenanceOf(origin, answer, ['GOOG']).note).toBeUndefined();
  });

  it('says so when only an earlier day that the numbers rest on is', () => {
    expect(provenanceOf(origin, answer, ['GOOG'], [bar('2015-12-23')]).note).toBeUndefined();
    expect(provenanceOf(origin, answer, ['GOOG'], [bar('2015-12-22'), bar('2015-12-23')]).note).toContain('22 Dec');
  });
});
