import { hashOf } from './chance.ts';

/** The lit venues that prints are spread over, by the provider's exchange ids. */
const VENUES = [8, 10, 11, 12, 19] as const;

/** The venue of a print; depends on its symbol and second alone. */
export function venueOf(symbol: string, second: number): number {
  return VENUES[(hashOf(`${symbol} venue ${second}`) >>> 0) % VENUES.length] ?? 11;
}

/** 37 marks an odd lot, 12 a print outside regular hours. */
export function conditionsOf(size: number, regular: boolean): number[] {
  return [...(regular ? [] : [12]), ...(size < 100 ? [37] : [])];
}

/** 1 NYSE, 3 Nasdaq; guessed from the length of the symbol, as the tape itself was once given out. */
export function tapeOf(symbol: string): number {
  return symbol.length >= 4 ? 3 : 1;
}

/** Grows with time within a day, never contiguous. */
export function sequenceOf(at: number, kind: 'trade' | 'quote'): number {
  return (Math.floor(at / 250) % 345_600) * 7 + (kind === 'trade' ? 1 : 4);
}
