import type { MarketClockState } from '../../discord/person-api.ts';

const NEW_YORK = 'America/New_York';
const dateFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: NEW_YORK,
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
});
const timeFormat = new Intl.DateTimeFormat('en-US', { timeZone: NEW_YORK, timeStyle: 'medium', hourCycle: 'h23' });

/** Market time in epoch ms at real time `wallAt`. */
export function marketNow(market: MarketClockState, wallAt: number): number {
  return market.paused ? market.marketAt : market.marketAt + (wallAt - market.wallAt) * market.speed;
}

/** Of real time and market time, the one that `at` lives in: a replayed 2015 is not "ten years ago". */
export function nowNear(at: number, market: MarketClockState | undefined, wallAt: number): number {
  if (!market) return wallAt;
  const marketAt = marketNow(market, wallAt);
  return Math.abs(marketAt - at) < Math.abs(wallAt - at) ? marketAt : wallAt;
}

/** "Wed, Dec 23, 2015" in New York. */
export const newYorkDate = (at: number): string => dateFormat.format(at);

/** "10:32:15" in New York. */
export const newYorkTime = (at: number): string => timeFormat.format(at);
