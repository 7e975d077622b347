// control characters, zero-width and direction marks, unpaired surrogates: they hide or reorder what a member reads
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u{2028}\u{2029}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu;

/** Foreign text on one line without control, zero-width, direction or half characters; for labels and table cells. */
export function plainText(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Foreign text that Discord shows letter by letter: no markup, no link, no mention, one line. */
export function escapeMarkdown(text: string): string {
  return plainText(text)
    .replace(/[\\`*_~|<>[\]@]/g, '\\$&')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/^([#+-]|\d+\.)(?=\s)/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}

const ELLIPSIS = '…';
const FENCE = '```';
const CLOSING = `\n${FENCE}`;

/** At most `max` UTF-16 units, ending in an ellipsis when cut; never half a character, escape, `<t:…>` or code fence. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 0) return '';
  const cut = cutAt(text, max - ELLIPSIS.length);
  if (!isInsideFence(cut)) return cut + ELLIPSIS;
  const shorter = cutAt(text, max - ELLIPSIS.length - CLOSING.length);
  if (isInsideFence(shorter)) return shorter + ELLIPSIS + CLOSING;
  return shorter + ELLIPSIS;
}

function cutAt(text: string, length: number): string {
  let end = Math.max(0, length);
  if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
  // a fence is three characters that stand or fall together
  while (end > 0 && text[end] === '`' && text[end - 1] === '`') end -= 1;
  let cut = text.slice(0, end);
  const token = /(?:<(?:t:|[#@/]|a?:)[^<>\s]{0,80}|\[[^\]\n]{0,200}\]\([^)\n]{0,1000})$/.exec(cut);
  if (token) cut = cut.slice(0, token.index);
  const slashes = /\\+$/.exec(cut)?.[0].length ?? 0;
  return slashes % 2 === 1 ? cut.slice(0, -1) : cut;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isInsideFence(text: string): boolean {
  return text.split(FENCE).length % 2 === 0;
}
