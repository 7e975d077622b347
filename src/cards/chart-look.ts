import { FAMILY } from './chart-fonts.ts';
import type { PriceScale, TimeScale } from './chart-scale.ts';

/** Sizes in pixels; Discord shows a chart at less than half of them, so nothing is smaller than 26 px text. */
export const CHART = {
  width: 1200,
  height: 720,
  margin: 20,
  headerHeight: 108,
  axisHeight: 48,
  volumeHeight: 96,
  tagHeight: 36,
  tagPadding: 12,
} as const;

/** Colours that are not a tone: they sit on Discord's dark grey without glowing. */
export const INK = {
  background: '#1A1C20',
  text: '#F2F3F5',
  quiet: '#A3A6AD',
  grid: '#26292F',
  divider: '#3F434B',
  level: '#3A3F4A',
  levelLine: '#7C828E',
  last: '#F2F3F5',
  lines: ['#60A5FA', '#F472B6', '#C4B5FD', '#67E8F9'],
} as const;

/** Where everything stands. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Under the volume. */
  readonly bottom: number;
  /** Under the prices. */
  readonly plotBottom: number;
  readonly prices: PriceScale;
  readonly times: TimeScale;
}

export function font(weight: 400 | 600, px = 26): string {
  return `${weight} ${px}px "${FAMILY}"`;
}

/** The colour of the n-th indicator line. */
export function lineColor(index: number): string {
  return INK.lines[index % INK.lines.length] ?? INK.text;
}
