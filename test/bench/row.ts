import { median } from './stats.ts';

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  /** The median, unless `what` names another percentile. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** How many measurements stand behind it. */
  readonly n: number;
  /** What `performance.md` of the design asks for. */
  readonly goal?: string;
}

/** A row of these measurements: their median, smallest and largest. */
export function row(what: string, unit: string, samples: readonly number[], goal?: string): Row {
  return rowAt(median(samples), what, unit, samples, goal);
}

/** A row whose value is another one than the median, a p99 say. */
export function rowAt(value: number, what: string, unit: string, samples: readonly number[], goal?: string): Row {
  const [min, max] = [Math.min(...samples), Math.max(...samples)];
  return { what, unit, value, min, max, n: samples.length, ...(goal === undefined ? {} : { goal }) };
}
