import {
  change,
  dateText,
  discordTime,
  duration,
  money,
  percent,
  price,
  rMultiple,
  share,
  volume,
} from '../cards/format.ts';
import type { Quantity } from './evaluate.ts';
import type { Exact } from './exact.ts';
import { exactOf, multiply, nearly, rounded } from './exact.ts';
import { quoted } from './foreign-text.ts';
import type { Refused } from './reference.ts';
import type { Base } from './unit.ts';
import { unitWord } from './unit.ts';

export const FORMATS = [
  'money',
  'price',
  'change',
  'percent',
  'pct',
  'bps',
  'times',
  'count',
  'volume',
  'r',
  'time',
  'ago',
  'duration',
  'date',
  'text',
  'link',
] as const;
export type Format = (typeof FORMATS)[number];

export type Written = { readonly ok: true; readonly text: string } | Refused;

/** What each format of a number takes, and how it writes it. */
const NUMBERS: Readonly<
  Record<string, { readonly takes: readonly Base[]; write(value: Exact, now: number, base: Base): string }>
> = {
  money: { takes: ['dollars'], write: (value) => money(toDollars(value)) },
  price: { takes: ['dollars', 'points', 'plain'], write: (value) => price(toDollars(value)) },
  change: { takes: ['dollars', 'points'], write: (value) => change(toDollars(value)) },
  percent: { takes: ['ratio'], write: (value) => percent(rounded(times(value, 100n), 1)) },
  pct: { takes: ['ratio'], write: (value) => wholeOrTenth(times(value, 100n)) },
  bps: { takes: ['ratio'], write: (value) => `${rounded(times(value, 10_000n), 1).toFixed(1)} bps` },
  times: { takes: ['ratio'], write: (value) => `${rounded(value, 1).toFixed(1)}x` },
  count: { takes: ['count', 'shares', 'points', 'plain', 'ratio'], write: (value) => counted(value) },
  volume: { takes: ['shares', 'count', 'plain'], write: (value) => volume(rounded(value, 0)) },
  r: { takes: ['r', 'ratio'], write: (value) => rMultiple(rounded(value, 1)) },
  time: { takes: ['instant'], write: (value) => discordTime(rounded(value, 0)) },
  ago: { takes: ['instant'], write: (value, now) => `${duration(now - rounded(value, 0))} ago` },
  duration: { takes: ['duration'], write: (value) => duration(Math.abs(rounded(value, 0))) },
};

/** A percent that is asked for as a count, or the like, is a mistake in the text; a ratio as percent is not. */
export function writeNumber({ value, unit }: Quantity, format: Format, now: number): Written {
  const rule = NUMBERS[format];
  if (!rule) return refused(`${format} is for words, and this is ${unitWord(unit)}`);
  if (!rule.takes.includes(unit.base) || (unit.base !== 'ratio' && unit.scale !== 0)) {
    return refused(`${format} cannot show ${unitWord(unit)}`);
  }
  if (unit.base === 'ratio' && unit.scale !== 0 && ['count', 'times', 'r'].includes(format)) {
    return refused(`${format} cannot show ${unitWord(unit)}`);
  }
  const plain = unit.base === 'ratio' ? toScaleZero(value, unit.scale) : value;
  return { ok: true, text: rule.write(plain, now, unit.base) };
}

/** What to write when no format is named. */
export function usualFormat({ base, scale }: Quantity['unit']): Format {
  if (base === 'ratio') return scale === 2 ? 'percent' : scale === 4 ? 'bps' : 'times';
  const usual = {
    dollars: 'money',
    shares: 'count',
    count: 'count',
    instant: 'time',
    duration: 'duration',
    r: 'r',
    points: 'price',
    plain: 'count',
  } as const;
  return usual[base];
}

/** Words of a tool result: a ticker as it is, a sentence by someone else in quotes. */
export function writeWords(value: string | boolean, path: readonly string[], format: Format): Written {
  if (format === 'date') {
    return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
      ? { ok: true, text: dateText(value, { weekday: true }) }
      : refused('date needs a day such as those in fields that end in On');
  }
  if (format !== 'text') return refused(`${format} is for numbers, and ${path.join('.')} is text`);
  return { ok: true, text: typeof value === 'boolean' ? (value ? 'yes' : 'no') : quoted(value, path) };
}

export const isFormat = (text: string): text is Format => FORMATS.some((format) => format === text);

const times = (value: Exact, by: bigint): Exact => multiply(value, exactOf(by, 1n));

function toScaleZero(value: Exact, scale: number): Exact {
  const ten = 10n ** BigInt(Math.abs(scale));
  return multiply(value, scale > 0 ? exactOf(1n, ten) : exactOf(ten, 1n));
}

/** Rounded as the cards round: cents, and four decimals below a dollar. */
const toDollars = (value: Exact): number => rounded(value, Math.abs(nearly(value)) < 1 ? 4 : 2);

const wholeOrTenth = (pct: Exact): string => {
  const tenth = rounded(pct, 1);
  return share(tenth, Number.isInteger(tenth) ? 0 : 1);
};

function counted(value: Exact): string {
  const short = rounded(value, 2);
  const [whole = '0', decimals] = String(Math.abs(short)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${short < 0 ? '-' : ''}${grouped}${decimals === undefined ? '' : `.${decimals}`}`;
}

const refused = (reason: string): Refused => ({ ok: false, reason });
