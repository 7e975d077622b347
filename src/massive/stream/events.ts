import type { MarketEvent } from '../../domain/bar.ts';
import { isOffMarket } from '../map/conditions.ts';
import { epochMs } from '../map/time.ts';
import { isAggregateRow, isPrice } from '../wire/aggregates.ts';

type DropReason = 'not_object' | 'unknown_event' | 'bad_symbol' | 'bad_time' | 'bad_price' | 'bad_bar';

/** A status object as the server sends it, with its words trimmed (one of them ends in a space). */
export interface StatusEvent {
  readonly status: string;
  readonly message: string;
}

/** What one element of a frame turned out to be. */
export type WireEvent =
  | { readonly kind: 'event'; readonly event: MarketEvent }
  | { readonly kind: 'status'; readonly status: StatusEvent }
  | { readonly kind: 'drop'; readonly reason: DropReason };

type Fields = Record<string, unknown>;

const MINUTE_MS = 60_000;
const SHARES_PER_LOT = 100;
const dropped = (reason: DropReason): WireEvent => ({ kind: 'drop', reason });
const UNKNOWN = dropped('unknown_event');
const NO_SYMBOL = dropped('bad_symbol');
const NO_TIME = dropped('bad_time');
const NO_PRICE = dropped('bad_price');
const NO_BAR = dropped('bad_bar');

/** One element of a frame in the house's words; never throws, whatever it is given. */
export function readEvent(raw: unknown, receivedAt: number): WireEvent {
  if (typeof raw !== 'object' || raw === null) return dropped('not_object');
  const fields = raw as Fields;
  switch (fields.ev) {
    case 'AM':
      return minute(fields, receivedAt);
    case 'Q':
      return quote(fields, receivedAt);
    case 'T':
      return trade(fields, receivedAt);
    case 'V':
      return index(fields.T, fields.val, fields.t, receivedAt);
    case 'A':
      return second(fields, receivedAt);
    case 'status':
      return { kind: 'status', status: { status: text(fields.status), message: text(fields.message) } };
    default:
      return UNKNOWN;
  }
}

function minute({ sym, s, o, h, l, c, v, vw }: Fields, receivedAt: number): WireEvent {
  if (!isSymbol(sym)) return NO_SYMBOL;
  const at = epochMs(s as number);
  if (at === undefined) return NO_TIME;
  const row = { t: at, o, h, l, c, v, vw };
  if (!isAggregateRow(row)) return NO_BAR;
  return {
    kind: 'event',
    event: {
      kind: 'bar',
      bar: {
        symbol: sym,
        timeframe: '1m',
        // an index minute may be stamped with the instant of its last change
        openAt: at - (at % MINUTE_MS),
        open: row.o,
        high: row.h,
        low: row.l,
        close: row.c,
        ...(row.v == null ? undefined : { volume: row.v }),
        ...(row.vw ? { vwap: row.vw } : undefined),
      },
      receivedAt,
    },
  };
}

/** Stands in for trades and index values where the plan has none: the last price of that second, without a print. */
function second({ sym, e, c, v }: Fields, receivedAt: number): WireEvent {
  if (typeof sym === 'string' && sym.startsWith('I:')) return index(sym, c, e, receivedAt);
  return trade({ sym, p: c, s: v, t: e }, receivedAt);
}

function trade({ sym, p, s, x, c, t }: Fields, receivedAt: number): WireEvent {
  if (!isSymbol(sym)) return NO_SYMBOL;
  const eventAt = epochMs(t as number);
  if (eventAt === undefined) return NO_TIME;
  if (!isPrice(p)) return NO_PRICE;
  const conditions = Array.isArray(c) ? c.filter((code): code is number => typeof code === 'number') : [];
  const exchange = typeof x === 'number' ? x : 0;
  return {
    kind: 'event',
    event: {
      kind: 'trade',
      trade: {
        symbol: sym,
        price: p,
        size: amount(s),
        conditions,
        ...(isOffMarket(sym, conditions) ? { offMarket: true } : undefined),
        exchange,
        eventAt,
        receivedAt,
      },
    },
  };
}

function quote({ sym, bp, ap, bs, as, t }: Fields, receivedAt: number): WireEvent {
  if (!isSymbol(sym)) return NO_SYMBOL;
  const eventAt = epochMs(t as number);
  if (eventAt === undefined) return NO_TIME;
  if (!isPrice(bp) || !isPrice(ap)) return NO_PRICE;
  const unit = sym.startsWith('O:') ? 1 : SHARES_PER_LOT;
  return {
    kind: 'event',
    event: {
      kind: 'quote',
      quote: {
        symbol: sym,
        bid: bp,
        ask: ap,
        bidSize: amount(bs) * unit,
        askSize: amount(as) * unit,
        eventAt,
        receivedAt,
      },
    },
  };
}

function index(symbol: unknown, value: unknown, time: unknown, receivedAt: number): WireEvent {
  if (!isSymbol(symbol)) return NO_SYMBOL;
  const eventAt = epochMs(time as number);
  if (eventAt === undefined) return NO_TIME;
  if (!isPrice(value)) return NO_PRICE;
  return { kind: 'event', event: { kind: 'index', index: { symbol, value, eventAt, receivedAt } } };
}

function isSymbol(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 32;
}

function amount(value: unknown): number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 300) : '';
}
