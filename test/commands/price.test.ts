import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { priceCommand } from '../../commands/price.ts';
import type { Ctx } from '../../src/command.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { recording } from '../domain/market-data.ts';
import { historyAt } from '../services/recorded-history.ts';

/** The lines under the title of a price card for a company of this name. */
function textFor(name: string): string {
  const card = priceCommand.card({
    symbol: 'ODD',
    name,
    lastDollars: 10,
    closesDollars: [],
    isIndex: false,
    provenance: { asOf: 0, source: 'Massive', timeliness: 'live' },
  });
  const block = card.blocks[0];
  return block?.kind === 'text' ? block.text : '';
}

/** What /price draws of SPY's path at a New York time. */
async function closesAt(on: string, time: string): Promise<number[]> {
  const now = atNewYork(on, time) + 20_000;
  const ctx = {
    instruments: {
      resolve: async () => ({ instrument: { kind: 'stock', symbol: 'SPY' }, symbol: 'SPY', name: 'SPY' }),
    },
    history: historyAt(recording('SPY', '2013'), now),
    market: { price: async () => ({ value: { last: 168 }, asOf: now, delayed: false }), volumeRatio: () => undefined },
    provenance: () => ({ asOf: now, source: 'Massive', timeliness: 'live' }),
  } as unknown as Ctx;
  return z.object({ closesDollars: z.array(z.number()) }).parse(await priceCommand.run(ctx, { symbol: 'SPY' }))
    .closesDollars;
}

describe('the path of a price', () => {
  it('is of today only: one close for each five minutes since the open', async () => {
    expect(await closesAt('2013-10-08', '09:40')).toHaveLength(2);
    expect(await closesAt('2013-10-08', '12:30')).toHaveLength(36);
    expect(await closesAt('2013-10-08', '16:30')).toHaveLength(78);
  });

  it('is of the last session before the open', async () => {
    expect(await closesAt('2013-10-08', '09:00')).toEqual(await closesAt('2013-10-07', '20:00'));
  });
});

describe('the name of a company', () => {
  it('is shown letter by letter: no markup, no link, no mention', () => {
    expect(textFor('E*TRADE *Financial* [A](https://x.example) @everyone')).toBe(
      'E\\*TRADE \\*Financial\\* \\[A\\](https:\\/\\/x.example) \\@everyone',
    );
    expect(textFor('Apple Inc.')).toBe('Apple Inc.');
  });
});
