import type { Phase } from '../../../domain/session.ts';
import { phaseOf } from '../../replay-days.ts';
import { newYorkDate } from '../new-york-time.ts';
import type { ReplayMarket } from '../replay-market.ts';

/** The market's phase by the replay's whole calendar, weekends and holidays included. */
export function phaseAt(market: ReplayMarket, now: number): Phase {
  const on = newYorkDate(now);
  return market.calendar.isOpen(on) ? phaseOf([market.calendar.hours(on)], now).phase : 'closed';
}

/** The word of v3 snapshots for a phase. */
export function snapshotStatus(phase: Phase): 'open' | 'closed' | 'early_trading' | 'late_trading' {
  return ({ premarket: 'early_trading', regular: 'open', aftermarket: 'late_trading', closed: 'closed' } as const)[
    phase
  ];
}
