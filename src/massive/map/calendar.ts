import type { z } from 'zod';
import type { Holiday, MarketStatus } from '../../domain/market.ts';
import type { HolidayRow, marketStatusSchema } from '../wire/calendar.ts';
import { present } from './present.ts';
import { epochMsOfText } from './time.ts';

/** The phase from the words and booleans of the provider; an unknown word counts as closed. */
export function toMarketStatus(row: z.output<typeof marketStatusSchema>, now: number): MarketStatus {
  const phase =
    row.market === 'open' ? 'regular' : row.earlyHours ? 'premarket' : row.afterHours ? 'aftermarket' : 'closed';
  return { phase, serverAt: epochMsOfText(row.serverTime) ?? now };
}

/** One holiday per date and not one per exchange; NYSE's word counts where they differ. Other statuses are left out. */
export function toHolidays(rows: readonly HolidayRow[]): Holiday[] {
  const byDate = new Map<string, HolidayRow>();
  for (const row of rows) {
    if (row.status !== 'closed' && row.status !== 'early-close') continue;
    const known = byDate.get(row.date);
    if (!known || (row.exchange === 'NYSE' && known.exchange !== 'NYSE')) byDate.set(row.date, row);
  }
  return [...byDate.values()]
    .map((row) => ({
      on: row.date,
      name: row.name,
      kind: row.status === 'closed' ? ('closed' as const) : ('early-close' as const),
      ...present({ opensAt: epochMsOfText(row.open), closesAt: epochMsOfText(row.close) }),
    }))
    .sort((a, b) => (a.on < b.on ? -1 : 1));
}
