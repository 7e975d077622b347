import { newYork } from '../domain/session.ts';

export { escapeMarkdown, truncate } from './text.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LATE_AFTER_MS = 60_000;

/** A price on a chart or in a table: `2,064.29`; four decimals below one dollar. */
export function price(dollars: number): string {
  return written(dollars, dollars !== 0 && Math.abs(dollars) < 1 ? 4 : 2);
}

/** An amount: `$1,234.56`, `-$0.72`; four decimals only below a dollar and only where cents do not say it all. */
export function money(dollars: number): string {
  const text = written(dollars, amountDecimals(dollars));
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}

/** `$99`: for sums where cents do not matter. */
export function wholeMoney(dollars: number): string {
  return `${isNegative(dollars, 0) ? '-' : ''}$${grouped(Math.abs(dollars).toFixed(0))}`;
}

/** Signed dollars of a move: `+0.55`. */
export function change(dollars: number): string {
  const text = written(dollars, amountDecimals(dollars));
  return text.startsWith('-') ? text : `+${text}`;
}

/** Dollars between two prices, unsigned: `0.08`. */
export function distance(dollars: number): string {
  return written(Math.abs(dollars), amountDecimals(dollars));
}

/** Signed percent: `+1.2 %`, and `0.0 %` for what rounds to nothing; takes 1.2 for 1.2 %. */
export function percent(pct: number): string {
  const size = Math.abs(pct).toFixed(1);
  return `${size === '0.0' ? '' : pct < 0 ? '-' : '+'}${size} %`;
}

/** Percent of a whole, unsigned: `46 %`. */
export function share(pct: number, decimals = 0): string {
  return `${pct.toFixed(decimals)} %`;
}

/** `+1.0 R`. */
export function rMultiple(r: number): string {
  return `${isNegative(r, 1) ? '-' : '+'}${Math.abs(r).toFixed(1)} R`;
}

/** A distance in R, unsigned: `0.1 R`. */
export function rDistance(r: number): string {
  return `${Math.abs(r).toFixed(1)} R`;
}

/** `138 shares`, `1 contract`. */
export function size(count: number, noun: 'share' | 'contract' = 'share'): string {
  return `${grouped(Math.abs(count).toFixed(0))} ${noun}${count === 1 ? '' : 's'}`;
}

/** `950`, `12.4K`, `1.2M`, `3.1B`. */
export function volume(shares: number): string {
  const scales = [
    { from: 999_950_000, unit: 1e9, letter: 'B' },
    { from: 999_950, unit: 1e6, letter: 'M' },
    { from: 9_999.5, unit: 1e3, letter: 'K' },
  ];
  const scale = scales.find(({ from }) => shares >= from);
  return scale ? `${(shares / scale.unit).toFixed(1)}${scale.letter}` : grouped(shares.toFixed(0));
}

/** `1/2`, `1/4`; a percentage where no small fraction fits. */
export function fraction(ratio: number): string {
  for (const whole of [1, 2, 3, 4, 5, 8]) {
    const part = Math.round(ratio * whole);
    if (part > 0 && Math.abs(ratio * whole - part) < 0.02) return whole === 1 ? 'all' : `${part}/${whole}`;
  }
  return share(ratio * 100);
}

/** `40 s`, `4 min`, `2 h 05 min`, `3 d`: the two units a reader needs; never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** `4 min old`. */
export function age(ms: number): string {
  return `${duration(ms)} old`;
}

/** `LATE 03:10`, minutes and seconds, once it is more than a minute; else nothing. */
export function lateMark(lateMs: number): string {
  if (lateMs <= LATE_AFTER_MS) return '';
  const seconds = Math.floor(lateMs / 1000);
  const hours = Math.floor(seconds / 3600);
  const parts = [...(hours > 0 ? [hours] : []), Math.floor(seconds / 60) % 60, seconds % 60];
  return `LATE ${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}

/** Discord's own time, shown in each member's zone: `t` 16:20, `T` with seconds, `d` date, `f` both, `R` "in 4 minutes". */
export function discordTime(at: number, style: 't' | 'T' | 'd' | 'D' | 'f' | 'F' | 'R' = 't'): string {
  return `<t:${Math.floor(at / 1000)}:${style}>`;
}

/** `10:32:15`, or `10:32` without seconds: New York time for charts, code blocks and last lines. */
export function newYorkClock(at: number, seconds = true): string {
  const { hour, minute, second } = newYork(at);
  const parts = seconds ? [hour, minute, second] : [hour, minute];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** `Wed 23 Dec 2015` from a New York date `2015-12-23`. */
export function dateText(on: string, parts: { weekday?: boolean; year?: boolean } = {}): string {
  const [year = 0, month = 1, day = 1] = on.split('-').map(Number);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const words = [parts.weekday ? weekday : '', String(day), MONTHS[month - 1], parts.year ? String(year) : ''];
  return words.filter((word) => word !== '').join(' ');
}

function written(dollars: number, decimals: number): string {
  const [whole = '0', cents = ''] = Math.abs(dollars).toFixed(decimals).split('.');
  return `${isNegative(dollars, decimals) ? '-' : ''}${grouped(whole)}.${cents}`;
}

function amountDecimals(dollars: number): number {
  const cents = dollars * 100;
  return Math.abs(dollars) < 1 && Math.abs(cents - Math.round(cents)) > 1e-6 ? 4 : 2;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** False for values that round to zero: nobody reads "-0.0". */
function isNegative(value: number, decimals: number): boolean {
  return value < 0 && Number(Math.abs(value).toFixed(decimals)) !== 0;
}
