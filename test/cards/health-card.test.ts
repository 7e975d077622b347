import { describe, expect, it } from 'vitest';
import { footerLine } from '../../src/cards/footer.ts';
import { healthCard } from '../../src/cards/health-card.ts';
import { alertIdOf, alertTagOf, type HealthAlert } from '../../src/domain/alert.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { textOf } from './golden.ts';

const since = atNewYork('2015-12-23', '10:31');
const down: HealthAlert = {
  kind: 'health',
  part: 'stocks feed',
  state: 'down',
  since,
  at: since + 12_000,
  reason: 'the stream closed and does not come back',
  works: 'Prices come by polling every 5 s. The stream is tried again by itself.',
};

describe('the card of a part that is down', () => {
  it('is grey and says what, since when, what still works and what happens next', () => {
    const card = healthCard(down, 0, 'Massive');
    expect(card).toMatchObject({ tone: 'neutral', title: '▼ Stocks feed down' });
    expect(textOf(card)).toBe(
      `Since <t:${since / 1000}:T> (<t:${since / 1000}:R>): the stream closed and does not come back\nPrices come by polling every 5 s. The stream is tried again by itself.`,
    );
  });

  it('shows the market as of the moment it went, and which alert it is', () => {
    expect(footerLine(healthCard(down, 0, 'Massive'), down.at)).toBe(
      `${alertTagOf(alertIdOf(down))} · as of 10:31:00 ET · Massive · last known, 12 s old`,
    );
  });

  it('says how long it took once it is back', () => {
    const up = { ...down, state: 'up' as const, at: since + 4 * 60_000 };
    const card = healthCard(up, 0, 'Massive');
    expect(card).toMatchObject({ tone: 'up', title: '▲ Stocks feed back after 4 min' });
    expect(textOf(card)).toContain(`Down from <t:${since / 1000}:T> to <t:${up.at / 1000}:T>`);
    expect(footerLine(card, up.at)).toContain('as of 10:35:00 ET · Massive · live');
  });

  it('says when it is told late', () => {
    expect(healthCard(down, 125_000, 'Massive').title).toBe('LATE 02:05 · ▼ Stocks feed down');
  });
});
