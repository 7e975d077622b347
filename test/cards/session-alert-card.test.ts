import { describe, expect, it } from 'vitest';
import { footerLine } from '../../src/cards/footer.ts';
import { sessionAlertCard } from '../../src/cards/session-alert-card.ts';
import { alertIdOf, type SessionAlert } from '../../src/domain/alert.ts';
import { atNewYork, createCalendar } from '../../src/domain/session.ts';
import { sessionAlertsBetween } from '../../src/domain/session-alerts.ts';

function holidayAfter(on: string): SessionAlert {
  const [found] = sessionAlertsBetween(createCalendar(), atNewYork(on, '00:00'), atNewYork(on, '23:59')).filter(
    (alert) => alert.transition === 'holiday_ahead',
  );
  if (!found) throw new Error(`no holiday after ${on}`);
  return found;
}

const saying = (alert: SessionAlert): string => {
  const card = sessionAlertCard(alert, 0, 'Massive');
  return [card.title, ...card.blocks.map((block) => (block.kind === 'text' ? block.text : ''))].join('\n');
};

describe('the card of a session alert', () => {
  it('names the day of a holiday: tomorrow, or the weekday after a weekend', () => {
    expect(saying(holidayAfter('2026-05-22'))).toMatch(/^Holiday on Monday: Memorial Day\nNo trading on Mon 25 May\./);
    expect(saying(holidayAfter('2026-11-25'))).toMatch(
      /^Holiday tomorrow: Thanksgiving Day\nNo trading on Thu 26 Nov\./,
    );
    expect(saying(holidayAfter('2001-09-10'))).toMatch(/^Holiday tomorrow: September 11 attacks/);
  });

  it('says in its last line which alert it is, and that it is no advice', () => {
    const alert = holidayAfter('2026-05-22');
    const line = footerLine(sessionAlertCard(alert, 0, 'Massive'), alert.at);
    expect(line).toBe(
      `alert ${alertIdOf(alert).slice(0, 8)} · as of 16:00:01 ET · Massive · live · Education, not financial advice.`,
    );
  });
});
