import { describe, expect, it } from 'vitest';
import { planCard, refusalCard, whyCard } from '../../src/cards/plan-card.ts';
import { golden } from './golden.ts';
import { DECIDED_AT, sampleBars, sampleLevels, samplePlan } from './sample.ts';

const provenance = { asOf: DECIDED_AT, source: 'Sandbox replay of 6 Jun 2014', timeliness: 'live' } as const;
const extras = { bars: sampleBars(12), levels: sampleLevels, provenance, at: DECIDED_AT + 60_000, lastDollars: 93.95 };

const shortPlan = {
  ...samplePlan,
  direction: 'short' as const,
  entry: { triggerPrice: 93.38, limitPrice: 93.23 },
  stop: { price: 94.1, basis: 'ema' as const, reason: '0.25 ATR over EMA 20 at 93.98' },
  targets: [{ name: 'T1', price: 92.66, r: 1, shareRatio: 0.75 }],
  rationale: { for: ['below VWAP by 0.4 ATR'], against: [] },
};

describe('the plan card', () => {
  it('reads as it always did', async () => {
    await expect(golden(planCard(samplePlan, extras))).toMatchFileSnapshot(
      '../../fixtures/golden/cards/plan-long.json',
    );
    await expect(golden(planCard(shortPlan, extras))).toMatchFileSnapshot(
      '../../fixtures/golden/cards/plan-short.json',
    );
    await expect(golden(whyCard(samplePlan, provenance))).toMatchFileSnapshot(
      '../../fixtures/golden/cards/plan-why.json',
    );
  });

  it('names direction in words, not by colour alone', () => {
    expect(planCard(samplePlan, extras).title).toContain('▲ AAPL  long');
    expect(planCard(shortPlan, extras).title).toContain('▼ AAPL  short');
  });

  it('tells every price of the plan in the alt text of its chart', () => {
    const chart = planCard(samplePlan, extras).blocks.find((block) => block.kind === 'chart');
    for (const number of ['94.10', '94.25', '93.38', '94.82', '95.54', '96.19', '92.80'])
      expect(chart?.alt).toContain(number);
  });

  it('says what the price does now beside what it did when the plan was decided', () => {
    const text = JSON.stringify(planCard(samplePlan, extras).blocks);
    expect(text).toMatch(/Decided \d\d:\d\d ET at [\d.]+, now 93\.95 at \d\d:\d\d/);
  });

  it('of a plan that is over says so first, in grey, and no more when it ends', () => {
    const over = planCard(samplePlan, { ...extras, at: samplePlan.expiresAt });
    expect(over).toMatchObject({ tone: 'neutral', title: expect.stringMatching(/^Ended: /) });
    expect(JSON.stringify(over.blocks)).toContain('kept for reading, not for trading');
    expect(JSON.stringify(over.blocks)).not.toContain('if not triggered');
    expect(planCard(samplePlan, { ...extras, at: samplePlan.expiresAt - 1 }).title).not.toContain('Ended');
  });

  it('can be taken while it stands', () => {
    const [take] = planCard(samplePlan, extras).buttons ?? [];
    expect(take).toMatchObject({
      label: 'Take it',
      action: { command: 'trade-take', input: { planId: '7f3a9c51d2e8' } },
    });
    expect(take?.disabled).toBeUndefined();
    expect(planCard(samplePlan, { ...extras, at: samplePlan.expiresAt }).buttons?.[0]?.disabled).toBe(true);
  });

  it('ends with the disclaimer and its id', () => {
    expect(planCard(samplePlan, extras)).toMatchObject({ tag: 'plan 7f3a9c', disclaimer: true, provenance });
  });
});

describe('the reasons', () => {
  it('show every factor with score, weight and points, strongest first, to the asker alone', () => {
    const card = whyCard(samplePlan, provenance);
    const text = card.blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('\n');
    expect(card.private).toBe(true);
    for (const { label } of samplePlan.confidence.factors) expect(text).toContain(label);
    expect(text.indexOf('+8.0')).toBeLessThan(text.indexOf('+6.3'));
    expect(text.indexOf('+6.3')).toBeLessThan(text.indexOf('-2.5'));
    expect(text).toContain('not 92.90 by structure: under the session low');
  });
});

describe('a refusal', () => {
  it('says why and what to do meanwhile', async () => {
    const card = refusalCard(
      'KO',
      { code: 'too_tight', reason: 'The range of KO is 0.3 ATR, at least 0.5 is needed.' },
      provenance,
    );
    await expect(golden(card)).toMatchFileSnapshot('../../fixtures/golden/cards/plan-refused.json');
    expect(card.buttons?.map(({ label }) => label)).toEqual(['Watch KO', 'Levels', 'Plan again']);
  });

  it('offers no watching or planning of what cannot be traded', () => {
    const card = refusalCard('I:SPX', { code: 'not_tradable', reason: 'SPX is an index.' });
    expect(card.title).toBe('No plan for SPX now');
    expect(card.buttons?.map(({ label }) => label)).toEqual(['Levels']);
  });
});
