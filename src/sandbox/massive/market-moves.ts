import { type Chance, chanceOf, hashOf } from './chance.ts';
import { type MinutePath, OPEN_MINUTE } from './minute-path.ts';

/** How much of a symbol's minute moves is the market's own, -1 to 1. */
export function marketShare(symbol: string, kind: string): number {
  if (symbol === 'SPY') return 0.985;
  if (symbol === 'QQQ') return 0.93;
  if (symbol === 'I:VIX') return -0.85;
  if (kind === 'index') return 0.94;
  return 0.5 + ((hashOf(symbol) >>> 0) % 1000) / 2500;
}

/** The market's moves of a day, minute by minute, drawn from the date. */
export function drawnMarketMoves(on: string, minutes: number): Float64Array {
  const chance = chanceOf(`market ${on}`);
  const width = widths(minutes, chance);
  return width.map((wide) => wide * chance.normal());
}

/** Standard moves taken from a path's minutes, without their drift. */
export function movesOf(path: MinutePath, minutes: number): Float64Array {
  let previous = path.open[OPEN_MINUTE] || 1;
  const steps = Float64Array.from({ length: minutes }, (_, index) => {
    const close = path.close[OPEN_MINUTE + index] || previous;
    const step = close / previous - 1;
    previous = close;
    return step;
  });
  const mean = steps.reduce((a, b) => a + b, 0) / minutes;
  const variance = steps.reduce((a, b) => a + (b - mean) ** 2, 0) / minutes;
  return steps.map((step) => (step - mean) / (Math.sqrt(variance) || 1));
}

/** One symbol's moves: the market's part and its own. */
export function symbolMoves(market: Float64Array, share: number, chance: Chance): Float64Array {
  const own = Math.sqrt(1 - share ** 2);
  const width = widths(market.length, chance);
  return market.map((move, index) => share * move + own * (width[index] ?? 1) * chance.normal());
}

/** How wide each minute's moves are: in clusters, wider near the open and the close. */
function widths(minutes: number, chance: Chance): Float64Array {
  let cluster = 0;
  return Float64Array.from({ length: minutes }, (_, index) => {
    cluster = 0.92 * cluster + 0.2 * chance.normal();
    const fromNoon = (2 * index) / (minutes - 1) - 1;
    const early = index < 20 ? 0.8 : 0;
    return (0.7 + 0.9 * fromNoon ** 4 + early) * Math.exp(Math.max(-1, Math.min(1, cluster)));
  });
}
