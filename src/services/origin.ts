import type { Answer } from '../domain/market.ts';
import type { Provenance } from '../domain/provenance.ts';

/** Who the numbers come from, in the words that cards show. */
export interface Origin {
  /** "Massive" or "Sandbox replay of 23 Dec 2015". */
  readonly label: string;
  /** A caveat for every card that shows this symbol: "intraday path synthesised". */
  noteFor(symbol: string): string | undefined;
}

/** The provenance of one answer about `symbols`; one synthesised symbol marks the whole card. */
export function provenanceOf(
  origin: Origin,
  answer: Pick<Answer<unknown>, 'asOf' | 'delayed' | 'stale'>,
  symbols: readonly string[],
): Provenance {
  const note = symbols.map((symbol) => origin.noteFor(symbol)).find((text) => text !== undefined);
  return {
    asOf: answer.asOf,
    source: origin.label,
    timeliness: answer.stale ? 'stale' : answer.delayed ? 'delayed' : 'live',
    ...(note === undefined ? {} : { note }),
  };
}
