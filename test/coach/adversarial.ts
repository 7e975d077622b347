/** A number in the ways in which it can be slipped past a reader of text: digits, words, look-alikes, expressions. */
interface Trick {
  readonly name: string;
  write(value: number): string;
}

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** "one hundred forty-two". */
export function inWords(value: number): string {
  if (value < 20) return UNITS[value] ?? '';
  if (value < 100) return `${TENS[Math.floor(value / 10)]}${value % 10 === 0 ? '' : `-${UNITS[value % 10]}`}`;
  return `${UNITS[Math.floor(value / 100)]} hundred${value % 100 === 0 ? '' : ` ${inWords(value % 100)}`}`;
}

function roman(value: number): string {
  const signs: readonly (readonly [number, string])[] = [
    [400, 'CD'],
    [100, 'C'],
    [90, 'XC'],
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ];
  let rest = value;
  return signs
    .map(([size, sign]) => {
      const many = Math.floor(rest / size);
      rest %= size;
      return sign.repeat(many);
    })
    .join('');
}

const digits = (value: number, zero: number): string =>
  String(value).replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

const hanDigits = '零一二三四五六七八九';

/** Forty ways and more; each takes a whole number from 21 to 399. */
export const TRICKS: readonly Trick[] = [
  { name: 'dollars', write: (n) => `AAPL is at $${n}.13 now.` },
  { name: 'percent', write: (n) => `It is up ${n}% today.` },
  { name: 'beside a true number', write: (n) => `AAPL at {{t1.lastDollars|money}}, target ${n}.` },
  { name: 'glued to a placeholder', write: (n) => `AAPL at ${n}{{t1.lastDollars|money}}.` },
  { name: 'after a placeholder', write: (n) => `AAPL at {{t1.lastDollars|money}}${n}.` },
  { name: 'words', write: (n) => `AAPL may reach ${inWords(n)} dollars.` },
  { name: 'words in capitals', write: (n) => `AAPL MAY REACH ${inWords(n).toUpperCase()}.` },
  { name: 'words run together', write: (n) => `Target: ${inWords(n).replace(/[ -]/g, '')}dollars.` },
  {
    name: 'words cut by hyphens',
    write: (n) => `Target ${inWords(n).replace(/(\w\w\w)(?=\w)/, '$1-')} on the upside.`,
  },
  {
    name: 'spelled letter by letter',
    write: (n) => `Target ${[...(TENS[Math.floor((n % 80) / 10) + 2] ?? 'fifty')].join(' ')} soon.`,
  },
  { name: 'markup inside a word', write: (n) => `Target ${[...inWords(n)].join('**').replace(/\*\* \*\*/g, ' ')}.` },
  { name: 'zero-width inside a word', write: (n) => `Target ${[...inWords(n)].join('\u200b')}.` },
  { name: 'accents on a word', write: (n) => `Target ${inWords(n).replace(/e/g, 'e\u0301')}.` },
  { name: 'full width', write: (n) => `Target ${digits(n, 0xff10)}.` },
  { name: 'Arabic-Indic', write: (n) => `Target ${digits(n, 0x660)}.` },
  { name: 'Devanagari', write: (n) => `Target ${digits(n, 0x966)}.` },
  { name: 'mathematical bold', write: (n) => `Target ${digits(n, 0x1d7ce)}.` },
  { name: 'superscript', write: (n) => `Target ${String(n).replace(/\d/g, (d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)] ?? '')}.` },
  { name: 'circled', write: (n) => `Target ${String(n).replace(/\d/g, (d) => '⓪①②③④⑤⑥⑦⑧⑨'[Number(d)] ?? '')}.` },
  { name: 'keycaps', write: (n) => `Target ${String(n).replace(/\d/g, (d) => `${d}\ufe0f\u20e3`)}.` },
  { name: 'Chinese', write: (n) => `Target ${String(n).replace(/\d/g, (d) => hanDigits[Number(d)] ?? '')}.` },
  { name: 'Roman', write: (n) => `Target ${roman(n)}.` },
  {
    name: 'Cyrillic look-alikes',
    write: (n) => `Target ${inWords(n).replace(/e/g, 'е').replace(/o/g, 'о').replace(/i/g, 'і')}.`,
  },
  { name: 'a literal in a placeholder', write: (n) => `Target {{${n}|money}}.` },
  { name: 'a literal times a field', write: (n) => `Target {{t1.lastDollars * ${n}|money}}.` },
  { name: 'a field that cancels out', write: (n) => `Target {{t1.lastDollars / t1.lastDollars * ${n}|count}}.` },
  { name: 'a literal added', write: (n) => `Target {{t1.lastDollars + ${n}|money}}.` },
  { name: 'a field that is not there', write: (n) => `Target {{t1.target${n}Dollars|money}}.` },
  { name: 'a result that is not there', write: (n) => `Target {{t${(n % 90) + 7}.lastDollars|money}}.` },
  { name: 'half a placeholder', write: (n) => `Target {{t1.lastDollars|money ${n}.` },
  { name: 'a fraction in words', write: (n) => `Sell ${n % 2 === 0 ? 'half' : 'a third'} of it at the open.` },
  { name: 'a list that is none', write: (n) => `${n}. That is the price.` },
  { name: 'in a link', write: (n) => `See [the chart](https://charts.example/${n}).` },
  { name: 'in code', write: (n) => `\`\`\`\nAAPL ${n}\n\`\`\`` },
  { name: 'entities', write: (n) => `Target &#${n};.` },
  { name: 'a timestamp', write: (n) => `It turned <t:${n}00000:R>.` },
  { name: 'beside an allowed name', write: (n) => `The S&P 500 is at ${n}, and the 52-week high is near.` },
  { name: 'German', write: (n) => `Ziel ${['fünfzig', 'hundert', 'zwanzig', 'tausend', 'sieben'][n % 5]} Dollar.` },
  { name: 'private-use letters', write: (n) => `Target \u{e000}${n}\u{e001}.` },
  { name: 'a sign before a number', write: () => 'AAPL moved -{{t1.lastDollars|money}}.' },
  { name: 'minus in words', write: () => 'AAPL moved minus {{t1.lastDollars|money}}.' },
  { name: 'two numbers in a row', write: () => 'Volume {{t1.volumeShares|count}}{{t1.volumeShares|count}}.' },
  { name: 'two with a point', write: () => 'Target {{t1.volumeShares|count}}.{{t1.volumeShares|count}}.' },
  { name: 'a letter behind a number', write: () => 'Target {{t1.lastDollars|money}}k.' },
  { name: 'a large word behind a number', write: () => 'Volume {{t1.lastDollars|money}} million.' },
  { name: 'a name glued to a number', write: () => 'Target T1{{t1.volumeShares|count}}.' },
  {
    name: 'large words',
    write: (n) => `Volume is ${n % 2 === 0 ? 'millions of shares' : 'a hundred thousand shares'}.`,
  },
];
