import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePress, encodePress, outdatedSentence, type Press } from '../../src/discord/custom-id.ts';

const commands = [{ name: 'plan-build', slash: 'plan build' }, { name: 'plan-why' }, { name: 'price', slash: 'price' }];

describe('a button id', () => {
  it('gives back exactly what was put in, with its types', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 25 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constantFrom('#5', '!1', "'", '%7C', 'a|b&c=d'),
    );
    const text = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.constantFrom('update' as const, 'reply' as const, 'form' as const),
        text,
        fc.option(text, { nil: undefined }),
        fc.dictionary(text, value, { maxKeys: 3 }),
        fc.integer({ min: 0, max: 3 }),
        (mode, command, key, given, copy) => {
          const input = Object.fromEntries(
            Object.entries(given).map(([name, held]) => [name, Object.is(held, -0) ? 0 : held]),
          );
          const press: Press =
            key === undefined ? { mode, action: { command, input } } : { mode, action: { command, input }, key };
          const id = encodePress(press, copy);
          if (id === undefined) return;
          expect(id.length).toBeLessThanOrEqual(100);
          expect(decodePress(id)).toEqual(press);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('holds a whole plan id', () => {
    const action = { command: 'plan-why', input: { planId: '7'.repeat(64) } };
    expect(encodePress({ mode: 'reply', action })).toHaveLength(84);
  });

  it('of another version, or of a stranger, leads nowhere and never throws', () => {
    for (const id of ['0r|price||symbol=AAPL', '2r|price||', '1x|price||', '', '|||', '1r', '1r||', 'hello']) {
      expect(decodePress(id)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (id) => void decodePress(id)));
  });

  it('too old to work still tells what to ask', () => {
    expect(outdatedSentence('0r|plan-build||symbol=AAPL', commands)).toBe(
      'This button is from an older card. Ask again with /plan build AAPL.',
    );
    expect(outdatedSentence('0r|price||', commands)).toBe('This button is from an older card. Ask again with /price.');
    expect(outdatedSentence('take:7f3a', commands)).toBe('This button is from an older card. Ask again with /help.');
  });
});
