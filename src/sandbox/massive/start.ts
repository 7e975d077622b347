import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ReplayClock } from '../replay-clock.ts';
import { type MassiveFaults, noFaults } from './faults.ts';
import { dayInWords, loadReplayMarket, type ReplayMarket } from './replay-market.ts';
import { restListener } from './rest/serve.ts';
import { type Connection, openConnection } from './stream/connection.ts';
import { startEmitter } from './stream/emitter.ts';
import type { Cluster } from './stream/subscriptions.ts';

export interface MassiveOptions {
  /** A replay of `fixtures/sessions`, or one that is already loaded. */
  readonly scenario: string | ReplayMarket;
  readonly control: Pick<ReplayClock, 'at' | 'now' | 'jumping' | 'state'>;
  readonly apiKey: string;
  /** 0, the standard, takes a free one. */
  readonly port?: number;
  /** No REST page holds more rows; small ones make a client page. */
  readonly largestPage?: number;
  readonly authTimeoutMs?: number;
  /** A socket with more unread bytes is cut off. */
  readonly largestBacklogBytes?: number;
}

export interface Massive {
  readonly restUrl: string;
  /** Without the cluster: `ws://127.0.0.1:1234`. */
  readonly wsUrl: string;
  /** "Sandbox replay of 23 Dec 2015". */
  readonly label: string;
  readonly faults: MassiveFaults;
  readonly market: ReplayMarket;
  symbols(): readonly string[];
  /** True when a symbol's intraday path was made from its day bar; for one day when `on` is given. */
  synthesised(symbol: string, on?: string): boolean;
  /** What must be said wherever a symbol's numbers show; undefined for recorded minutes. */
  caveat(symbol: string, on?: string): string | undefined;
  stop(): Promise<void>;
}

const CLUSTERS: readonly string[] = ['stocks', 'indices', 'options'];
const OTHER_CLUSTERS: readonly string[] = ['forex', 'crypto', 'futures'];

/** Starts the embedded provider on the loopback interface, REST and WebSocket on one port. */
export async function startMassive(options: MassiveOptions): Promise<Massive> {
  const market = typeof options.scenario === 'string' ? loadReplayMarket(options.scenario) : options.scenario;
  const connections = new Set<Connection>();
  const faults = noFaults(() => {
    for (const connection of connections) connection.drop();
  });
  const server = createServer(
    restListener({
      market,
      clock: options.control,
      apiKey: options.apiKey,
      faults,
      largestPage: options.largestPage ?? Number.POSITIVE_INFINITY,
    }),
  );
  const sockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 1_048_576 });

  const admit = (newcomer: Connection): boolean => {
    const others = [...connections].filter(
      (one) => one !== newcomer && one.cluster === newcomer.cluster && one.authenticated(),
    );
    if (others.length > 0 && faults.connectionLimit === 'refuseNewcomer') return false;
    for (const older of others) older.evict();
    return true;
  };

  const accept = (socket: WebSocket, cluster: Cluster | undefined): void => {
    const connection = openConnection({
      socket,
      cluster,
      apiKey: options.apiKey,
      faults,
      authTimeoutMs: options.authTimeoutMs ?? 10_000,
      largestBacklogBytes: options.largestBacklogBytes ?? 32 * 1_048_576,
      admit,
    });
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  };

  server.on('upgrade', (request, socket, head) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] ?? '';
    const cluster = CLUSTERS.find((known): known is Cluster => known === name);
    const known = cluster !== undefined || OTHER_CLUSTERS.includes(name.split('/')[0] ?? '');
    if (faults.refuseConnections || faults.refuseStreams || !known) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (ws) => accept(ws, cluster));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stopEmitter = startEmitter(market, options.control, connections);
  const stopWarming = warm(market);

  return {
    restUrl: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    label: market.label,
    faults,
    market,
    symbols: market.symbols,
    synthesised: market.paths.synthesised,
    caveat: (symbol, on) => caveatOf(market, symbol, on),
    async stop() {
      stopEmitter();
      stopWarming();
      faults.dropSockets();
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function caveatOf(market: ReplayMarket, symbol: string, on?: string): string | undefined {
  const one = market.find(symbol);
  if (one?.derived === true) {
    const source = one.derivedFrom?.symbol ?? 'S&P 500 names';
    return `level derived from ${source}, not the official index`;
  }
  if (!market.paths.synthesised(symbol, on)) return undefined;
  return on === undefined ? 'intraday path synthesised' : `intraday path of ${dayInWords(on)} synthesised`;
}

const WARMED_AT_ONCE = 8;

/** Draws the replayed days' paths a few at a time, so that no single answer has to draw them all. */
function warm(market: ReplayMarket): () => void {
  const wanted = market.sessions.flatMap((day) => market.symbols().map((symbol) => ({ symbol, on: day.on })));
  let timer: NodeJS.Immediate | undefined;
  const some = (): void => {
    for (const { symbol, on } of wanted.splice(0, WARMED_AT_ONCE)) market.paths.of(symbol, on);
    timer = wanted.length > 0 ? setImmediate(some) : undefined;
  };
  some();
  return () => clearImmediate(timer);
}
