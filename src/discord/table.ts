import { plainText } from '../cards/text.ts';

/** Wider than this wraps in a code block on a phone. */
const WIDEST = 40;

/** Rows as an aligned code block: first column left, the others right, at most 40 characters wide. */
export function tableText(rows: readonly (readonly string[])[], head?: readonly string[]): string {
  const lines = [...(head ? [head] : []), ...rows].map((row) => row.map(cellText));
  const columns = Math.max(0, ...lines.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(0, ...lines.map((row) => lengthOf(row[i] ?? ''))));
  const sum = widths.reduce((total, width) => total + width, 0);
  const gap = sum + 2 * (columns - 1) <= WIDEST ? 2 : 1;
  const excess = sum + gap * (columns - 1) - WIDEST;
  if (excess > 0 && widths[0] !== undefined) widths[0] = Math.max(4, widths[0] - excess);
  const text = lines.map((row) => {
    const cells = widths.map((width, i) => fitted(row[i] ?? '', width, i === 0));
    return shortened(cells.join(' '.repeat(gap)).trimEnd(), WIDEST);
  });
  return ['```', ...text, '```'].join('\n');
}

/** A back-tick would end the block. */
function cellText(cell: string): string {
  return plainText(cell).replaceAll('`', 'ˋ');
}

function fitted(cell: string, width: number, left: boolean): string {
  const text = shortened(cell, width);
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return left ? text + space : space + text;
}

function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
