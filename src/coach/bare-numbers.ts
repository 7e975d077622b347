import { indexOfMark, MARK, markOf, NAME } from './marks.ts';
import { numberWordIn } from './number-words.ts';
import { strayUnitIn } from './stray-units.ts';

/** Names with a digit that say nothing about a price. */
const PHRASES = [
  /\bS&P 500\b/g,
  /\bRussell 2000\b/g,
  /\bNasdaq[- ]100\b/gi,
  /\bDow 30\b/g,
  /\b52[- ]week\b/g,
  /\b(?:20|50|100|200)-day (?:average|mean|moving average|line|EMA|SMA)\b/gi,
  /\b(?:1|2|3|5|10|15|30|60)[- ]?min(?:ute)?s?\b(?! ago| later| left| old)/gi,
  /\b(?:1|4)[- ]hour (?:bars?|candles?|charts?|range)\b/gi,
  /\bEMA 9\/20\b/g,
  /\bEMA ?(?:9|20|50|200)\b/g,
  /\b(?:T|R|S)[1-3]\b/g,
  /\b24\/7\b/g,
  /\b0DTE\b/gi,
];

const ORNAMENT = /\p{So}|\p{Sk}|\p{Extended_Pictographic}|\u{FE0F}|\u{20E3}|[\u{1F1E6}-\u{1F1FF}]/gu;

/** Letters of other alphabets, and rare Latin ones, look like common ones and spell numbers; the coach writes English. */
const OTHER_ALPHABET = /(?![A-Za-zªµºÀ-ÖØ-öø-ſ])\p{L}|[ıĸŉſ]/u;

/** A model's own words in one form: compatibility letters unfolded, ornaments, hidden characters and stray marks gone. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\r\n?/g, '\n')
    .replace(ORNAMENT, (sign) => (sign === '▲' || sign === '▼' ? sign : ''))
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{M}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu, '')
    .replace(/[\u{2028}\u{2029}]/gu, '\n');
}

const ONE = markOf(0);
const TOUCHING = new RegExp(
  [
    `[\\p{L}\\p{N}][${ONE}•]`,
    `[${ONE}•][\\p{L}\\p{N}]`,
    `${ONE}\\s*${ONE}`,
    `${ONE}[.,'’]${ONE}`,
    `${ONE}\\s*[×÷^·*]\\s*${ONE}`,
    `(?<!${ONE}\\s?)[-−–‐‑‒—+]${ONE}`,
    `\\b(?:minus|negative|times|e)\\s+(?:the |an? )?${ONE}`,
    // "$94.10 bn" and "$94.10 squared" are other numbers than $94.10
    `${ONE}[\\s(,–—-]*(?:[kmbtg]|fold|ish|odd|thou|score|gross)(?![\\p{L}\\p{N}])`,
    `${ONE}[\\s\\p{P}]{0,3}(?:m[mn]|[bt]n|trn|[mbt]ln|mill?|mio|mrd|grand|squared|cubed|lakhs?|crores?)(?![\\p{L}\\p{N}])`,
    `${ONE}\\s+and (?:change|a half|a quarter|a bit|counting|then some|some(?! of))(?![\\p{L}\\p{N}])`,
    `${ONE}\\s+times (?:itself|over|that|this|those|it)(?![\\p{L}\\p{N}])`,
  ].join('|'),
  'iu',
);

/** Whether something written beside a number would make another number of it: a sign, a letter, a second number. */
export function touchesNumber(text: string, isNumber: (index: number) => boolean): boolean {
  const numbers = text.replace(new RegExp(MARK.source, 'gu'), (mark) => (isNumber(indexOfMark(mark)) ? ONE : '•'));
  return TOUCHING.test(numbers);
}

/** What in a model's words (placeholders as marks) is a number of its own, as a sentence; undefined when nothing is. */
export function bareNumberIn(
  text: string,
  allowed: readonly string[],
  numberAt: (index: number) => string | undefined,
): string | undefined {
  let words = withoutListMarks(text);
  for (const name of allowed)
    words = words.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'gu'), NAME);
  for (const phrase of PHRASES) words = words.replace(phrase, ' ');

  const digit = /[\p{L}\p{P}\p{S}]{0,6}\p{N}[\p{N}\p{L}.,:%/]{0,12}/u.exec(words);
  if (digit) return says(digit[0]);
  const alphabet = new RegExp(`${OTHER_ALPHABET.source}{1,12}`, 'u').exec(words);
  if (alphabet) return `"${alphabet[0]}" is not in Latin letters; answer in English`;
  const sign = /\p{Sc}|[%‰‱]/u.exec(words);
  if (sign) return `a bare "${sign[0]}": the format of a placeholder writes the sign`;
  // markup splits words for the eye of a program only
  const plain = words.replace(/[*_~`|\\]/g, '');
  const word = numberWordIn(plain.replaceAll(NAME, ' '));
  if (word !== undefined) return says(word);
  const unit = strayUnitIn(plain, numberAt);
  return unit === undefined ? undefined : `"${unit}": a unit stands right behind the placeholder that it belongs to`;
}

/** "1." to "9." at the beginnings of lines, counted up from one. */
function withoutListMarks(text: string): string {
  let next = 1;
  return text
    .split('\n')
    .map((line) => {
      const mark = /^\s{0,4}([1-9])[.)]\s+(?=\S)/.exec(line);
      if (!mark || Number(mark[1]) !== next) return line;
      next += 1;
      return line.slice(mark[0].length);
    })
    .join('\n');
}

const says = (text: string): string => `a bare number "${text.trim()}": name the tool result that it comes from`;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
