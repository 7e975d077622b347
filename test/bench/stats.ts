/** The value in the middle, between two the mean of both; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that at least `pct` percent of all do not exceed (nearest rank), so always one that was seen. */
export function percentile(values: readonly number[], pct: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.ceil((pct / 100) * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
}

/** Each value of `ours` over its partner of `theirs`, as they were measured one after the other; refuses unequal counts. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} values have ${theirs.length} partners`);
  return ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
}
