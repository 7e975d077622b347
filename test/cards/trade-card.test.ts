import { describe, expect, it } from 'vitest';
import { takenCard } from '../../src/cards/taken-card.ts';
import { tradeCard } from '../../src/cards/trade-card.ts';
import { tradeListCard } from '../../src/cards/trade-list-card.ts';
import { renderCard } from '../../src/discord/render.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openTrade } from '../../src/domain/trade.ts';
import { armed, bar, barEvents, clockAt, FILLED, follow, longPlan, type Row, taken } from '../domain/trade/table.ts';
import { golden, textOf } from './golden.ts';
import { at, lifeAt } from './told-steps.ts';

const T1: Row = ['10:31', 100.4, 101.1, 100.3, 101];
const STOPPED: Row = ['10:32', 101, 101.4, 99.9, 100];
const provenance = { asOf: at('10:40'), source: 'Massive', timeliness: 'live' } as const;

describe("a member's trade", () => {
  it('reads as it always did', async () => {
    const { trade, steps } = follow(armed(), [FILLED, T1]);
    const card = tradeCard(lifeAt(trade, 101.4), { provenance, steps, threadId: '100000000000000009' });
    await expect(golden(card)).toMatchFileSnapshot('../../fixtures/golden/cards/trade.json');
  });

  it('is shown with its shares, dollars and steps to the member alone', () => {
    const { trade, steps } = follow(armed(), [FILLED, T1, STOPPED]);
    const card = tradeCard(lifeAt(trade), { provenance, steps });
    expect(card).toMatchObject({ private: true, title: 'Ended: ▲ long TEST · 80 shares', tone: 'neutral' });
    expect(textOf(card)).toContain('10:31 Triggered  100.00  +0.0 R\n10:32 T1 hit  101.00  +0.5 R');
    expect(textOf(card)).toContain('Result +0.5 R = $40.00 · best 1.1 R (MFE) · worst +0.0 R (MAE) · 2 min');
    expect(card.provenance?.asOf).toBe(at('10:33'));
  });

  it('of many steps shows the last dozen and counts the others', () => {
    const { trade, steps } = follow(armed(), [FILLED]);
    const many = Array.from({ length: 15 }, (_, seq) => ({
      ...steps[0],
      kind: 'fill_corrected' as const,
      at: at('10:31') + seq * 60_000,
      realisedR: 0,
    }));
    const card = tradeCard(lifeAt(trade), { provenance, steps: many });
    const rows = card.blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
    expect(rows).toHaveLength(12);
    expect(rows[0]?.[0]).toBe('10:34 Fill corrected');
    expect(textOf(card)).toContain('and 3 earlier');
  });

  it('can be cancelled before the trigger, closed and corrected after it, and neither at the end', () => {
    const labels = (rows: readonly Row[]) =>
      tradeCard(lifeAt(follow(armed(), rows).trade), { provenance }).buttons?.map(({ label }) => label);
    expect(labels([])).toEqual(['Cancel it', 'Why?', 'Ask coach']);
    expect(labels([FILLED])).toEqual(['Close it', 'Fix fill', 'Why?', 'Ask coach']);
    expect(labels([FILLED, T1, STOPPED])).toEqual(['Why?', 'Ask coach']);
  });
});

describe('what was just taken', () => {
  it('waits for the trigger, or is filled at the price that the member named', () => {
    const waits = takenCard({ trade: armed(), plan: longPlan, outcome: 'taken', provenance });
    expect(waits).toMatchObject({ title: 'Taken: ▲ long TEST', private: true, disclaimer: true });
    expect(textOf(waits)).toContain('**80 shares**, $80.00 at risk. Waits for 100.00, up to 100.20; stop 99.00.');
    const claimed = openTrade(longPlan, { ...taken, fillPrice: 100.05 });
    for (const trade of [claimed, advanceAll(claimed, [clockAt('10:30')]).trade]) {
      const card = takenCard({ trade, plan: longPlan, outcome: 'taken', threadId: '12', provenance });
      expect(textOf(card)).toContain('Filled at 100.05; stop 99.00.');
      expect(textOf(card)).toContain('Each step is told in <#12> with your name: prices and R, never your shares.');
    }
  });

  it('is not taken a second time', () => {
    const card = takenCard({ trade: armed(), plan: longPlan, outcome: 'already', provenance });
    expect(card).toMatchObject({ title: 'You have it already: ▲ long TEST', tone: 'neutral' });
  });
});

describe('the list of trades', () => {
  const open = lifeAt(follow(armed(), [FILLED]).trade, 100.4);
  const ended = lifeAt(follow(armed(), [FILLED, T1, STOPPED]).trade);
  const expired = lifeAt(advanceAll(armed(), [clockAt('15:30')]).trade);

  it('sums what has ended and shows state and R of each', () => {
    const card = tradeListCard([open, ended, expired], { provenance });
    expect(textOf(card)).toContain('**1 open · 2 ended, 1 of them entered: +0.5 R**');
    const rows = card.blocks.flatMap((block) => (block.kind === 'table' ? block.rows.map((row) => row.slice(1)) : []));
    expect(rows).toEqual([
      ['in', '+0.4 R'],
      ['stopped', '+0.5 R'],
      ['expired', '–'],
    ]);
    expect(card.select).toMatchObject({ key: 'id', action: { command: 'trade-show' } });
  });

  it('says why it is empty and what to press', () => {
    expect(textOf(tradeListCard([], {}))).toContain('Press "Take it"');
    expect(textOf(tradeListCard([], { openOnly: true }))).toContain('no open trade');
  });

  it('of hundreds stays within a phone and a select', async () => {
    const many = Array.from({ length: 300 }, (_, i) => {
      const trade = { ...open.trade, tradeId: i.toString(16).padStart(64, '0'), symbol: 'BRK.BB' };
      return { ...open, trade };
    });
    const { body } = await renderCard(tradeListCard(many, { provenance }), { now: at('10:40') });
    const text = body.embeds?.[0]?.description ?? '';
    expect(text).toContain('And 280 earlier.');
    for (const line of text.split('\n').filter((one) => one.includes('BRK.BB')))
      expect([...line].length).toBeLessThanOrEqual(40);
  });
});

describe('a trade after a split', () => {
  it('shows the prices and shares of today', () => {
    const { trade } = advanceAll(armed(), barEvents([bar(FILLED)]));
    const split = { ...trade, splitFactor: 2 };
    const card = tradeCard(lifeAt(split, 50.2), { provenance });
    expect(card.title).toBe('▲ long TEST · 160 shares');
    expect(textOf(card)).toContain('Triggered 50.00 · open +0.4 R · next T1 50.50 (0.30 away) · stop 49.50');
    const over = { ...follow(armed(), [FILLED, ['10:31', 100, 100, 98.9, 99]]).trade, splitFactor: 2 };
    expect(textOf(tradeCard(lifeAt(over, 49.5), { provenance }))).toContain('Ended: stopped 49.50 · -1.0 R');
    expect(textOf(card)).toContain('1 R = $80.00 · holds 160 shares\nAhead: T1 50.50, T2 51.00, T3 51.50');
  });
});
