const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
  s: { dateStyle: 'short', timeStyle: 'short' },
  S: { dateStyle: 'short', timeStyle: 'medium' },
};
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.4375 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment in the reader's zone by one of Discord's style letters, except `R`. */
export function absoluteTime(at: number, style: string, zone?: string): string {
  const key = `${style}${zone ?? ''}`;
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat('en-US', { ...(STYLES[style] ?? STYLES.f), ...(zone && { timeZone: zone }) });
  formats.set(key, format);
  return format.format(at);
}

const relative = new Intl.RelativeTimeFormat('en-US');

/** "in 5 minutes", "2 hours ago": the largest whole unit. */
export function relativeTime(at: number, now: number): string {
  const distanceMs = at - now;
  for (const [unit, ms] of UNITS) {
    if (Math.abs(distanceMs) >= ms) return relative.format(Math.trunc(distanceMs / ms), unit);
  }
  return 'now';
}

/** Head of a message: "10:32 AM" today, else with the day in words or figures. */
export function messageTime(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  const time = absoluteTime(at, 't');
  if (days === 0) return `Today at ${time}`;
  if (days === 1) return `Yesterday at ${time}`;
  return `${absoluteTime(at, 'd')} ${time}`;
}

/** Midnight of that day in the reader's zone, epoch ms. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
