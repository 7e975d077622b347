const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** 00:00 New York time of a date as epoch ms; uses the daylight-saving rule in force since 2007. */
export function newYorkMidnight(on: string): number {
  const known = midnights.get(on);
  if (known !== undefined) return known;
  const midnight = midnightOf(on);
  midnights.set(on, midnight);
  return midnight;
}

const midnights = new Map<string, number>();

function midnightOf(on: string): number {
  const year = Number(on.slice(0, 4));
  const summer = on > sundayOf(year, 3, 2) && on <= sundayOf(year, 11, 1);
  return Date.parse(`${on}T00:00:00Z`) + (summer ? 4 : 5) * HOUR_MS;
}

/** The New York date (`YYYY-MM-DD`) of an instant. */
export function newYorkDate(at: number): string {
  const summer = isoDate(at - 4 * HOUR_MS);
  return newYorkMidnight(summer) <= at ? summer : isoDate(at - 5 * HOUR_MS);
}

/** The date `days` later (earlier when negative). */
export function addDays(on: string, days: number): string {
  return isoDate(Date.parse(`${on}T00:00:00Z`) + days * DAY_MS);
}

/** An instant as RFC 3339 with New York's offset, whole seconds. */
export function newYorkStamp(at: number): string {
  const midnight = newYorkMidnight(newYorkDate(at));
  const offsetHours = new Date(midnight).getUTCHours();
  return `${new Date(at - offsetHours * HOUR_MS).toISOString().slice(0, 19)}-0${offsetHours}:00`;
}

function isoDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

const sundays = new Map<string, string>();

function sundayOf(year: number, month: number, nth: number): string {
  const key = `${year}-${month}`;
  const known = sundays.get(key);
  if (known !== undefined) return known;
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const found = isoDate(Date.UTC(year, month - 1, 1 + ((7 - first) % 7) + (nth - 1) * 7));
  sundays.set(key, found);
  return found;
}
