import type { Bar } from '../domain/bar.ts';
import type { Answer } from '../domain/market.ts';
import type { Provenance } from '../domain/provenance.ts';
import { type SessionDate, sessionDateOf } from '../domain/session.ts';

/** Who the numbers come from, in the words that cards show. */
export interface Origin {
  /** "Massive" or "Sandbox replay of 23 Dec 2015". */
  readonly label: string;
  /** A caveat for every card that shows this symbol, or its bars of that day: "intraday path synthesised". */
  noteFor(symbol: string, on?: SessionDate): string | undefined;
}

/** The provenance of one answer about `symbols` from these intraday bars; one synthesised symbol or day marks the whole card. */
export function provenanceOf(
  origin: Origin,
  answer: Pick<Answer<unknown>, 'asOf' | 'delayed' | 'stale'>,
  symbols: readonly string[],
  bars: readonly Pick<Bar, 'symbol' | 'openAt'>[] = [],
): Provenance {
  const note = noteOf(origin, symbols, bars);
  return {
    asOf: answer.asOf,
    source: origin.label,
    timeliness: answer.stale ? 'stale' : answer.delayed ? 'delayed' : 'live',
    ...(note === undefined ? {} : { note }),
  };
}

function noteOf(
  origin: Origin,
  symbols: readonly string[],
  bars: readonly Pick<Bar, 'symbol' | 'openAt'>[],
): string | undefined {
  const notes = new Set(symbols.flatMap((symbol) => origin.noteFor(symbol) ?? []));
  if (notes.size > 1) return 'values derived or intraday paths synthesised';
  for (const note of notes) return note;
  const days = new Map(bars.map((bar) => [`${bar.symbol} ${sessionDateOf(bar.openAt)}`, bar]));
  for (const { symbol, openAt } of days.values()) {
    const note = origin.noteFor(symbol, sessionDateOf(openAt));
    if (note !== undefined) return note;
  }
  return undefined;
}
