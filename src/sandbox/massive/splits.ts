import type { FixtureSplit } from './fixture.ts';

/** How many of today's shares one share of `on` has become by `today`; 1 without a split in between. */
export function splitRatio(splits: readonly FixtureSplit[], symbol: string, on: string, today: string): number {
  let ratio = 1;
  for (const split of splits) {
    if (split.symbol === symbol && split.on > on && split.on <= today) ratio *= split.newPerOld;
  }
  return ratio;
}
