import type { z } from 'zod';
import type { QuoteTick, TradeTick } from '../../domain/bar.ts';
import type { lastQuoteSchema, lastTradeSchema } from '../wire/last.ts';
import { isOffMarket } from './conditions.ts';
import { positive } from './present.ts';
import { epochMs } from './time.ts';

type TradeRow = z.output<typeof lastTradeSchema>['results'];
type QuoteRow = z.output<typeof lastQuoteSchema>['results'];

/** Undefined when price or time is not usable. */
export function toTradeTick(symbol: string, row: TradeRow, receivedAt: number): TradeTick | undefined {
  const price = positive(row.p);
  const eventAt = epochMs(row.t);
  if (price === undefined || eventAt === undefined) return undefined;
  const conditions = row.c ?? [];
  return {
    symbol,
    price,
    size: row.s ?? 0,
    conditions,
    ...(isOffMarket(symbol, conditions) ? { offMarket: true } : undefined),
    exchange: row.x ?? 0,
    eventAt,
    receivedAt,
  };
}

/** Undefined when one side is missing: half a quote would read as a price of zero. */
export function toQuoteTick(symbol: string, row: QuoteRow, receivedAt: number): QuoteTick | undefined {
  const bid = positive(row.p);
  const ask = positive(row.P);
  const eventAt = epochMs(row.t);
  if (bid === undefined || ask === undefined || eventAt === undefined) return undefined;
  return { symbol, bid, ask, bidSize: row.s ?? 0, askSize: row.S ?? 0, eventAt, receivedAt };
}
