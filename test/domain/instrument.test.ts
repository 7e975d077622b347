import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTradable, parseInstrument } from '../../src/domain/instrument.ts';
import { oracle } from './market-data.ts';

const symbolOf = (text: string): string | undefined => parseInstrument(text)?.symbol;

describe('what members type', () => {
  test.each([
    ['spy', 'SPY'],
    [' $AAPL ', 'AAPL'],
    ['brk.b', 'BRK.B'],
    ['BRK/B', 'BRK.B'],
    ['brk-b', 'BRK.B'],
    ['aact.ws', 'AACT.WS'],
    ['SPX', 'I:SPX'],
    ['vix', 'I:VIX'],
    ['$vix', 'I:VIX'],
    ['^VIX', 'I:VIX'],
    ['^gspc', 'I:SPX'],
    ['I:NDX', 'I:NDX'],
    ['i:comp', 'I:COMP'],
    ['SPY260220C00600000', 'O:SPY260220C00600000'],
    ['o:spy260220p00600500', 'O:SPY260220P00600500'],
    ['SPY   260220C00600000', 'O:SPY260220C00600000'],
  ])('"%s" is %s', (typed, symbol) => {
    expect(symbolOf(typed)).toBe(symbol);
  });

  test('a canonical symbol reads as itself', () => {
    for (const typed of ['SPY', 'BRK.B', 'I:SPX', 'O:SOXS1270115C00020000']) expect(symbolOf(typed)).toBe(typed);
  });

  test('every real symbol of the recordings is a stock', () => {
    for (const { symbol = '' } of oracle('daily/daily')) expect(parseInstrument(symbol)?.kind).toBe('stock');
  });
});

describe('options', () => {
  test('carry underlying, expiry, right and strike', () => {
    expect(parseInstrument('O:SPY260220C00600500')).toEqual({
      kind: 'option',
      symbol: 'O:SPY260220C00600500',
      underlying: 'SPY',
      expiresOn: '2026-02-20',
      right: 'call',
      strike: 600.5,
    });
  });

  test.each([
    ['SPXW260220P06000000', 'I:SPX'],
    ['VIX260218C00020000', 'I:VIX'],
    ['BRKB260220C00500000', 'BRK.B'],
    ['SOXS1270115C00020000', 'SOXS'],
  ])('%s is written on %s', (typed, underlying) => {
    expect(parseInstrument(typed)).toMatchObject({ kind: 'option', underlying });
  });

  test.each([
    ['a day that does not exist', 'SPY260230C00600000'],
    ['a thirteenth month', 'SPY261320C00600000'],
    ['a leap day of a common year', 'SPY270229C00600000'],
    ['a strike of nothing', 'SPY260220C00000000'],
    ['a strike that is too short', 'SPY260220C600'],
    ['a right that is neither call nor put', 'SPY260220X00600000'],
    ['a root of seven letters', 'ABCDEFG260220C00600000'],
  ])('%s makes no option', (_, typed) => {
    expect(parseInstrument(typed)).toBeUndefined();
  });
});

describe('refused', () => {
  test.each([
    '',
    '   ',
    'a'.repeat(300),
    '../../etc/passwd',
    '..',
    'AAPL/../../x',
    '%252e%252e',
    'AAPL?x=1',
    'AAPL#',
    'user@host',
    '169.254.169.254',
    '[::1]',
    'http://x',
    'AA PL',
    'AAPL\nMSFT',
    'ſpy',
    'ıbm',
    'АAPL',
    'AAPL\u0000',
    'X:BTCUSD',
    'C:EURUSD',
    'I:',
    'O:',
    'O:SPY',
    '$',
    '^',
    '123',
  ])('"%s"', (typed) => {
    expect(parseInstrument(typed)).toBeUndefined();
  });

  test('whatever is typed, what comes out is safe in a path', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 })), (typed) => {
        const symbol = symbolOf(typed);
        if (symbol !== undefined) expect(symbol).toMatch(/^(I:|O:)?[A-Z0-9.]{1,21}$/);
      }),
      { numRuns: 1_500 },
    );
  });
});

test('an index cannot be held, a stock and an option can', () => {
  const held = ['SPX', 'SPY', 'SPY260220C00600000'].map((typed) => {
    const instrument = parseInstrument(typed);
    return instrument && isTradable(instrument);
  });
  expect(held).toEqual([false, true, true]);
});
