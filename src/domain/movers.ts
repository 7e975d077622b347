import { changeOf } from './breadth.ts';
import type { StockSnapshot } from './market.ts';

export interface MoverQuestion {
  /** `active` ranks by dollars traded, the others by change in percent. */
  readonly direction: 'up' | 'down' | 'active';
  readonly limit: number;
  /** Shares traded today. */
  readonly minVolume?: number;
}

/** The stocks that move most, first one first; ties go by symbol. One pass, holding no more than `limit`. */
export function topMovers(snapshots: Iterable<StockSnapshot>, question: MoverQuestion): StockSnapshot[] {
  const { direction, limit, minVolume = 0 } = question;
  const best: { readonly score: number; readonly snapshot: StockSnapshot }[] = [];
  for (const snapshot of snapshots) {
    if ((snapshot.day?.volume ?? 0) < minVolume) continue;
    const score = scoreOf(snapshot, direction);
    if (score === undefined || score <= 0) continue;
    const at = best.findIndex(
      (held) => score > held.score || (score === held.score && snapshot.symbol < held.snapshot.symbol),
    );
    if (at === -1 && best.length >= limit) continue;
    best.splice(at === -1 ? best.length : at, 0, { score, snapshot });
    if (best.length > limit) best.pop();
  }
  return best.map(({ snapshot }) => snapshot);
}

function scoreOf(snapshot: StockSnapshot, direction: MoverQuestion['direction']): number | undefined {
  if (direction === 'active') {
    const { day } = snapshot;
    return day?.volume === undefined ? undefined : day.volume * (day.vwap ?? day.close);
  }
  const changePct = changePctOf(snapshot);
  if (changePct === undefined) return undefined;
  return direction === 'up' ? changePct : -changePct;
}

function changePctOf(snapshot: StockSnapshot): number | undefined {
  if (snapshot.changePct !== undefined) return snapshot.changePct;
  const change = changeOf(snapshot);
  const before = snapshot.previousDay?.close;
  return change === undefined || before === undefined || before <= 0 ? undefined : (change / before) * 100;
}
