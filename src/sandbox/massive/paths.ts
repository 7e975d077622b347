import { LRUCache } from 'lru-cache';
import { chanceOf } from './chance.ts';
import type { DailyHistory } from './daily-history.ts';
import { writeExtendedMinutes } from './extended-hours.ts';
import type { FixtureSymbol, PackedMinutes, SessionFixture } from './fixture.ts';
import { drawnMarketMoves, marketShare, movesOf, symbolMoves } from './market-moves.ts';
import { emptyPath, type MinutePath, writeRegularMinutes } from './minute-path.ts';
import type { ReplayCalendar } from './replay-calendar.ts';

/** Whole days of minutes, future ones included: real where they exist, otherwise made from the day bar. */
export interface Paths {
  of(symbol: string, on: string): MinutePath | undefined;
  /** False only where the minutes are recorded ones; without a date, whether any replayed day is made up. */
  synthesised(symbol: string, on?: string): boolean;
}

/** About 60 MB of minutes: the universe for a few days. */
const KEPT_PATHS = 3_000;
const MINUTE_MS = 60_000;

export function createPaths(
  fixture: Pick<SessionFixture, 'symbols' | 'sessions'>,
  history: DailyHistory,
  calendar: ReplayCalendar,
): Paths {
  const symbols = new Map(fixture.symbols.map((one): [string, FixtureSymbol] => [one.symbol, one]));
  const kept = new LRUCache<string, MinutePath>({ max: KEPT_PATHS });
  const shared = new Map<string, Float64Array>();

  const regularMinutes = (on: string): number => {
    const hours = calendar.hours(on);
    return (hours.closesAt - hours.opensAt) / MINUTE_MS;
  };

  /** The market's own moves of a day: those of SPY, recorded or drawn. */
  const marketMoves = (on: string): Float64Array => {
    const known = shared.get(on);
    if (known !== undefined) return known;
    const minutes = regularMinutes(on);
    const spy = of('SPY', on);
    const moves = spy === undefined ? drawnMarketMoves(on, minutes) : movesOf(spy, minutes);
    shared.set(on, moves);
    return moves;
  };

  const synthesise = (one: FixtureSymbol, on: string): MinutePath | undefined => {
    const day = history.bar(one.symbol, on);
    if (day === undefined) return undefined;
    const path = emptyPath();
    const chance = chanceOf(`${one.symbol} ${on}`);
    const market = one.symbol === 'SPY' ? drawnMarketMoves(on, regularMinutes(on)) : marketMoves(on);
    const moves = symbolMoves(market, marketShare(one.symbol, one.kind), chance);
    writeRegularMinutes(path, day, moves, chance);
    if (one.kind === 'index') return path;
    const before = calendar.before(on);
    const previous = before === undefined ? undefined : history.bar(one.symbol, before);
    // an overnight halving is a split, which pre-market prints must not walk across
    const gap = previous === undefined ? 1 : Math.abs(Math.log(day.open / previous.close));
    writeExtendedMinutes(path, day, gap < 0.3 ? previous?.close : undefined, moves.length, chance);
    return path;
  };

  const build = (symbol: string, on: string): MinutePath | undefined => {
    const one = symbols.get(symbol);
    if (one === undefined) return undefined;
    const real = one.minutes?.[on];
    if (real !== undefined) return unpackMinutes(real);
    if (one.derivedFrom === undefined) return synthesise(one, on);
    const source = of(one.derivedFrom.symbol, on);
    if (source === undefined || history.bar(symbol, on) === undefined) return undefined;
    return multiplied(source, one.derivedFrom.factor, regularMinutes(on));
  };

  function of(symbol: string, on: string): MinutePath | undefined {
    const key = `${symbol} ${on}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const path = build(symbol, on);
    if (path !== undefined) kept.set(key, path);
    return path;
  }

  return {
    of,
    synthesised(symbol, on) {
      const one = symbols.get(symbol);
      const days = on === undefined ? fixture.sessions : [on];
      return !days.every((day) => one?.minutes?.[day] !== undefined);
    },
  };
}

/** An index trades only in regular hours and counts no shares. */
function multiplied(source: MinutePath, factor: number, regularMinutes: number): MinutePath {
  const path = emptyPath();
  const end = 330 + regularMinutes;
  for (let minute = 330; minute < end; minute += 1) {
    path.open[minute] = Math.round((source.open[minute] ?? 0) * factor);
    path.high[minute] = Math.round((source.high[minute] ?? 0) * factor);
    path.low[minute] = Math.round((source.low[minute] ?? 0) * factor);
    path.close[minute] = Math.round((source.close[minute] ?? 0) * factor);
  }
  return path;
}

function unpackMinutes(packed: PackedMinutes): MinutePath {
  const path = emptyPath();
  let close = 0;
  for (const [index, minute] of packed.minute.entries()) {
    close += packed.close[index] ?? 0;
    path.close[minute] = close;
    path.open[minute] = close + (packed.open[index] ?? 0);
    path.high[minute] = close + (packed.high[index] ?? 0);
    path.low[minute] = close + (packed.low[index] ?? 0);
    path.volume[minute] = packed.volume[index] ?? 0;
  }
  return path;
}
