import type { Breadth } from '../domain/breadth.ts';
import { breadthOf } from '../domain/breadth.ts';
import type { Answer, IndexSnapshot, NewsItem, StockSnapshot } from '../domain/market.ts';
import { topMovers } from '../domain/movers.ts';
import type { Feed } from '../massive/feed.ts';
import type { Ask } from '../massive/rest/answers.ts';
import type { MassiveRest } from '../massive/rest.ts';
import type { KnownInstrument } from './instruments.ts';
import { BOARD_INDICES, INDEX_NAMES } from './instruments.ts';
import type { Panel } from './panel.ts';
import type { Tape } from './tape.ts';
import { asking } from './translate.ts';

/** One instrument now: the newest of stream and snapshot, with the day around it. */
interface PriceView {
  readonly last: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly spreadBps?: number;
  readonly change?: number;
  readonly changePct?: number;
  readonly day?: { readonly open: number; readonly high: number; readonly low: number; readonly volume?: number };
  readonly previousClose?: number;
}

export interface Market {
  price(known: KnownInstrument): Promise<Answer<PriceView | undefined>>;
  /** Many at once, by symbol; one that the provider does not know is missing. */
  prices(symbols: readonly string[]): Promise<Answer<ReadonlyMap<string, PriceView>>>;
  indices(): Promise<Answer<readonly IndexSnapshot[]>>;
  /** Every stock and fund, for whoever ranks them in another way; nobody waits for it. */
  stocks(): Promise<Answer<readonly StockSnapshot[]>>;
  movers(direction: 'up' | 'down' | 'active', limit: number): Promise<Answer<readonly StockSnapshot[]>>;
  breadth(): Promise<Answer<Breadth>>;
  /** Today's volume as a multiple of the mean of the last 20 whole days; undefined until that is read. */
  volumeRatio(symbol: string, volumeShares: number): number | undefined;
  news(symbol: string | undefined, limit: number): Promise<Answer<readonly NewsItem[]>>;
}

/** Fewer shares than this and a mover is noise; the provider uses the same floor. */
const MOVER_MIN_VOLUME = 10_000;

/** A member waits, and an old answer that says how old it is beats none. */
const FOR_MEMBER: Ask = { acceptStale: true, priority: 1 };

export function createMarket(deps: {
  rest: Pick<MassiveRest, 'stockSnapshot' | 'stockSnapshots' | 'indexSnapshots' | 'news'>;
  tape: Pick<Tape, 'last'>;
  feed: Pick<Feed, 'heardTo'>;
  panel: Pick<Panel, 'breadthHistory' | 'usualVolume'>;
}): Market {
  const { rest, tape, feed, panel } = deps;
  const isHeard = (symbol: string): boolean => feed.heardTo(symbol) !== undefined;
  return {
    async price({ instrument, symbol }) {
      if (instrument.kind === 'index') {
        const answer = await asking(`the level of ${symbol}`, () => rest.indexSnapshots([symbol], FOR_MEMBER));
        return freshest(answer, indexView(answer.value[0], tape.last(symbol), answer.asOf), isHeard(symbol));
      }
      const answer = await asking(`a price for ${symbol}`, () => rest.stockSnapshot(symbol, FOR_MEMBER));
      return freshest(answer, stockView(answer.value, tape.last(symbol), answer.asOf), isHeard(symbol));
    },
    async prices(symbols) {
      const stocks = symbols.filter((symbol) => !symbol.startsWith('I:'));
      const indices = symbols.filter((symbol) => symbol.startsWith('I:'));
      const [stockAnswer, indexAnswer] = await Promise.all([
        stocks.length === 0 ? undefined : asking('the prices', () => rest.stockSnapshots(stocks, FOR_MEMBER)),
        indices.length === 0 ? undefined : asking('the indices', () => rest.indexSnapshots(indices, FOR_MEMBER)),
      ]);
      const views = new Map<string, PriceView>();
      let asOf = 0;
      const take = (symbol: string, view: View): void => {
        if (view.value) views.set(symbol, view.value);
        asOf = Math.max(asOf, view.asOf);
      };
      for (const snapshot of stockAnswer?.value ?? [])
        take(snapshot.symbol, stockView(snapshot, tape.last(snapshot.symbol), snapshot.updatedAt));
      for (const snapshot of indexAnswer?.value ?? [])
        take(snapshot.symbol, indexView(snapshot, tape.last(snapshot.symbol), snapshot.updatedAt));
      return {
        value: views,
        asOf: asOf > 0 ? asOf : Math.max(stockAnswer?.asOf ?? 0, indexAnswer?.asOf ?? 0),
        delayed: stockAnswer?.delayed === true || indexAnswer?.delayed === true,
        ...(stockAnswer?.stale || indexAnswer?.stale ? { stale: true } : {}),
      };
    },
    async indices() {
      const answer = await asking('the indices', () => rest.indexSnapshots(BOARD_INDICES, FOR_MEMBER));
      const bySymbol = new Map(answer.value.map((snapshot) => [snapshot.symbol, snapshot]));
      const value = BOARD_INDICES.flatMap((symbol) => {
        const snapshot = bySymbol.get(symbol);
        return snapshot ? [{ ...snapshot, name: INDEX_NAMES[symbol] ?? snapshot.name }] : [];
      });
      return { ...answer, value };
    },
    stocks: () => asking('the stocks', () => rest.stockSnapshots(undefined, { acceptStale: true, priority: 2 })),
    async movers(direction, limit) {
      const answer = await asking('the movers', () => rest.stockSnapshots(undefined, FOR_MEMBER));
      return { ...answer, value: topMovers(answer.value, { direction, limit, minVolume: MOVER_MIN_VOLUME }) };
    },
    async breadth() {
      const answer = await asking('the breadth of the market', () => rest.stockSnapshots(undefined, FOR_MEMBER));
      return { ...answer, value: breadthOf(answer.value, panel.breadthHistory()) };
    },
    volumeRatio(symbol, volumeShares) {
      const usual = panel.usualVolume(symbol);
      return usual === undefined || usual <= 0 ? undefined : volumeShares / usual;
    },
    news: (symbol, limit) =>
      asking(symbol === undefined ? 'the news' : `news on ${symbol}`, () =>
        rest.news(symbol === undefined ? { limit } : { symbol, limit }, FOR_MEMBER),
      ),
  };
}

type TapeEntry = ReturnType<Tape['last']>;
type View = { readonly value: PriceView | undefined; readonly asOf: number };

/** A snapshot of last resort is not stale where a stream that delivers knows a later price; the last word of a dead one is. */
function freshest(
  { stale, asOf, delayed }: Answer<unknown>,
  view: View,
  isHeard: boolean,
): Answer<PriceView | undefined> {
  return { ...view, delayed, ...(stale && !(isHeard && view.asOf > asOf) ? { stale } : {}) };
}

function indexView(snapshot: IndexSnapshot | undefined, tape: TapeEntry, asOf: number): View {
  if (!snapshot) return { value: undefined, asOf };
  const fresher = tape?.index && tape.index.eventAt > snapshot.updatedAt ? tape.index : undefined;
  const last = fresher?.value ?? snapshot.value;
  const { session } = snapshot;
  return {
    asOf: fresher?.eventAt ?? snapshot.updatedAt,
    value: {
      last,
      ...changeFrom(session?.previousClose, last),
      ...(session
        ? { day: { open: session.open, high: Math.max(session.high, last), low: Math.min(session.low, last) } }
        : {}),
      ...(session?.previousClose === undefined ? {} : { previousClose: session.previousClose }),
    },
  };
}

function stockView(snapshot: StockSnapshot, tape: TapeEntry, asOf: number): View {
  const trade = tape?.trade && tape.trade.eventAt > snapshot.updatedAt ? tape.trade : undefined;
  const quote = tape?.quote && tape.quote.eventAt > snapshot.updatedAt ? tape.quote : undefined;
  const last = trade?.price ?? snapshot.last ?? snapshot.minute?.close ?? snapshot.day?.close;
  if (last === undefined) return { value: undefined, asOf };
  const bid = quote?.bid ?? snapshot.bid;
  const ask = quote?.ask ?? snapshot.ask;
  const quoted = bid !== undefined && ask !== undefined && bid > 0 && ask >= bid;
  const { day, previousDay } = snapshot;
  return {
    asOf: Math.max(snapshot.updatedAt, trade?.eventAt ?? 0, quote?.eventAt ?? 0),
    value: {
      last,
      ...(quoted ? { bid, ask, spreadBps: ((ask - bid) / ((ask + bid) / 2)) * 10_000 } : {}),
      ...changeFrom(previousDay?.close, last),
      ...(day
        ? {
            day: {
              open: day.open,
              high: Math.max(day.high, last),
              low: Math.min(day.low, last),
              ...(day.volume === undefined ? {} : { volume: day.volume }),
            },
          }
        : {}),
      ...(previousDay === undefined ? {} : { previousClose: previousDay.close }),
    },
  };
}

function changeFrom(previousClose: number | undefined, last: number): { change?: number; changePct?: number } {
  if (previousClose === undefined || previousClose <= 0) return {};
  return { change: last - previousClose, changePct: ((last - previousClose) / previousClose) * 100 };
}
