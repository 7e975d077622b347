import type { FixtureSymbol, PackedDaily, SessionFixture } from './fixture.ts';
import type { UnitBar } from './minute-path.ts';

/** Complete day bars as traded; never asks what time it is, so its callers must. */
export interface DailyHistory {
  bar(symbol: string, on: string): UnitBar | undefined;
  /** First and last date with a bar. */
  span(symbol: string): { readonly from: string; readonly to: string } | undefined;
}

interface Columns {
  readonly from: number;
  readonly bars: readonly (UnitBar | undefined)[];
}

export function createDailyHistory(fixture: Pick<SessionFixture, 'days' | 'symbols'>): DailyHistory {
  const dayIndex = new Map(fixture.days.map((on, index) => [on, index]));
  const packed = new Map(fixture.symbols.map((one): [string, FixtureSymbol] => [one.symbol, one]));
  const decoded = new Map<string, Columns>();
  const columnsOf = (symbol: string): Columns | undefined => {
    const known = decoded.get(symbol);
    if (known !== undefined) return known;
    const source = packed.get(symbol);
    if (source === undefined) return undefined;
    const columns = { from: source.daily.from, bars: unpackDaily(source.daily) };
    decoded.set(symbol, columns);
    return columns;
  };
  return {
    bar(symbol, on) {
      const columns = columnsOf(symbol);
      const index = dayIndex.get(on);
      return columns === undefined || index === undefined ? undefined : columns.bars[index - columns.from];
    },
    span(symbol) {
      const columns = columnsOf(symbol);
      if (columns === undefined) return undefined;
      const from = fixture.days[columns.from];
      const to = fixture.days[columns.from + columns.bars.length - 1];
      return from === undefined || to === undefined ? undefined : { from, to };
    },
  };
}

function unpackDaily(daily: PackedDaily): (UnitBar | undefined)[] {
  let close = 0;
  return daily.close.map((step, index) => {
    if (step === null) return undefined;
    close += step;
    const volume = daily.volume?.[index];
    return {
      open: close + (daily.open[index] ?? 0),
      high: close + (daily.high[index] ?? 0),
      low: close + (daily.low[index] ?? 0),
      close,
      ...(volume === undefined ? {} : { volume }),
    };
  });
}
