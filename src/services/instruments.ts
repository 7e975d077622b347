import type { Instrument } from '../domain/instrument.ts';
import { parseInstrument } from '../domain/instrument.ts';
import { AppError } from '../kit/errors.ts';
import type { MassiveRest } from '../massive/rest.ts';
import { asking } from './translate.ts';

export interface KnownInstrument {
  readonly instrument: Instrument;
  readonly symbol: string;
  readonly name: string;
}

/** From what a member typed to something the provider knows. */
export interface Instruments {
  /** Throws `invalid_input` for text that is no ticker, `not_found` for a ticker nobody trades. */
  resolve(text: string): Promise<KnownInstrument>;
  suggest(text: string): Promise<readonly { readonly name: string; readonly value: string }[]>;
}

/** What a desk calls the five indices, by symbol. */
export const INDEX_NAMES: Readonly<Record<string, string>> = {
  'I:SPX': 'S&P 500',
  'I:NDX': 'Nasdaq 100',
  'I:DJI': 'Dow Jones',
  'I:RUT': 'Russell 2000',
  'I:VIX': 'VIX',
};

/** The five indices that stand on every board, in reading order. */
export const BOARD_INDICES = Object.keys(INDEX_NAMES);

export function createInstruments(deps: { rest: Pick<MassiveRest, 'searchTickers' | 'tickerDetails'> }): Instruments {
  return {
    async resolve(text) {
      const instrument = parseInstrument(text);
      if (!instrument) {
        throw new AppError('invalid_input', `"${shown(text)}" is not a ticker. Type one like AAPL, BRK.B or SPX.`);
      }
      const indexName = INDEX_NAMES[instrument.symbol];
      if (indexName !== undefined) return { instrument, symbol: instrument.symbol, name: indexName };
      if (instrument.kind === 'option') {
        throw new AppError(
          'invalid_input',
          `${instrument.symbol} is an option contract; ask for its underlying, ${instrument.underlying}.`,
        );
      }
      const known = await nameOf(deps.rest, instrument.symbol);
      return { instrument, symbol: instrument.symbol, name: known };
    },
    async suggest(text) {
      const wanted = text.trim().toUpperCase();
      const indices = Object.entries(INDEX_NAMES)
        .filter(([symbol, name]) => symbol.slice(2).startsWith(wanted) || name.toUpperCase().includes(wanted))
        .map(([symbol, name]) => ({ name: `${symbol.slice(2)} · ${name}`, value: symbol.slice(2) }));
      const found = await deps.rest.searchTickers(wanted, 25);
      const stocks = found.value.map((match) => ({
        name: `${match.symbol} · ${match.name}`.slice(0, 100),
        value: match.symbol,
      }));
      return (wanted === '' ? [...indices, ...stocks] : [...stocks, ...indices]).slice(0, 25);
    },
  };
}

async function nameOf(rest: Pick<MassiveRest, 'tickerDetails'>, symbol: string): Promise<string> {
  try {
    return (await asking(symbol, () => rest.tickerDetails(symbol))).value.name;
  } catch (err) {
    if (!(err instanceof AppError)) throw err;
    if (err.code === 'not_found') {
      throw new AppError(
        'not_found',
        `No stock or index called ${symbol} is traded. Check the spelling, or pick one from the list while typing.`,
      );
    }
    // the name is a nicety; prices may still be there
    if (err.code === 'unavailable') return symbol;
    throw err;
  }
}

function shown(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 24 ? `${flat.slice(0, 24)}…` : flat;
}
