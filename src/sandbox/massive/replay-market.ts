import type { SessionDay } from '../../domain/session.ts';
import { createDailyHistory, type DailyHistory } from './daily-history.ts';
import { type FixtureSymbol, PRICE_UNIT, readSessionFixture, type SessionFixture } from './fixture.ts';
import { OPEN_MINUTE } from './minute-path.ts';
import { newYorkMidnight } from './new-york-time.ts';
import { createPaths, type Paths } from './paths.ts';
import { createReplayCalendar, type ReplayCalendar } from './replay-calendar.ts';
import { type PriceBar, type Screen, screenAt } from './screen.ts';
import { splitRatio } from './splits.ts';

/** A recorded market that can be asked about any instant; every answer is a function of the instant it is given. */
export interface ReplayMarket {
  readonly fixture: SessionFixture;
  readonly calendar: ReplayCalendar;
  readonly history: DailyHistory;
  readonly paths: Paths;
  readonly sessions: readonly SessionDay[];
  /** "Sandbox replay of 23 Dec 2015". */
  readonly label: string;
  find(symbol: string): FixtureSymbol | undefined;
  symbols(): readonly string[];
  /** What the symbol shows at `now`, in today's shares; undefined before its first day. */
  screen(symbol: string, now: number): DatedScreen | undefined;
  /** A complete earlier day in the shares of `today`. */
  dayBar(symbol: string, on: string, today: string): PriceBar | undefined;
  /** Today's shares per share of that day. */
  ratio(symbol: string, on: string, today: string): number;
}

export interface DatedScreen extends Screen {
  readonly on: string;
  readonly previous: PriceBar | undefined;
  /** Epoch ms of the last print. */
  readonly lastAt: number;
}

const PREMARKET_MS = 4 * 3_600_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Loads one replay (`2015-12-23`, `2013-10-08`, `2014-06-06`) from `fixtures/sessions`. */
export function loadReplayMarket(scenario: string): ReplayMarket {
  const fixture = readSessionFixture(scenario);
  const calendar = createReplayCalendar(fixture);
  const history = createDailyHistory(fixture);
  const paths = createPaths(fixture, history, calendar);
  const symbols = new Map(fixture.symbols.map((one): [string, FixtureSymbol] => [one.symbol, one]));
  const ratio = (symbol: string, on: string, today: string) => splitRatio(fixture.splits, symbol, on, today);

  const dayBar = (symbol: string, on: string, today: string): PriceBar | undefined => {
    const bar = history.bar(symbol, on);
    if (bar === undefined) return undefined;
    const unit = PRICE_UNIT * ratio(symbol, on, today);
    const vwap = Math.round((bar.high + bar.low + bar.close) / 3 / (unit / PRICE_UNIT)) / PRICE_UNIT;
    return {
      open: bar.open / unit,
      high: bar.high / unit,
      low: bar.low / unit,
      close: bar.close / unit,
      volume: (bar.volume ?? 0) * ratio(symbol, on, today),
      vwap,
    };
  };

  const previousDays = new Map<string, { readonly on: string; readonly bar: PriceBar | undefined }>();
  const previousDay = (symbol: string, on: string): PriceBar | undefined => {
    const known = previousDays.get(symbol);
    if (known?.on === on) return known.bar;
    const before = calendar.before(on);
    const bar = before === undefined ? undefined : dayBar(symbol, before, on);
    previousDays.set(symbol, { on, bar });
    return bar;
  };

  return {
    fixture,
    calendar,
    history,
    paths,
    sessions: fixture.sessions.map((on) => calendar.hours(on)),
    label: `Sandbox replay of ${dayInWords(scenario)}`,
    find: (symbol) => symbols.get(symbol),
    symbols: () => [...symbols.keys()],
    dayBar,
    ratio,
    screen(symbol, now) {
      const on = calendar.screenDay(now);
      if (on === undefined) return undefined;
      const path = paths.of(symbol, on);
      if (path === undefined) return undefined;
      const hours = calendar.hours(on);
      const startsAt = newYorkMidnight(on) + PREMARKET_MS;
      const regularEnd = OPEN_MINUTE + (hours.closesAt - hours.opensAt) / 60_000;
      const screen = screenAt(path, (now - startsAt) / 1000, regularEnd);
      return {
        ...screen,
        on,
        previous: previousDay(symbol, on),
        lastAt:
          // the screen is cleared half an hour before the pre-market begins
          screen.last === undefined
            ? Math.min(startsAt, now)
            : startsAt + screen.last.minute * 60_000 + screen.last.second * 1000,
      };
    },
  };
}

/** `23 Dec 2015` */
export function dayInWords(on: string): string {
  const [year, month, day] = on.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}
