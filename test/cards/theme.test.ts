import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TONE_COLOR, TONE_NUMBER } from '../../src/cards/theme.ts';

it('has no gold anywhere in what members see', () => {
  const root = join(import.meta.dirname, '../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(ts|css|html)$/.test(file),
  );
  const golden = files.filter((file) => /D4AF37|0xd4af37|\bgold\b/i.test(readFileSync(join(root, file), 'utf8')));
  expect(files.length).toBeGreaterThan(50);
  expect(golden).toEqual([]);
});

it('says each tone with one colour in both notations', () => {
  for (const [tone, color] of Object.entries(TONE_COLOR)) {
    expect(`#${TONE_NUMBER[tone as keyof typeof TONE_NUMBER].toString(16).toUpperCase()}`).toBe(color);
  }
});
