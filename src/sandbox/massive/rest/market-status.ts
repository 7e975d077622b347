import { addDays, newYorkDate, newYorkStamp } from '../new-york-time.ts';
import { ok, type RestAnswer, type RestRequest } from './answer.ts';
import { phaseAt } from './phase.ts';

const INDEX_GROUPS = [
  's_and_p',
  'societe_generale',
  'msci',
  'ftse_russell',
  'mstar',
  'mstarc',
  'cccy',
  'cgi',
  'nasdaq',
  'dow_jones',
];
const EXCHANGES = ['NYSE', 'NASDAQ'];
const DAYS_AHEAD = 370;

/** `/v1/marketstatus/now`: the phase is in two booleans, the words know only `extended-hours`. */
export function statusNow(request: RestRequest): RestAnswer {
  const phase = phaseAt(request.market, request.now);
  const word = phase === 'regular' ? 'open' : phase === 'closed' ? 'closed' : 'extended-hours';
  const group = phase === 'regular' ? 'open' : 'closed';
  return ok({
    afterHours: phase === 'aftermarket',
    currencies: { crypto: 'open', fx: 'open' },
    earlyHours: phase === 'premarket',
    exchanges: { nasdaq: word, nyse: word, otc: word },
    indicesGroups: Object.fromEntries(INDEX_GROUPS.map((name) => [name, group])),
    market: word,
    serverTime: newYorkStamp(request.now),
  });
}

/** `/v1/marketstatus/upcoming`: a bare list, one row per exchange, about a year ahead. */
export function statusUpcoming(request: RestRequest): RestAnswer {
  const { calendar } = request.market;
  const today = newYorkDate(request.now);
  const last = calendar.days.at(-1) ?? today;
  const rows: object[] = [];
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const on = addDays(today, ahead);
    if (on > last) break;
    const weekday = new Date(`${on}T00:00:00Z`).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const hours = calendar.hours(on);
    const closed = !calendar.isOpen(on);
    if (!closed && !hours.earlyClose) continue;
    for (const exchange of EXCHANGES) {
      rows.push({
        date: on,
        exchange,
        name: holidayName(on),
        ...(closed
          ? { status: 'closed' }
          : {
              status: 'early-close',
              open: new Date(hours.opensAt).toISOString(),
              close: new Date(hours.closesAt).toISOString(),
            }),
      });
    }
  }
  return ok(rows);
}

function holidayName(on: string): string {
  const month = on.slice(5, 7);
  const day = Number(on.slice(8));
  if (month === '01') return day <= 3 ? 'New Years Day' : 'Martin Luther King, Jr. Day';
  const byMonth: Record<string, string> = {
    '02': "Washington's Birthday",
    '03': 'Good Friday',
    '04': 'Good Friday',
    '05': 'Memorial Day',
    '07': 'Independence Day',
    '09': 'Labor Day',
    '11': 'Thanksgiving',
    '12': 'Christmas',
  };
  return byMonth[month] ?? 'Market holiday';
}
