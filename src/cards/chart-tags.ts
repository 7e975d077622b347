/** A price tag before and after it has found its place on the right edge. */
export interface Tag {
  readonly text: string;
  /** Where its price is. */
  readonly y: number;
  /** Kept and moved when it collides; others give way. */
  readonly pinned: boolean;
  readonly fill: string;
  readonly ink: string;
}

export interface PlacedTag extends Tag {
  /** Where its middle is drawn. */
  readonly at: number;
}

/** Pinned tags are pushed apart around their prices, the others are dropped where they would overlap; in order of y. */
export function placeTags(tags: readonly Tag[], height: number, top: number, bottom: number): PlacedTag[] {
  const room = Math.max(0, Math.floor((bottom - top) / height));
  const pinned = spread(tags.filter((tag) => tag.pinned).slice(0, room), height, top, bottom);
  const placed = [...pinned];
  for (const tag of tags.filter((candidate) => !candidate.pinned)) {
    const outside = tag.y < top || tag.y > bottom;
    if (!outside && placed.every((other) => Math.abs(other.at - tag.y) >= height)) placed.push({ ...tag, at: tag.y });
  }
  return placed.sort((a, b) => a.at - b.at);
}

function spread(tags: readonly Tag[], height: number, top: number, bottom: number): PlacedTag[] {
  const sorted = [...tags].sort((a, b) => a.y - b.y);
  // groups of touching tags, each centred on the mean of its prices
  const groups: { tags: Tag[]; middle: number }[] = [];
  for (const tag of sorted) {
    groups.push({ tags: [tag], middle: clampMiddle(tag.y, 1, height, top, bottom) });
    for (;;) {
      const last = groups.at(-1);
      const before = groups.at(-2);
      if (!last || !before) break;
      const needed = ((last.tags.length + before.tags.length) * height) / 2;
      if (last.middle - before.middle >= needed) break;
      const merged = [...before.tags, ...last.tags];
      const mean = merged.reduce((sum, { y }) => sum + y, 0) / merged.length;
      groups.splice(-2, 2, { tags: merged, middle: clampMiddle(mean, merged.length, height, top, bottom) });
    }
  }
  return groups.flatMap(({ tags: members, middle }) =>
    members.map((tag, i) => ({ ...tag, at: middle + (i - (members.length - 1) / 2) * height })),
  );
}

function clampMiddle(middle: number, count: number, height: number, top: number, bottom: number): number {
  const half = (count * height) / 2;
  return Math.min(Math.max(middle, top + half), Math.max(top + half, bottom - half));
}
