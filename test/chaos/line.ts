import type { Tally } from './tally.ts';
import type { Design } from './task.ts';

/** One line of the table: what was done to a design, and what became of its alerts. */
export interface Line extends Tally {
  readonly design: Design;
  readonly what: string;
  kills: number;
  rounds: number;
  seconds: number;
}

/** Nothing lost, nothing doubled, everything in its order. */
export function isExact({ alerts, lost, doubled, disordered, wrong }: Line): boolean {
  return alerts > 0 && lost + doubled + disordered + wrong.length === 0;
}

/** A design that is known to be wrong was seen to be. */
export function caught(lines: readonly Pick<Line, 'lost' | 'doubled'>[]): boolean {
  return lines.some(({ lost, doubled }) => lost + doubled > 0);
}

/** As in a readme. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ design, what, kills, alerts, lost, doubled, disordered, seconds }) =>
    [design, what, kills, alerts, lost, doubled, disordered, `${seconds} s`].join(' | '),
  );
  return [
    'design | how | kills | alerts | LOST | DUP | out of order | wall',
    '--- | --- | --- | --- | --- | --- | --- | ---',
    ...rows,
  ]
    .map((row) => `| ${row} |`)
    .join('\n');
}
