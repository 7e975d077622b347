import { escapeMarkdown, plainText } from '../cards/text.ts';
import { isProperName } from './names.ts';

const LONGEST = 160;

/** Names that are identifiers or the house's own words: shown as they are. All other words are a quotation. */
const OWN_WORDS =
  /^(?:symbols?|name|indexName|kind|phase|nextPhase|direction|detector|timeframe|basis|planId|sentiment|state|outcome|closedAs|step|transition|part|target|nextName|slash|code|on|[a-z]+On)$/;

/** Sentences that the house computes. */
const OWN_SENTENCES = /^(?:reason|rule|note|label|summary|for|against|source|setup)$/;

const LINK = /(?:[a-z][a-z0-9+.-]{1,12}:\/\/|www\.)\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,24}\/\S*/gi;

/** A tool's words for a Discord message: no markup, no mention, no address; a sentence by others stands in quotes. */
export function quoted(value: string, path: readonly string[]): string {
  const text = shown(value);
  const names = path.filter((key) => !/^\d+$/.test(key));
  const field = names.at(-1) ?? '';
  if (OWN_SENTENCES.test(field) || (field === 'title' && /^setups?$/.test(names.at(-2) ?? ''))) return text;
  if (/^(?:name|indexName)$/.test(field) && !isProperName(plainText(value))) return `“${text}”`;
  return OWN_WORDS.test(field) && text.length <= 60 && !/[.!?:]\s/.test(text) ? text : `“${text}”`;
}

/** Without anything that Discord would make a link, a mention or markup of. */
export function shown(text: string, longest = LONGEST): string {
  const plain = plainText(text)
    .normalize('NFKC')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(LINK, '(link)');
  const short = plain.length > longest ? `${plain.slice(0, longest - 1).trimEnd()}…` : plain;
  // Discord reads the letters "@everyone" even behind a backslash
  return escapeMarkdown(short.replace(/@/g, '＠').replace(/[“”]/g, "'"));
}
