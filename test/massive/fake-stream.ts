import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { KEY } from './bench.ts';

export interface Dialled {
  readonly path: string;
  readonly socket: WebSocket;
  /** Frames this client sent. */
  readonly heard: { action: string; params: string }[];
}

export interface Script {
  /** Said on connect; the provider's greeting unless given, nothing for null. */
  readonly greet?: (dialled: Dialled) => void;
  readonly onAuth?: (dialled: Dialled, key: string) => void;
  readonly onSubscribe?: (dialled: Dialled, pairs: string[]) => void;
}

/** A real WebSocket server on loopback with the provider's manners. */
export interface FakeStream {
  readonly url: string;
  readonly dialled: Dialled[];
  script: Script;
  /** The newest connection. */
  last(): Dialled;
  /** Sends these events in one frame on the newest connection. */
  send(...events: unknown[]): void;
  stop(): Promise<void>;
}

export const status = (word: string, message: string): object => ({ ev: 'status', status: word, message });

/** Sends one frame: an array, as every server frame is. */
export function say({ socket }: Pick<Dialled, 'socket'>, ...events: unknown[]): void {
  socket.send(JSON.stringify(events));
}

export const acknowledge = (dialled: Dialled, pairs: readonly string[]): void =>
  say(dialled, ...pairs.map((pair) => status('success', `subscribed to: ${pair}`)));

const MANNERS: Required<Script> = {
  greet: (dialled) => say(dialled, status('connected', 'Connected Successfully')),
  onAuth: (dialled, key) => {
    if (key === KEY) return say(dialled, status('auth_success', 'authenticated'));
    say(dialled, status('auth_failed', 'authentication failed'));
    dialled.socket.terminate();
  },
  onSubscribe: acknowledge,
};

export async function startFakeStream(script: Script = {}): Promise<FakeStream> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.on('listening', resolve));
  const fake: FakeStream = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dialled: [],
    script,
    last() {
      const dialled = fake.dialled.at(-1);
      if (!dialled) throw new Error('nobody has dialled');
      return dialled;
    },
    send: (...events) => say(fake.last(), ...events),
    stop: () =>
      new Promise((resolve) => {
        for (const { socket } of fake.dialled) socket.terminate();
        server.close(() => resolve());
      }),
  };
  server.on('connection', (socket, request) => {
    const dialled: Dialled = { path: request.url ?? '', socket, heard: [] };
    fake.dialled.push(dialled);
    const manners = { ...MANNERS, ...fake.script };
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { action: string; params: string };
      dialled.heard.push(frame);
      if (frame.action === 'auth') manners.onAuth(dialled, frame.params);
      if (frame.action === 'subscribe') manners.onSubscribe(dialled, frame.params.split(','));
    });
    manners.greet(dialled);
  });
  return fake;
}
