import type { Row } from './row.ts';

/** The rows of one section under its title. */
export interface Chapter {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader must know of how it was measured. */
  readonly notes?: readonly string[];
  /** Why there are no rows. */
  readonly failure?: string;
}

const HEAD = ['', 'median, or as named', 'min - max', 'unit', 'n', 'goal'];
/** Names left, numbers right. */
const LEFT = new Set([0, 3, 5]);

/** Three significant digits without exponents, and thousands apart: `0.0412`, `7.31`, `1,240`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return rounded.toString().includes('e') ? rounded.toFixed(10).replace(/0+$/, '') : rounded.toString();
}

/** All chapters as one table of plain text with a line of heads. */
export function tableOf(chapters: readonly Chapter[]): string {
  const cells = (row: Row): string[] => [
    `  ${row.what}`,
    figure(row.value),
    row.n > 1 ? `${figure(row.min)} - ${figure(row.max)}` : '',
    row.unit,
    String(row.n),
    row.goal ?? '',
  ];
  const all = [HEAD, ...chapters.flatMap((chapter) => chapter.rows.map(cells))];
  const widths = HEAD.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const lineOf = (line: readonly string[]): string =>
    line
      .map((cell, column) => (LEFT.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    lineOf(HEAD),
    ...chapters.flatMap(({ title, rows, notes = [], failure }) => [
      '',
      title,
      ...rows.map((row) => lineOf(cells(row))),
      ...notes.map((note) => `  ${note}`),
      ...(failure === undefined ? [] : [`  not measured: ${failure}`]),
    ]),
  ].join('\n');
}
