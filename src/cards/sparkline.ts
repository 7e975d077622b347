const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A price path as block characters, at most `width` of them; empty for fewer than two values. */
export function sparkline(values: readonly number[], width = 26): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return '';
  const count = Math.min(width, finite.length);
  // the last value of each stretch, so that the line always ends at the latest price
  const picked = Array.from({ length: count }, (_, i) => finite[Math.ceil(((i + 1) * finite.length) / count) - 1] ?? 0);
  const low = Math.min(...picked);
  const span = Math.max(...picked) - low;
  return picked.map((value) => BLOCKS[span === 0 ? 3 : Math.round(((value - low) / span) * 7)]).join('');
}
