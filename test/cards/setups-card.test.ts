import { describe, expect, it } from 'vitest';
import { setupsCard } from '../../src/cards/setups-card.ts';
import { verifyCard } from '../../src/cards/verify-card.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { textOf } from './golden.ts';

const detectedAt = atNewYork('2015-12-23', '10:35');
const provenance = { asOf: detectedAt, source: 'Massive', timeliness: 'live' } as const;
const planId = '7f3a9c51d2e84b6f0a1c2d3e4f5061728394a5b6c7d8e9f00112233445566778';
const setup = { symbol: 'AAPL', title: 'opening-range breakout', direction: 'long' as const, detectedAt };

describe('the setups of a session', () => {
  it('say what became of each, and why of those refused', () => {
    const refusal = { code: 'too_wide', reason: 'The stop of KO is 3.1 ATR away, at most 2.5 is allowed.' };
    const card = setupsCard(
      [
        { ...setup, outcome: 'offered', planId },
        { ...setup, symbol: 'KO', direction: 'short', outcome: 'refused', refusal },
      ],
      { offered: 1, refused: 30 },
      provenance,
    );
    expect(textOf(card).split('\n')).toEqual([
      '**1 offered**, 30 refused',
      '10:35 ▲ long AAPL  plan 7f3a9c',
      '10:35 ▼ short KO  too wide',
      '-# KO: The stop of KO is 3.1 ATR away, at most 2.5 is allowed.',
    ]);
    expect(card.select?.options).toEqual([
      { label: 'AAPL long · 7f3a9c', value: '7f3a9c51d2e8', description: 'opening-range breakout, 10:35 ET' },
    ]);
  });

  it('that are none yet say what is looked at', () => {
    expect(textOf(setupsCard([], { offered: 0, refused: 0 }, provenance))).toContain('None yet.');
  });
});

describe('the check of a plan', () => {
  it('says equal in words and shows both hashes', () => {
    const card = verifyCard({ planId, recomputedId: planId, equal: true, engineVersion: 3 });
    expect(card).toMatchObject({ tone: 'up', title: '✓ Equal: plan 7f3a9c', tag: 'plan 7f3a9c · engine 3' });
    expect(textOf(card)).toContain(`shown  ${planId.slice(0, 24)}\nbuilt again  ${planId.slice(0, 24)}`);
  });

  it('tells a plan that was changed from inputs that were', () => {
    const check = { planId, equal: false, engineVersion: 3 };
    expect(textOf(verifyCard({ ...check, recomputedId: planId }))).toContain('it was changed after it was made');
    expect(textOf(verifyCard({ ...check, recomputedId: 'b'.repeat(64) }))).toContain('it is another plan');
    expect(verifyCard({ ...check, recomputedId: planId })).toMatchObject({
      tone: 'down',
      title: '✗ Not equal: plan 7f3a9c',
    });
  });
});
