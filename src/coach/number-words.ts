/** English words that are a number wherever they stand. */
const ALWAYS =
  /^(?:(?:twen|thir|for|four|fif|six|seven|eigh|nine)(?:ty|tie(?:s|th)|ties|ty\w+)|two(?:s|fold)?|three(?:s|fold)?|four(?:s|fold)?|five(?:s|fold)?|six(?:es|fold)?|seven(?:s|fold)?|eight(?:s|fold)?|nine(?:s|fold)?|ten(?:s|fold|th|ths)?|twelfth\w*|[zg]illions?|dozens?|zero(?:es|s|ed)?|nil|naught|nought|twice|thrice|double[ds]?|doubling|tripl(?:e[ds]?|ing)|quadrupl\w*|quintupl\w*|halv(?:e[ds]?|ing)|thirds|quarters|fourths|fifths|sixths|sevenths|eighths|ninths|googol\w*|myriad)$/;

/** So long that no other word holds them: "twohundredfiftydollars". */
const INSIDE =
  /(?:hundred|thousand|million|billion|trillion|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)/;

const WHOLE = new RegExp(`^${INSIDE.source}$`);

/** Numbers only beside certain words; "one of them" and "this quarter" are none. */
const BESIDE: readonly RegExp[] = [
  /\bone (?:(?:full|whole|single|good|more) )?(?:dollars?|bucks?|percent|per cent|percentage|shares?|cents?|r\b|k\b|bps|basis|contracts?|minutes?|hours?|days?|weeks?|months?|years?|standard|out of|half|third|quarter|fourth|fifth|tenth|and an?\b|and some|to one|unit)\b/,
  /(?<!\bat )\bone (?:points?|times)\b/,
  /\b(?:gained|lost|added|rose|fell|shed|dropped|climbed|slipped) (?:by )?one\b(?! of| side| place)/,
  /\b(?:up|down) one\b(?= on|[.,;!?]|$| today| so)/,
  /\b(?:an?|another|every|each) (?:(?:full|whole|good|single|mere|solid) )?(?:dollar|buck|penny|nickel|dime|cent|percent|per cent|percentage point|basis point|bp|quid|k|r|g|benjamin|c-note|hundo)\b(?! (?:amount|value|terms|basis|sign|figure|stock|volume|change|move|multiple))(?<!\bas a percent|\beach r)/,
  /(?<!\bone )\bby one\b(?! of)|\b(?:hundos?|benjamins?|fivers?|tenners?)\b|\ban? franklin\b|\bin(?:to)? half\b(?! an hour)/,
  /\b(?:an?|one|the other|nearly|almost|about|roughly|over|under|by|sell|sold|keep|take|than|down|up|trim|lost|gained|fell|rose|of) (?:a )?half\b(?! day| session| hour of trading| year)/,
  /(?<!\b(?:first|second|latter|former|top|upper|lower|bottom|other) )\bhalf (?:of|the|a|an|your|its|his|her|their|percent|point|position|as|again|off|dollar|r\b)/,
  /^half\b|(?<!\b(?:first|second|latter|former|top|upper|lower|bottom|other) )\bhalf(?:[.!?,;]|$)/,
  /\ba grand\b/,
  /\b(?:a|one) (?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth)\b(?= of|[.!?,;]|$| percent| point| dollar| higher| lower)/,
  /\bquarter (?:of (?:the|a|an|your|its|my|all|stocks|shares)|percent|point|dollar)/,
  /\b(?:couple|pair|handful|score) (?:of )?(?:dollars|percent|points|bucks|cents|shares|hundred|thousand)\b/,
  /\b(?:per ?cent|percentage) (?:of )?(?:one|ten)\b/,
  /\bnot a single\b.*\bpercent\b/,
];

/** Harmless although they hold a word of the list. */
const IDIOMS = /\bdouble[- ](?:top|bottom|check|edged)s?\b|\bzero[- ]sum\b|\bweighty\b|\bsix[- ]pack\b/g;

/** The commonest number words of other languages that are no English words. */
const FOREIGN = new Set(
  'fünf funf sechs sieben neun zehn zwei drei zwolf zwölf zwanzig dreissig dreißig vierzig funfzig fünfzig sechzig siebzig achtzig neunzig hundert tausend halb deux trois quatre cinq sept huit neuf dix vingt trente quarante cinquante soixante cent mille uno dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil millon dieci venti trenta quaranta cinquanta sessanta cento'
    .split(' ')
    .filter((word) => word !== 'cent'),
);

const ROMAN = /^(?=[ivxlcdm]{2,}$)m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$/i;
/** Words and abbreviations that happen to be Roman numerals. */
const NO_ROMAN = new Set(['CD', 'DC', 'MD', 'MI', 'CV', 'MC', 'LI', 'DI', 'mix', 'Mix', 'MIX', 'mi', 'di', 'li', 'xi']);

/** The number that a text spells out in letters, if it does; digits are not looked for. */
export function numberWordIn(text: string): string | undefined {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[øØłŁđĐðħŧæœþßŋ]/g, (letter) => LOOKS_LIKE[letter] ?? letter);
  const lower = folded.toLowerCase().replace(IDIOMS, ' ');
  // "fif-ty", "fi/fty", "f i f t y" and "f.i.f.t.y" are read as they are meant
  const joined = lower.replace(/['’]s\b/gu, '').replace(/(?<=\p{L})[^\p{L}\p{N}\p{Co}\s]{1,3}(?=\p{L})/gu, '');
  const spelled = lower.replace(/\b\p{L}(?:[\s.\-_·,/]{1,2}\p{L}\b){2,}/gu, (letters) =>
    letters.replace(/[^\p{L}]/gu, ''),
  );
  for (const reading of [lower, joined, spelled]) {
    for (const word of reading.match(/\p{L}+/gu) ?? []) {
      if (ALWAYS.test(word) || INSIDE.test(word) || ALWAYS.test(withoutNoun(word)) || FOREIGN.has(word)) return word;
    }
    const spaced = reading
      .replace(/[-‐‑–]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    for (const pattern of BESIDE) {
      const found = pattern.exec(spaced);
      if (found) return found[0];
    }
  }
  const torn = tornWordIn(joined);
  if (torn !== undefined) return torn;
  for (const word of folded.match(/\b[IVXLCDM]{2,}\b|\b[ivxlcdm]{3,}\b/g) ?? []) {
    if (ROMAN.test(word) && !NO_ROMAN.has(word)) return word;
  }
  return /\b[lIO]*(?:[lI]O|O[lI])[lIO]+\b|\b[lI]OO+\b/.exec(folded)?.[0];
}

/** "fif ty" and "thir teen": a number word in two or three pieces that are none themselves. */
function tornWordIn(text: string): string | undefined {
  const words = text.split(/\s+/);
  for (const i of words.keys()) {
    for (const pieces of [2, 3]) {
      const whole = words
        .slice(i, i + pieces)
        .join('')
        .replace(/[.,;:!?)]+$/, '');
      if (ALWAYS.test(whole) || WHOLE.test(whole)) return words.slice(i, i + pieces).join(' ');
    }
  }
  return undefined;
}

const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ß: 'ss',
  ŋ: 'n',
};

const withoutNoun = (word: string): string =>
  word.replace(/(?:dollars?|percent|points?|bucks?|shares?|cents?|bps)$/, '');
