import { alertIdOf, alertTagOf, type SessionAlert } from '../domain/alert.ts';
import type { Card, Tone } from './card.ts';
import { dateText, discordTime, lateMark, newYorkClock } from './format.ts';

const DAY_MS = 86_400_000;
const WEEKDAY = new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: 'UTC' });

const TONES: Record<SessionAlert['transition'], Tone> = {
  premarket: 'warn',
  open: 'up',
  early_close_soon: 'warn',
  close: 'neutral',
  holiday_ahead: 'neutral',
};

/** A change of the session for `#alerts`, marked when it comes more than a minute late. */
export function sessionAlertCard(alert: SessionAlert, lateMs: number, source: string): Card {
  const { title, text } = words(alert);
  const late = lateMark(lateMs);
  return {
    layout: 'embed',
    tone: TONES[alert.transition],
    title: late === '' ? title : `${late} · ${title}`,
    blocks: [{ kind: 'text', text }],
    tag: alertTagOf(alertIdOf(alert)),
    provenance: { asOf: alert.at, source, timeliness: 'live' },
    disclaimer: true,
  };
}

function words(alert: SessionAlert): { title: string; text: string } {
  const hours = `${newYorkClock(alert.opensAt).slice(0, 5)}–${newYorkClock(alert.closesAt).slice(0, 5)} ET`;
  const half = alert.earlyClose ? ' Half-day: it closes early.' : '';
  switch (alert.transition) {
    case 'premarket':
      return {
        title: `Pre-market · ${alert.on}`,
        text: `Thin trading until the open at ${discordTime(alert.opensAt, 't')} (regular hours ${hours}).${half}`,
      };
    case 'open':
      return {
        title: `Market open · ${alert.on}`,
        text: `Regular hours ${hours}. The opening range is set in 15 minutes.${half}`,
      };
    case 'early_close_soon':
      return {
        title: 'Early close in 30 minutes',
        text: `Regular trading ends at ${discordTime(alert.closesAt, 't')} today, ${alert.on}.`,
      };
    case 'close':
      return {
        title: `Market closed · ${alert.on}`,
        text: `Next regular session opens ${discordTime(alert.opensAt, 'F')} (${hours}).${half}`,
      };
    case 'holiday_ahead': {
      const { on = alert.on, name = 'market closed' } = alert.holiday ?? {};
      const isTomorrow = Date.parse(on) - Date.parse(alert.on) === DAY_MS;
      return {
        title: `Holiday ${isTomorrow ? 'tomorrow' : `on ${WEEKDAY.format(Date.parse(on))}`}: ${name}`,
        text: `No trading on ${dateText(on, { weekday: true })}. Next regular session opens ${discordTime(alert.opensAt, 'F')} (${hours}).${half}`,
      };
    }
  }
}
