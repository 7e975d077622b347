import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Bar } from '../../src/domain/bar.ts';
import type { Calendar, SessionDay } from '../../src/domain/session.ts';
import { atNewYork, createCalendar } from '../../src/domain/session.ts';

/** Rows of a gzipped CSV under `fixtures/oracles`, by column. */
export function oracle(path: string): readonly Readonly<Record<string, string>>[] {
  const text = gunzipSync(readFileSync(new URL(`../../fixtures/oracles/${path}.csv.gz`, import.meta.url))).toString();
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']));
  });
}

const numbers = (row: Readonly<Record<string, string>>) => ({
  open: Number(row.open),
  high: Number(row.high),
  low: Number(row.low),
  close: Number(row.close),
  volume: Number(row.volume),
});

const RECORDINGS = {
  '2013': ['2013-10-04_2013-10-11', ['SPY', 'BAC', 'IBM']],
  '2014': ['2014-06-05_2014-06-09', ['AAPL']],
  '2015': ['2015-12-23_2015-12-28', ['GOOG']],
  '2020': ['2020-12-15_2020-12-18', ['SPY']],
} as const;

export interface Recording {
  readonly symbol: string;
  /** Sessions that have minutes, oldest first. */
  readonly days: readonly SessionDay[];
  readonly minutes: readonly Bar[];
  readonly daily: readonly Bar[];
}

/** Real minutes and days of one symbol in one of the recorded weeks. */
export function recording(symbol: string, year: keyof typeof RECORDINGS): Recording {
  const [span] = RECORDINGS[year];
  const minutes = oracle(`minute/${symbol}_${span}_trades`).map(
    (row): Bar => ({ symbol, timeframe: '1m', openAt: Number(row.ts), ...numbers(row) }),
  );
  const daily = oracle('daily/daily')
    .filter((row) => row.symbol === symbol && row.date?.startsWith(year))
    .map((row): Bar => ({ symbol, timeframe: '1d', openAt: atNewYork(row.date ?? '', '00:00'), ...numbers(row) }));
  const [from = '', to = ''] = span.split('_');
  return { symbol, days: calendar.sessionsBetween(from, to), minutes, daily };
}

/** Every recorded week. */
export function recordings(): readonly Recording[] {
  return (Object.keys(RECORDINGS) as (keyof typeof RECORDINGS)[]).flatMap((year) =>
    RECORDINGS[year][1].map((symbol) => recording(symbol, year)),
  );
}

export const calendar: Calendar = createCalendar();
