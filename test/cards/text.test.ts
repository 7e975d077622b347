import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, plainText, truncate } from '../../src/cards/text.ts';

const foreign = fc.string({ unit: 'binary', maxLength: 200 });

describe('foreign text', () => {
  it('loses what hides or reorders letters', () => {
    expect(plainText('Buy\u202E won\u200B\u0000\r\nnow\uD800')).toBe('Buy won now');
  });

  it('shows markup, mentions and links letter by letter', () => {
    expect(escapeMarkdown('**@everyone** <@123> [win](https://evil.example) `x` ||y||')).toBe(
      '\\*\\*\\@everyone\\*\\* \\<\\@123\\> \\[win\\](https:\\/\\/evil.example) \\`x\\` \\|\\|y\\|\\|',
    );
    expect([
      escapeMarkdown('# Big'),
      escapeMarkdown('- list'),
      escapeMarkdown('1. one'),
      escapeMarkdown('\n> quote'),
    ]).toEqual(['\\# Big', '\\- list', '1\\. one', '\\> quote']);
  });

  it('never leaves a live mention, link or fence, whatever it is made of', () => {
    const nasty = fc.array(
      fc.constantFrom('@everyone', '<@1>', '`', '```', '\\', 'https://x.example', '[a](b)', '\u202E', '\n', 'x', '**'),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const text = escapeMarkdown(parts.join(''));
        // takes away escaped characters: what stays must hold nothing that Discord reads as markup
        expect(text.replace(/\\[^0-9A-Za-z\s]/g, '')).not.toMatch(/[\\`*_~|<>[\]@]|:\/\//);
        expect(text).not.toMatch(/[\n\u202E]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('truncation', () => {
  it('leaves what fits alone and marks what it cut', () => {
    expect([truncate('abc', 3), truncate('abcd', 3), truncate('abc', 0)]).toEqual(['abc', 'ab…', '']);
  });

  it('closes a code block that it cuts', () => {
    expect(truncate('```\nAAPL 94.10\nMSFT 41.20\n```', 20)).toBe('```\nAAPL 94.10\n…\n```');
  });

  it('drops a timestamp, link or escape that it would cut in two', () => {
    expect(truncate('at <t:1450882800:t> today', 15)).toBe('at …');
    expect(truncate('see [x](<https://a.example/b>) now', 20)).toBe('see …');
    expect(truncate('ab\\*cd', 4)).toBe('ab…');
  });

  it('never makes half a character, half a fence or one character too many', () => {
    const piece = fc.constantFrom('```', '\n', '😀', 'é', 'word ', '`', '\\*', '<t:1:R>', '👩‍🚀');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
          foreign,
        ),
        fc.integer({ min: 0, max: 120 }),
        (text, max) => {
          const cut = truncate(text, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          if (text.isWellFormed()) expect(cut.isWellFormed()).toBe(true);
          if (text.split('```').length % 2 === 1) expect(cut.split('```').length % 2).toBe(1);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
