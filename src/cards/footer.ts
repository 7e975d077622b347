import type { Provenance } from '../domain/provenance.ts';
import { newYork } from '../domain/session.ts';
import type { Card } from './card.ts';
import { age, dateText, newYorkClock } from './format.ts';
import { plainText } from './text.ts';
import { DISCLAIMER } from './theme.ts';

const SEPARATOR = ' · ';

/** The card's last line: tag, time, source, timeliness, caveat, disclaimer; `now` is market time and ages stale numbers. */
export function footerLine(card: Pick<Card, 'provenance' | 'tag' | 'disclaimer'>, now: number): string {
  const parts = [
    card.tag === undefined ? '' : plainText(card.tag),
    ...(card.provenance ? provenanceWords(card.provenance, now) : []),
    card.disclaimer ? DISCLAIMER : '',
  ];
  return parts.filter((part) => part !== '').join(SEPARATOR);
}

/** When, from whom, how fresh; the date is named only when it is not today's. */
function provenanceWords({ asOf, source, timeliness, note }: Provenance, now: number): string[] {
  const { on } = newYork(asOf);
  const day = on === newYork(now).on ? '' : ` ${dateText(on, { weekday: true })}`;
  return [
    `as of ${newYorkClock(asOf)} ET${day}`,
    plainText(source),
    timelinessWords(source, timeliness, now - asOf),
    note === undefined ? '' : plainText(note),
  ];
}

function timelinessWords(source: string, timeliness: Provenance['timeliness'], ageMs: number): string {
  if (timeliness === 'delayed') return 'DELAYED 15 min';
  if (timeliness === 'stale') return `last known, ${age(ageMs)}`;
  // a replay is never live, whatever its feed says
  return /replay/i.test(source) ? '' : 'live';
}
