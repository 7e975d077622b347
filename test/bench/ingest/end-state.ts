import type { Tape } from '../../../src/services/tape.ts';
import { eventsOf, type WireEvent } from './frames.ts';

type Last = { trade?: WireEvent; quote?: WireEvent; bar?: WireEvent };

/** How many symbols of these events stand in the tape exactly as the naive last-one-wins reading has them, and of how many. */
export function agreement(tape: Pick<Tape, 'last'>, round: number, events: number): { same: number; all: number } {
  const expected = new Map<string, Last>();
  for (const event of eventsOf(round, events)) {
    const last = expected.get(event.sym) ?? {};
    expected.set(event.sym, last);
    if (event.ev === 'Q') last.quote = event;
    else if (event.ev === 'AM') last.bar = event;
    else last.trade = event;
  }
  const same = [...expected].filter(([symbol, last]) => agrees(tape.last(symbol), last));
  return { same: same.length, all: expected.size };
}

function agrees(entry: ReturnType<Tape['last']>, { trade, quote, bar }: Last): boolean {
  return (
    (trade === undefined ||
      (entry?.trade?.price === (trade.p ?? trade.c) && entry?.trade?.eventAt === (trade.t ?? trade.e))) &&
    (quote === undefined ||
      (entry?.quote?.bid === quote.bp && entry?.quote?.ask === quote.ap && entry?.quote?.eventAt === quote.t)) &&
    (bar === undefined || (entry?.bar?.close === bar.c && entry?.bar?.openAt === bar.s))
  );
}
