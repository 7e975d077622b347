import type { ChartSpec } from './chart-spec.ts';

/** From prices to pixels; `top` is the y of `high`. */
export interface PriceScale {
  readonly low: number;
  readonly high: number;
  y(price: number): number;
}

/** How far levels may stretch the picture beyond its bars, in heights of the bars. */
const LEVEL_STRETCH = 0.2;
const PADDING = 0.06;
/** Smallest height shown, as a share of the price, so that one flat bar is not a full-height rectangle. */
const FLATTEST = 0.002;

/** Fits all bars, bands and toned levels; neutral levels only where they lie near, or they would flatten the bars. */
export function priceScale(spec: ChartSpec, top: number, bottom: number): PriceScale {
  const must = [
    ...spec.bars.flatMap((bar) => [bar.high, bar.low]),
    ...spec.bands.flatMap((band) => [band.from, band.to]),
    ...spec.levels.filter((level) => level.tone !== 'neutral').map((level) => level.price),
  ].filter(Number.isFinite);
  let low = must.length > 0 ? Math.min(...must) : 0;
  let high = must.length > 0 ? Math.max(...must) : 1;
  const room = (high - low) * LEVEL_STRETCH;
  const near = spec.levels.filter(({ price }) => price >= low - room && price <= high + room).map(({ price }) => price);
  low = Math.min(low, ...near);
  high = Math.max(high, ...near);
  const flattest = Math.max(Math.abs(high) * FLATTEST, 1e-6);
  const missing = Math.max(0, flattest - (high - low)) / 2;
  const padding = Math.max(high - low, flattest) * PADDING + missing;
  low -= padding;
  high += padding;
  return { low, high, y: (price) => bottom - ((price - low) / (high - low)) * (bottom - top) };
}

/** Round prices inside the scale, about `wanted` of them, lowest first. */
export function priceTicks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power * 10;
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) ticks.push(Number((n * step).toPrecision(12)));
  return ticks;
}

/** Where each bar stands; a young session leaves room on its right instead of drawing giants. */
export interface TimeScale {
  readonly slot: number;
  readonly bodyWidth: number;
  x(index: number): number;
}

const FEWEST_SLOTS = 40;
const WIDEST_BODY = 18;

export function timeScale(count: number, left: number, right: number): TimeScale {
  const slots = Math.max(count, FEWEST_SLOTS);
  const slot = (right - left) / slots;
  return {
    slot,
    bodyWidth: Math.max(1, Math.min(WIDEST_BODY, Math.floor(slot * 0.7))),
    x: (index) => left + (index + 0.5) * slot,
  };
}
