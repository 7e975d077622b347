import { alertIdOf, alertTagOf, type HealthAlert } from '../domain/alert.ts';
import type { Card } from './card.ts';
import { discordTime, duration, lateMark } from './format.ts';
import { escapeMarkdown, plainText } from './text.ts';

/** What is down or back, since when, what still works and what happens next; grey while it is down. */
export function healthCard(alert: HealthAlert, lateMs: number, source: string): Card {
  const { part, state, since, at, reason, works } = alert;
  const late = lateMark(lateMs);
  const words = plainText(part);
  const name = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const title = state === 'down' ? `▼ ${name} down` : `▲ ${name} back after ${duration(at - since)}`;
  const when = state === 'down' ? `Since ${discordTime(since, 'T')}` : `Down from ${discordTime(since, 'T')}`;
  const until = state === 'down' ? ` (${discordTime(since, 'R')})` : ` to ${discordTime(at, 'T')}`;
  return {
    layout: 'embed',
    tone: state === 'down' ? 'neutral' : 'up',
    title: late === '' ? title : `${late} · ${title}`,
    blocks: [
      { kind: 'text', text: `${when}${until}: ${escapeMarkdown(reason)}` },
      { kind: 'text', text: escapeMarkdown(works) },
    ].filter(({ text }) => text !== '') as Card['blocks'],
    tag: alertTagOf(alertIdOf(alert)),
    // while the source is away the market is known as it was then
    provenance: { asOf: state === 'down' ? since : at, source, timeliness: state === 'down' ? 'stale' : 'live' },
  };
}
