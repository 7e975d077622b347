import type { Answer, IndexSnapshot, StockSnapshot } from '../../domain/market.ts';
import { MassiveError } from '../errors.ts';
import { toStockSnapshot } from '../map/stock-snapshot.ts';
import { isDelayed, type MissingSymbol, toIndexSnapshot, toUnified } from '../map/unified-snapshot.ts';
import { TTL_MS } from '../ttl.ts';
import { admit, fittingRows, parseAs } from '../wire/envelope.ts';
import { isStockSnapshotRow, stockSnapshotSchema, stockSnapshotsSchema } from '../wire/stock-snapshot.ts';
import { type UnifiedRow, unifiedRowSchema, unifiedSchema } from '../wire/unified-snapshot.ts';
import { type Ask, newest } from './answers.ts';
import { priced } from './bars.ts';
import { chunks, isDelayedStatus, pathSymbol, type RestDeps, scopeOf } from './deps.ts';

/** Mixed snapshots of one question; every symbol asked for is in exactly one of the lists. */
export interface UnifiedSnapshots {
  readonly stocks: readonly StockSnapshot[];
  readonly indices: readonly IndexSnapshot[];
  readonly missing: readonly MissingSymbol[];
}

/** The market as it stands now. */
export interface SnapshotMethods {
  stockSnapshot(symbol: string, ask?: Ask): Promise<Answer<StockSnapshot>>;
  /** These stocks, or the whole market (some 12,000) without a list; unknown ones are simply not in the answer. */
  stockSnapshots(symbols?: readonly string[], ask?: Ask): Promise<Answer<readonly StockSnapshot[]>>;
  /** The provider's top 20 by percent, volume at least 10,000. */
  movers(direction: 'gainers' | 'losers', ask?: Ask): Promise<Answer<readonly StockSnapshot[]>>;
  /** Unknown indices are not in the answer; `plan_limit` when none of them is in the plan. */
  indexSnapshots(symbols: readonly string[], ask?: Ask): Promise<Answer<readonly IndexSnapshot[]>>;
  /** Stocks, indices and options together, one call per 250 symbols. */
  snapshots(symbols: readonly string[], ask?: Ask): Promise<Answer<UnifiedSnapshots>>;
}

const STOCKS = '/v2/snapshot/locale/us/markets/stocks';
// without it the provider answers the first 10 only
const PAGE = 250;

/** Snapshots over HTTP, from the second and the third generation of endpoints. */
export function snapshotMethods({ http, cached, now, dropRows }: RestDeps): SnapshotMethods {
  const listed = async (
    endpoint: string,
    path: string,
    ask: Ask,
    tickers?: string,
  ): Promise<Answer<StockSnapshot[]>> => {
    const call = { endpoint, path, query: { tickers } };
    const body = parseAs(stockSnapshotsSchema, await http.get(priced(call, ask)), endpoint);
    const all = body.tickers ?? [];
    const value: StockSnapshot[] = [];
    for (const row of all) if (isStockSnapshotRow(row)) value.push(toStockSnapshot(row, now()));
    admit(all.length, value.length, endpoint, dropRows(endpoint));
    return { value, asOf: newest(value, (row) => row.updatedAt, now()), delayed: isDelayedStatus(body) };
  };

  const unifiedRows = async (endpoint: string, path: string, symbols: readonly string[], ask: Ask) => {
    const pieces = chunks(symbols, PAGE).map(async (piece) => {
      const query = { 'ticker.any_of': piece.join(','), limit: PAGE };
      const body = parseAs(unifiedSchema, await http.get(priced({ endpoint, path, query }, ask)), endpoint);
      const rows = fittingRows(unifiedRowSchema, body.results ?? [], endpoint, dropRows(endpoint));
      return { rows, delayed: isDelayedStatus(body) };
    });
    const answers = await Promise.all(pieces);
    const rows = answers.flatMap((answer) => answer.rows);
    return { rows, delayed: answers.some((answer) => answer.delayed) || rows.some(isDelayed) };
  };

  return {
    async stockSnapshot(symbol, ask = {}) {
      const endpoint = 'stock_snapshot';
      const path = `${STOCKS}/tickers/${pathSymbol(symbol, endpoint)}`;
      return cached(path, TTL_MS.snapshot, ask, async () => {
        const call = { endpoint, scope: scopeOf(endpoint, symbol), path };
        const body = parseAs(stockSnapshotSchema, await http.get(priced(call, ask)), endpoint);
        if (!isStockSnapshotRow(body.ticker)) {
          throw new MassiveError('bad_payload', endpoint, `Massive's snapshot of ${symbol} does not fit`);
        }
        const value = toStockSnapshot(body.ticker, now());
        return { value, asOf: value.updatedAt, delayed: isDelayedStatus(body) };
      });
    },

    stockSnapshots(symbols, ask = {}) {
      const path = `${STOCKS}/tickers`;
      if (!symbols) return cached(path, TTL_MS.wholeMarket, ask, () => listed('whole_market', path, ask));
      const wanted = [...new Set(symbols)].sort();
      return cached(`${path}?${wanted}`, TTL_MS.snapshot, ask, async () => {
        for (const symbol of wanted) pathSymbol(symbol, 'stock_snapshots');
        const pieces = chunks(wanted, PAGE).map((piece) => listed('stock_snapshots', path, ask, piece.join(',')));
        const answers = await Promise.all(pieces);
        const value = answers.flatMap((answer) => answer.value);
        const delayed = answers.some((answer) => answer.delayed);
        return { value, asOf: newest(value, (row) => row.updatedAt, now()), delayed };
      });
    },

    movers(direction, ask = {}) {
      const path = `${STOCKS}/${direction}`;
      return cached(path, TTL_MS.movers, ask, () => listed('movers', path, ask));
    },

    indexSnapshots(symbols, ask = {}) {
      const endpoint = 'index_snapshots';
      const wanted = [...new Set(symbols)].sort();
      return cached(`${endpoint} ${wanted}`, TTL_MS.snapshot, ask, async () => {
        for (const symbol of wanted) pathSymbol(symbol, endpoint);
        const { rows, delayed } = await unifiedRows(endpoint, '/v3/snapshot/indices', wanted, ask);
        const value = rows.flatMap((row) => (row.error ? [] : (toIndexSnapshot(row, now()) ?? [])));
        if (value.length === 0 && rows.some(isNotEntitled)) {
          throw new MassiveError('plan_limit', endpoint, 'These indices are not in the Massive plan');
        }
        return { value, asOf: newest(value, (row) => row.updatedAt, now()), delayed };
      });
    },

    snapshots(symbols, ask = {}) {
      const endpoint = 'snapshots';
      const wanted = [...new Set(symbols)].sort();
      return cached(`${endpoint} ${wanted}`, TTL_MS.snapshot, ask, async () => {
        for (const symbol of wanted) pathSymbol(symbol, endpoint);
        const { rows, delayed } = await unifiedRows(endpoint, '/v3/snapshot', wanted, ask);
        const value = sortOut(rows, wanted, now());
        const known = [...value.stocks, ...value.indices];
        return { value, asOf: newest(known, (row) => row.updatedAt, now()), delayed };
      });
    },
  };
}

function isNotEntitled(row: UnifiedRow): boolean {
  return row.error === 'NOT_ENTITLED';
}

function sortOut(rows: readonly UnifiedRow[], wanted: readonly string[], now: number): UnifiedSnapshots {
  const stocks: StockSnapshot[] = [];
  const indices: IndexSnapshot[] = [];
  const missing: MissingSymbol[] = [];
  const open = new Set(wanted);
  for (const row of rows) {
    const entry = toUnified(row, now);
    const symbol =
      entry.kind === 'stock' ? entry.stock.symbol : entry.kind === 'index' ? entry.index.symbol : entry.missing.symbol;
    // a row nobody asked for, or a second one, would break "exactly once"
    if (!open.delete(symbol)) continue;
    if (entry.kind === 'stock') stocks.push(entry.stock);
    else if (entry.kind === 'index') indices.push(entry.index);
    else missing.push(entry.missing);
  }
  for (const symbol of open) missing.push({ symbol, reason: 'no_data' });
  return { stocks, indices, missing };
}
