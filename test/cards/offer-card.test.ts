import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { footerLine } from '../../src/cards/footer.ts';
import { offerCard } from '../../src/cards/offer-card.ts';
import { encodePress } from '../../src/discord/custom-id.ts';
import { alertIdOf, alertTagOf } from '../../src/domain/alert.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openShadow, openTrade } from '../../src/domain/trade.ts';
import { bar, barEvents, clockAt, FILLED, longPlan, type Row } from '../domain/trade/table.ts';
import { golden, textOf } from './golden.ts';
import { DECIDED_AT, sampleBars, sampleLevels, samplePlan } from './sample.ts';
import { at, lifeAt, shadowOn } from './told-steps.ts';

const provenance = { asOf: DECIDED_AT, source: 'Sandbox replay of 6 Jun 2014', timeliness: 'live' } as const;
const offer = { plan: samplePlan, provenance, memberId: null };
const tested = { plan: longPlan, provenance: { asOf: at('10:30'), source: 'Massive', timeliness: 'live' as const } };

const T1: Row = ['10:31', 100.4, 101.1, 100.3, 101];
const stateOf = (card: Card): string => textOf(card).split('\n')[0] ?? '';
const take = (card: Card) => card.buttons?.find(({ label }) => label === 'Take it');

/** The head card after these rows, at a last price. */
const headAfter = (rows: readonly Row[], last?: number): Card => {
  const { trade } = shadowOn(rows);
  return offerCard(tested, lifeAt(trade, last));
};

describe('the head card of an offer', () => {
  it('reads as it always did', async () => {
    const drawn = offerCard(offer, undefined, sampleBars(12), sampleLevels);
    await expect(golden(drawn)).toMatchFileSnapshot('../../fixtures/golden/cards/offer.json');
    await expect(golden(headAfter([FILLED, T1], 101.4))).toMatchFileSnapshot(
      '../../fixtures/golden/cards/offer-scaled.json',
    );
    await expect(golden(headAfter([FILLED, T1, ['10:32', 101, 101.4, 99.9, 100]]))).toMatchFileSnapshot(
      '../../fixtures/golden/cards/offer-ended.json',
    );
  });

  it('is the plan alone when it is new, with all five buttons', () => {
    const card = offerCard(offer);
    expect(card).toMatchObject({ layout: 'container', tone: 'up', disclaimer: true });
    expect(stateOf(card)).toContain('Buy above 94.10');
    expect(card.buttons?.map(({ label }) => label)).toEqual(['Take it', 'Why?', 'Verify', 'Watch AAPL', 'Ask coach']);
    expect(take(card)?.disabled).toBeUndefined();
  });

  it('says first where the life is: how far to the trigger, what is open, what comes next, how it ended', () => {
    const first = shadowOn([]).trade;
    expect(stateOf(offerCard(tested, lifeAt(first, 99.92)))).toBe('**Armed · 99.92, trigger in 0.08 (0.1 R)**');
    expect(stateOf(offerCard(tested, lifeAt(first, 100.1)))).toBe('**Armed · 100.10, at the trigger 100.00**');
    expect(stateOf(offerCard(tested, lifeAt(first, 100.5)))).toBe(
      '**Armed · 100.50, past the limit 100.20 by 0.30 (0.3 R)**',
    );
    expect(stateOf(headAfter([FILLED]))).toBe(
      '**Triggered 100.00 · open +0.4 R · next T1 101.00 (0.60 away) · stop 99.00**',
    );
    expect(stateOf(headAfter([FILLED, T1], 101.4))).toBe(
      '**T1 hit · +0.5 R banked · open +0.7 R · next T2 102.00 (0.60 away) · stop 100.00**',
    );
    const rows: Row[] = [FILLED, T1, ['10:32', 101, 102.1, 100.9, 102], ['10:33', 102, 103.5, 101.9, 103.4]];
    expect(stateOf(headAfter(rows))).toBe('**T3 hit · +1.4 R banked · open +0.4 R · runner · trailing stop 102.00**');
    expect(stateOf(headAfter([FILLED, T1, ['10:32', 101, 101.4, 99.9, 100]]))).toBe(
      '**Ended: stopped 100.00 · +0.5 R**',
    );
    expect(stateOf(headAfter([['10:30', 100.5, 100.8, 100.4, 100.6]]))).toContain('**Missed · 100.60, past the limit');
  });

  it('says that a target is reached while its minute is still open', () => {
    const { trade } = shadowOn([FILLED]);
    expect(stateOf(offerCard(tested, lifeAt(trade, 101.2)))).toContain('next T1 101.00 (reached, the minute decides)');
  });

  it('of a plan that never got in ends without a price', () => {
    const { trade } = shadowOn([], [clockAt('15:30')]);
    expect(stateOf(offerCard(tested, lifeAt(trade)))).toBe('**Ended: expired · no entry**');
  });

  it('mentions that two prints have crossed a level before the minute decides', () => {
    const ticks = [1, 2].map((second) => ({
      kind: 'tick' as const,
      tick: { symbol: 'TEST', price: 100.05, eventAt: at('10:30') + second * 1_000 },
    }));
    const { trade } = advanceAll(openShadow(longPlan), ticks);
    expect(textOf(offerCard(tested, lifeAt(trade, 100.05)))).toContain('Two prints are beyond the trigger');
  });

  it('can be taken until it expires or ends, not after', () => {
    expect(take(headAfter([FILLED]))?.disabled).toBeUndefined();
    expect(take(headAfter([FILLED, ['10:31', 100, 100, 98.9, 99]]))?.disabled).toBe(true);
    const late = { ...tested, provenance: { ...tested.provenance, asOf: longPlan.expiresAt } };
    expect(take(offerCard(late, lifeAt(shadowOn([FILLED]).trade)))?.disabled).toBe(true);
    expect(take(offerCard(late))?.disabled).toBe(true);
    expect(take(offerCard({ ...tested, isOver: true }))?.disabled).toBe(true);
  });

  it('that is posted late begins with how late it is', () => {
    const title = (lateMs: number) => offerCard(offer, undefined, [], [], { at: DECIDED_AT, lateMs }).title;
    expect(title(190_000)).toMatch(/^LATE 03:10 · ▲ AAPL/);
    expect(title(60_000)).toMatch(/^▲ AAPL/);
  });

  it('tells one price only: that of its life, once it has one', () => {
    const shown = { at: at('10:40'), lastDollars: 123.45 };
    expect(textOf(offerCard(tested, undefined, [], [], shown))).toContain('now 123.45 at 10:40');
    expect(textOf(offerCard(tested, lifeAt(shadowOn([]).trade), [], [], shown))).not.toContain('123.45');
  });

  it('in its end is grey, says so in the title, and stays as of its last step', () => {
    const ended = headAfter([FILLED, ['10:31', 100, 100, 98.9, 99]]);
    expect(ended).toMatchObject({ tone: 'neutral', title: expect.stringMatching(/^Ended: ▲ TEST/) });
    expect(footerLine(ended, at('12:00'))).toContain('as of 10:32:00 ET · Massive');
    expect(textOf(ended)).not.toContain('if not triggered');
  });

  it('gives the time of the price that it shows', () => {
    expect(headAfter([FILLED]).provenance?.asOf).toBe(at('10:31'));
    const quiet = { ...tested, provenance: { ...tested.provenance, asOf: at('15:00') } };
    const { trade } = shadowOn([FILLED, ['10:31', 100, 100, 98.9, 99]]);
    expect(offerCard(quiet, lifeAt(trade)).provenance?.asOf).toBe(at('10:32'));
    const fresh = { ...tested, provenance: { ...tested.provenance, asOf: at('10:31') + 9_000 } };
    expect(offerCard(fresh, lifeAt(shadowOn([FILLED]).trade)).provenance?.asOf).toBe(at('10:31') + 9_000);
  });

  it('is sized for the reference account and tells no member of another', () => {
    expect(textOf(offerCard(offer))).toContain(
      'Size **138 shares** = $99 at risk (limit 1.0 % of $10,000, the reference account; yours by /risk)',
    );
    const mine = openTrade(longPlan, { memberId: '4711', shares: 77, takenAt: at('10:30') });
    const { trade } = advanceAll(mine, barEvents([bar(FILLED)]));
    const text = JSON.stringify(offerCard(tested, lifeAt(trade)));
    expect(text).not.toMatch(/4711|\b77\b/);
  });

  it("of a plan that is one member's own leads to their trade and knows their limit", () => {
    const mine = openTrade(longPlan, { memberId: '4711', shares: 77, takenAt: at('10:30') });
    const card = offerCard({ ...tested, memberId: '4711' }, lifeAt(mine));
    expect(card.buttons?.map(({ label }) => label)).toEqual(['My trade', 'Why?', 'Watch TEST', 'Ask coach']);
    expect(textOf(card)).toContain('at risk (limit 1.0 % of $8,000)');
  });

  it('can be found again by its last line, and every button fits an id', () => {
    const card = offerCard(offer);
    const { planId, symbol, decidedAt } = samplePlan;
    const tag = alertTagOf(alertIdOf({ kind: 'offer', planId, symbol, memberId: null, at: decidedAt }));
    expect(footerLine(card, DECIDED_AT)).toContain(`plan 7f3a9c · ${tag} · as of`);
    for (const { action } of card.buttons ?? [])
      expect(encodePress({ mode: 'form', action })?.length).toBeLessThanOrEqual(100);
  });
});
