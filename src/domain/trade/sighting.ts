import type { Trade, TradeEvent } from '../trade.ts';
import { inRegularHours } from './hours.ts';
import { onGrid, signOfTrade } from './result.ts';

const MINUTE_MS = 60_000;
const ENOUGH = 2;

type Print = NonNullable<Trade['sighted']>['ahead'][number];

/** The level a trade hopes to reach next: its trigger, then its targets; a runner has none. */
export function nextAhead(trade: Trade): { readonly name: string; readonly price: number } | undefined {
  if (!trade.fill) return { name: 'trigger', price: trade.entry.triggerPrice };
  return trade.targets[trade.targetsHit];
}

/**
 * Notes a print of the open minute beyond the next level or the stop. It never moves the trade: prints may be wrong, late and out of
 * order, and a life must be the same with and without them. The closed minute decides; until then two prints are worth a word.
 */
export function sight(trade: Trade, tick: Extract<TradeEvent, { kind: 'tick' }>['tick']): Trade {
  const minuteAt = Math.floor(tick.eventAt / MINUTE_MS) * MINUTE_MS;
  if (trade.state === 'closed' || tick.symbol !== trade.symbol || !(tick.price > 0)) return trade;
  if (minuteAt < Math.max(trade.last.closedAt, trade.armedAt)) return trade;
  const known = trade.sighted;
  if (known && minuteAt < known.minuteAt) return trade;
  const price = onGrid(tick.price * trade.splitFactor);
  const sign = signOfTrade(trade);
  const next = nextAhead(trade);
  const side =
    sign * (price - trade.stop.price) <= 0 ? 'behind' : next && sign * (price - next.price) >= 0 ? 'ahead' : undefined;
  if (!side || !inRegularHours(tick.eventAt)) return trade;
  const before = known?.minuteAt === minuteAt ? known : { minuteAt, ahead: [], behind: [] };
  const prints = earliest([...before[side], { at: tick.eventAt, price }]);
  const same = prints.length === before[side].length && prints.every((print, i) => equal(print, before[side][i]));
  return same ? trade : { ...trade, sighted: { ...before, [side]: prints } };
}

const equal = (a: Print, b: Print | undefined): boolean => a.at === b?.at && a.price === b.price;

/** The first two of all prints seen, whatever the order they came in. */
function earliest(prints: readonly Print[]): Print[] {
  const sorted = [...prints].sort((a, b) => a.at - b.at || a.price - b.price);
  return sorted.filter((print, index) => !equal(print, sorted[index - 1])).slice(0, ENOUGH);
}

/** Which level two prints of the open minute have crossed; the stop if both. */
export function sightedLevel(trade: Trade): 'stop' | 'next' | undefined {
  const { sighted } = trade;
  if (sighted && sighted.behind.length >= ENOUGH) return 'stop';
  return sighted && sighted.ahead.length >= ENOUGH ? 'next' : undefined;
}
