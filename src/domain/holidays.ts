/** What a New York calendar date is to the exchange, apart from weekends. */
export interface HolidayRule {
  readonly on: string;
  readonly name: string;
  /** Absent when the exchange stays shut; else the early close as New York wall time. */
  readonly closesEarlyAt?: '13:00' | '14:00';
}

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;
const DAY_MS = 86_400_000;

const ONE_OFF: readonly HolidayRule[] = [
  { on: '1994-04-27', name: 'Mourning for President Nixon' },
  { on: '1997-12-26', name: 'Day after Christmas', closesEarlyAt: '13:00' },
  { on: '1999-12-31', name: 'Eve of the year 2000', closesEarlyAt: '13:00' },
  { on: '2001-09-11', name: 'September 11 attacks' },
  { on: '2001-09-12', name: 'September 11 attacks' },
  { on: '2001-09-13', name: 'September 11 attacks' },
  { on: '2001-09-14', name: 'September 11 attacks' },
  { on: '2003-12-26', name: 'Day after Christmas', closesEarlyAt: '13:00' },
  { on: '2004-06-11', name: 'Mourning for President Reagan' },
  { on: '2007-01-02', name: 'Mourning for President Ford' },
  { on: '2012-10-29', name: 'Hurricane Sandy' },
  { on: '2012-10-30', name: 'Hurricane Sandy' },
  { on: '2018-12-05', name: 'Mourning for President George H. W. Bush' },
  { on: '2025-01-09', name: 'Mourning for President Carter' },
];

const utc = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day);
const weekdayOf = (at: number): number => (Math.floor(at / DAY_MS) + 4) % 7;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The nth given weekday of a month; n = -1 counts from its end. */
function nth(year: number, month: number, weekday: number, n: number): number {
  if (n < 0) {
    const last = utc(year, month + 1, 0);
    return last - ((weekdayOf(last) - weekday + 7) % 7) * DAY_MS;
  }
  const first = utc(year, month, 1);
  return first + (((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7) * DAY_MS;
}

/** Saturday is kept on Friday, Sunday on Monday. */
function observed(at: number): number {
  const weekday = weekdayOf(at);
  if (weekday === SATURDAY) return at - DAY_MS;
  return weekday === SUNDAY ? at + DAY_MS : at;
}

/** Easter Sunday by the Gregorian computus. */
function easter(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const lunar = (19 * golden + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15) % 30;
  const fullMoon = lunar - Math.floor(lunar / 28) * (1 - Math.floor(29 / (lunar + 1)) * Math.floor((21 - golden) / 11));
  const weekday = (year + Math.floor(year / 4) + fullMoon + 2 - century + Math.floor(century / 4)) % 7;
  return utc(year, 3, 28 + fullMoon - weekday);
}

function closures(year: number): HolidayRule[] {
  const days: [number, string][] = [];
  const newYear = utc(year, 1, 1);
  // a Saturday New Year is not moved into the old year: the books of December close on its last weekday
  if (weekdayOf(newYear) !== SATURDAY) days.push([observed(newYear), "New Year's Day"]);
  if (year >= 1998) days.push([nth(year, 1, MONDAY, 3), 'Martin Luther King Jr. Day']);
  days.push([nth(year, 2, MONDAY, 3), "Washington's Birthday"]);
  days.push([easter(year) - 2 * DAY_MS, 'Good Friday']);
  days.push([nth(year, 5, MONDAY, -1), 'Memorial Day']);
  if (year >= 2022) days.push([observed(utc(year, 6, 19)), 'Juneteenth']);
  days.push([observed(utc(year, 7, 4)), 'Independence Day']);
  days.push([nth(year, 9, MONDAY, 1), 'Labor Day']);
  days.push([nth(year, 11, THURSDAY, 4), 'Thanksgiving Day']);
  days.push([observed(utc(year, 12, 25)), 'Christmas Day']);
  return days.map(([at, name]) => ({ on: dateOf(at), name }));
}

function earlyCloses(year: number): HolidayRule[] {
  const hour = year >= 1993 ? '13:00' : '14:00';
  const days: HolidayRule[] = [];
  const third = utc(year, 7, 3);
  const thirdWeekday = weekdayOf(third);
  if (year >= 1995) {
    // until 2012 a Thursday holiday shortened the Friday after it, since then the Wednesday before it
    if (thirdWeekday === 3 && year < 2013) {
      days.push({ on: dateOf(utc(year, 7, 5)), name: 'Day after Independence Day', closesEarlyAt: '13:00' });
    } else if (thirdWeekday >= MONDAY && thirdWeekday <= THURSDAY) {
      days.push({ on: dateOf(third), name: 'Independence Day eve', closesEarlyAt: '13:00' });
    }
  }
  if (year >= 1992) {
    days.push({
      on: dateOf(nth(year, 11, THURSDAY, 4) + DAY_MS),
      name: 'Day after Thanksgiving',
      closesEarlyAt: hour,
    });
  }
  const eve = utc(year, 12, 24);
  if (weekdayOf(eve) >= MONDAY && weekdayOf(eve) < FRIDAY) {
    days.push({ on: dateOf(eve), name: 'Christmas Eve', closesEarlyAt: hour });
  }
  return days;
}

/** The exchange's closures and early closes of one year, in date order; good from 1990 on. */
export function holidaysOf(year: number): readonly HolidayRule[] {
  const oneOff = ONE_OFF.filter((rule) => rule.on.startsWith(`${year}-`));
  return [...closures(year), ...earlyCloses(year), ...oneOff].sort((a, b) => (a.on < b.on ? -1 : 1));
}
