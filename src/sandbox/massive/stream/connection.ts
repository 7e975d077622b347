import type { WebSocket } from 'ws';
import type { MassiveFaults } from '../faults.ts';
import { sameText } from '../rest/serve.ts';
import { type Cluster, createSubscriptions, type StatusMessage, type Subscriptions, status } from './subscriptions.ts';

/** One client's socket on one cluster, from `connected` to its end. */
export interface Connection {
  readonly cluster: Cluster;
  readonly subscriptions: Subscriptions;
  authenticated(): boolean;
  /** Sends a ready-made JSON array; a client that does not read is cut off. */
  send(frame: string): void;
  /** Tells why and drops the socket without a close handshake. */
  evict(): void;
  drop(): void;
}

export interface ConnectionDeps {
  readonly socket: WebSocket;
  readonly cluster: Cluster | undefined;
  readonly apiKey: string;
  readonly faults: MassiveFaults;
  readonly authTimeoutMs: number;
  readonly largestBacklogBytes: number;
  /** Asked on a good key: false when the account's connections are used up and this one has to go. */
  readonly admit: (connection: Connection) => boolean;
}

const EVICTED = 'Maximum number of websocket connections exceeded. ';
const REFUSED =
  'Maximum number of websocket connections exceeded. You have reached the connection limit for your account. Please contact support at https://polygon.io/contact to increase your limit.';
const NO_PLAN = "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade.";

export function openConnection(deps: ConnectionDeps): Connection {
  const { socket, faults } = deps;
  let state: 'new' | 'authenticated' | 'leaving' = 'new';
  let refused = false;

  const send = (frame: string): void => {
    if (faults.blackHole || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > deps.largestBacklogBytes) socket.terminate();
    else socket.send(frame);
  };
  const tell = (messages: readonly StatusMessage[]): void => {
    if (messages.length > 0) send(JSON.stringify(messages));
  };
  const leave = (message: StatusMessage): void => {
    state = 'leaving';
    clearTimeout(authTimer);
    socket.send(JSON.stringify([message]), () => socket.terminate());
  };

  const connection: Connection = {
    cluster: deps.cluster ?? 'stocks',
    subscriptions: createSubscriptions(deps.cluster ?? 'stocks'),
    authenticated: () => state === 'authenticated',
    send,
    evict: () => leave(status('max_connections', EVICTED)),
    drop: () => socket.terminate(),
  };

  const authenticate = (key: string): void => {
    const problem = !sameText(key, deps.apiKey)
      ? 'authentication failed'
      : deps.cluster === undefined
        ? NO_PLAN
        : undefined;
    if (problem !== undefined) {
      leave(status('auth_failed', problem));
      return;
    }
    clearTimeout(authTimer);
    refused = !deps.admit(connection);
    state = 'authenticated';
    tell([status('auth_success', 'authenticated')]);
  };

  const subscribe = (params: string): void => {
    tell(connection.subscriptions.subscribe(params));
    if (!refused) return;
    // a refused newcomer learns it only after its subscriptions were confirmed
    state = 'leaving';
    socket.send(JSON.stringify([status('max_connections', REFUSED)]), () => socket.close(1008));
  };

  const authTimer = setTimeout(
    () => leave(status('auth_timeout', 'No authentication request received.')),
    deps.authTimeoutMs,
  );
  socket.on('close', () => clearTimeout(authTimer));
  socket.on('error', () => socket.terminate());
  socket.on('ping', (data) => {
    if (!faults.blackHole) socket.pong(data);
  });
  socket.on('message', (data) => {
    const request = requestOf(data.toString());
    if (request === undefined || faults.blackHole || state === 'leaving') return;
    if (request.action === 'auth' && state === 'new') authenticate(request.params);
    if (state !== 'authenticated') return;
    if (request.action === 'subscribe') subscribe(request.params);
    if (request.action === 'unsubscribe') tell(connection.subscriptions.unsubscribe(request.params));
  });
  tell([status('connected', 'Connected Successfully')]);
  return connection;
}

/** A client's frame; anything else than an action with text parameters is passed over in silence. */
function requestOf(text: string): { action: string; params: string } | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== 'object' || frame === null || !('action' in frame) || !('params' in frame)) return undefined;
    const { action, params } = frame;
    return typeof action === 'string' && typeof params === 'string' ? { action, params } : undefined;
  } catch {
    return undefined;
  }
}
