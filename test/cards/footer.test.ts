import { describe, expect, it } from 'vitest';
import { errorCard } from '../../src/cards/error-card.ts';
import { footerLine } from '../../src/cards/footer.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { AppError, ERROR_STATUS, type ErrorCode } from '../../src/kit/errors.ts';

const asOf = atNewYork('2015-12-23', '10:32') + 15_000;
const live = { asOf, source: 'Massive', timeliness: 'live' } as const;

describe('the last line', () => {
  it('says when, from whom and how fresh', () => {
    expect(footerLine({ provenance: live }, asOf)).toBe('as of 10:32:15 ET · Massive · live');
    expect(footerLine({ provenance: { ...live, timeliness: 'delayed' } }, asOf)).toBe(
      'as of 10:32:15 ET · Massive · DELAYED 15 min',
    );
    expect(footerLine({ provenance: { ...live, timeliness: 'stale' } }, asOf + 250_000)).toBe(
      'as of 10:32:15 ET · Massive · last known, 4 min old',
    );
  });

  it('never calls a replay live, and keeps the caveat', () => {
    const provenance = { ...live, source: 'Sandbox replay of 23 Dec 2015', note: 'intraday path synthesised' };
    expect(footerLine({ provenance }, asOf)).toBe(
      'as of 10:32:15 ET · Sandbox replay of 23 Dec 2015 · intraday path synthesised',
    );
  });

  it('names the day when it is not today', () => {
    expect(footerLine({ provenance: live }, atNewYork('2015-12-28', '09:00'))).toBe(
      'as of 10:32:15 ET Wed 23 Dec · Massive · live',
    );
  });

  it('begins with the tag and ends with the disclaimer', () => {
    expect(footerLine({ provenance: live, tag: 'plan 7f3a9c', disclaimer: true }, asOf)).toBe(
      'plan 7f3a9c · as of 10:32:15 ET · Massive · live · Education, not financial advice.',
    );
    expect(footerLine({}, asOf)).toBe('');
  });
});

describe('an error', () => {
  it('is told to the asker alone, in its own sentence', () => {
    for (const code of Object.keys(ERROR_STATUS) as ErrorCode[]) {
      const card = errorCard(new AppError(code, 'found "@everyone", a ticker such as AAPL is needed.'));
      expect(card.private).toBe(true);
      expect(card.title).not.toMatch(/wrong/i);
      expect(card.blocks).toEqual([{ kind: 'text', text: 'Found "\\@everyone", a ticker such as AAPL is needed.' }]);
    }
  });
});
