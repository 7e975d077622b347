import type { CoachAnswer } from '../../src/coach/turn.ts';
import { inWords } from './adversarial.ts';

const ALLOWED =
  /S&P 500|Nasdaq 100|Russell 2000|52-week|\b(?:5|15) min\b|\bT[123]\b|\bEMA \d+\b|\b(?:upper|second) half\b/g;
const WORDS = new RegExp(
  `\\b(?:${Array.from({ length: 378 }, (_, i) => inWords(i + 21))
    .flatMap((words) => words.split(/[ -]/))
    .filter((word, i, all) => all.indexOf(word) === i && word !== 'one')
    .join('|')}|half|thirds?|millions?|thousand)\\b`,
  'i',
);

/** As Discord shows it: an escaped character is itself. */
const readAs = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f*]/g, '')
    .replace(/\\(.)/g, '$1');

/** Numbers in a message that none of its sources shows; written apart from the code that it judges. */
export function ungroundedIn({ text, sources }: Pick<CoachAnswer, 'text' | 'sources'>): string | undefined {
  let rest = readAs(text);
  const shown = sources.map((source) => readAs(source.shown));
  for (const one of shown.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(one, '');
  // marks of a list count its lines, not the market
  rest = rest.replace(ALLOWED, '').replace(/^[1-9]\. /gm, '');
  return (/\p{N}+/u.exec(rest) ??
    WORDS.exec(rest) ??
    /[$€%]/.exec(rest) ??
    /[^\p{Script=Latin}\p{P}\p{S}\p{Z}\s]/u.exec(rest))?.[0];
}
