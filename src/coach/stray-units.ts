import { indexOfMark, MARK, NAME } from './marks.ts';

const UNIT =
  /(?<![\p{L}\p{N}])(percentage points?|percents?|per cents?|pct|prozent|procent|pour ?cent|por ?ciento|per ?cento|basis points?|bps?|cents|dollars|bucks|usd|euros|quid|shares|R)(?![\p{L}\p{N}])/giu;

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words before a unit that are surely no number, however they are written. */
const BEFORE_ALL = set('the in of per');
const BEFORE_R = set('a by as is are and or best worst open banked realised realized total each your with more');
const BEFORE_DOLLARS = set('your our their us more fewer extra and or risk for with as on');
const BEFORE_SHARES = set(
  'its these those your our their his her whose more fewer additional extra remaining outstanding whole common ordinary all any some many most few no and or for with as on by when while after before because since if but than that which company stock tech energy bank semiconductor pharma biotech auto mining travel consumer insurance utility healthcare media internet airline chip software retail oil growth value buy sell hold take add trim buying selling holding adding open own traded company’s',
);

/** A unit in a model's words that no value of a tool stands before, with the word that stands there instead. */
export function strayUnitIn(text: string, numberAt: (index: number) => string | undefined): string | undefined {
  for (const found of text.matchAll(UNIT)) {
    const unit = found[0].toLowerCase();
    if (found[0] === 'r') continue;
    const before = text.slice(0, found.index);
    const touching = before
      .trimEnd()
      .replace(/[-–—(]\s*$/u, '')
      .trimEnd();
    const last = touching.at(-1) ?? '';
    if (MARK.test(last) || last === NAME) {
      const number = last === NAME ? undefined : numberAt(indexOfMark(last));
      if (fits(unit, number)) continue;
      return found[0];
    }
    if (unit === 'percent' && /\bas a\s+$/i.test(before) && /^\s+of\b/.test(text.slice(found.index + unit.length)))
      continue;
    const isFirst = /(?:^|[.!?:(]|\n)\s*$/u.test(before);
    if (isFirst && /^(?:shares|dollars|r|percentage points)$/.test(unit)) continue;
    const word = /[^\s(“"]+$/u.exec(before.trimEnd())?.[0] ?? '';
    if (!mayStandBefore(unit, word.toLowerCase())) return `${word} ${found[0]}`.trim();
  }
  return undefined;
}

/** A share count may not become a percentage, nor dollars R, by the word behind it. */
function fits(unit: string, number: string | undefined): boolean {
  if (unit === 'shares') return true;
  if (number === undefined) return unit === 'dollars' || unit === 'r';
  if (/^p(?:er|ct|ro|our|or)/.test(unit)) return number.endsWith('%');
  if (unit === 'r') return number.endsWith('R');
  return !number.endsWith('%');
}

function mayStandBefore(unit: string, word: string): boolean {
  if (BEFORE_ALL.has(word)) return true;
  if (unit === 'r') return BEFORE_R.has(word);
  if (unit === 'dollars') return BEFORE_DOLLARS.has(word);
  return unit === 'shares' && (BEFORE_SHARES.has(word) || /(?:['’]s|s['’]|,)$/u.test(word));
}
