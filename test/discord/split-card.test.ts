import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCard } from '../../src/discord/split-card.ts';
import { answerCard } from './talk.ts';

const words = (text: string): string => text.replace(/\s+/g, ' ').trim();
const textsOf = (text: string, longest: number): string[] =>
  splitCard(answerCard(text), longest).map(({ blocks }) =>
    blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('\n'),
  );

describe('a long card', () => {
  it('loses no word, and no piece is too long, for any text', () => {
    const pieces = fc.oneof(
      { weight: 6, arbitrary: fc.string({ maxLength: 30 }) },
      fc.constantFrom(
        '**94.10**',
        '<t:1450881135:t>',
        '[reuters.com](<https://www.reuters.com/a>)',
        '\n',
        '. ',
        ' ',
        '📈',
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 80 }), fc.integer({ min: 60, max: 400 }), (parts, longest) => {
        const text = parts.join(' ');
        const split = textsOf(text, longest);
        for (const piece of split) expect(piece.length).toBeLessThanOrEqual(longest);
        expect(split.map((piece) => piece.replace(/\s+/g, '')).join('')).toBe(text.replace(/\s+/g, ''));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is cut between lines, and neither in bold, a time nor a link', () => {
    const line =
      'AAPL **+0.5 R. So far** at <t:1450881135:t> by [reuters dot com](<https://www.reuters.com/markets/apple>)';
    const split = textsOf(Array.from({ length: 60 }, () => line).join(' '), 300);
    for (const piece of split) {
      expect(piece.split('**').length % 2).toBe(1);
      expect(piece).not.toMatch(/<t:[^>]*$|\]\([^)]*$|\[[^\]]*$/);
    }
    expect(words(split.join(' '))).toBe(words(Array.from({ length: 60 }, () => line).join(' ')));
  });
});
