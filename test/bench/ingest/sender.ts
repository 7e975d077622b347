import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { tellStarter } from '../part.ts';
import { framesOf } from './frames.ts';

/** What the measuring process asks of the sender. */
export type Order =
  | { readonly kind: 'prepare'; readonly round: number; readonly frames: number }
  /** As fast as the reader takes them, or a thousand times `framesPerMs` a second. */
  | { readonly kind: 'send'; readonly path: string; readonly framesPerMs?: number };

/** What the sender answers, in the order of the orders; the first answer is its address. */
export type Answer =
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'prepared'; readonly bytes: number }
  | { readonly kind: 'sent'; readonly tookMs: number };

/** Frames that are handed to the kernel before we wait until it took them. */
const AT_ONCE = 16;

/** A server with the provider's manners in a process of its own, so that sending costs the reader nothing. */
export async function playSender(): Promise<void> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  const readers = new Map<string, WebSocket>();
  let frames: string[] = [];
  server.on('connection', (socket, request) => {
    readers.set(request.url ?? '', socket);
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => obey(socket, JSON.parse(String(data)) as { action: string; params: string }));
    socket.send(JSON.stringify([{ ev: 'status', status: 'connected', message: 'Connected Successfully' }]));
  });
  process.on('disconnect', () => process.exit());
  process.on('message', (order: Order) => {
    if (order.kind === 'prepare') {
      frames = framesOf(order.round, order.frames);
      tellStarter({ kind: 'prepared', bytes: frames.reduce((sum, frame) => sum + frame.length, 0) } satisfies Answer);
      return;
    }
    const reader = readers.get(order.path);
    if (!reader) throw new Error(`nobody reads ${order.path}`);
    const startedAt = performance.now();
    const sending = order.framesPerMs === undefined ? blast(reader, frames) : pace(reader, frames, order.framesPerMs);
    void sending.then(() => tellStarter({ kind: 'sent', tookMs: performance.now() - startedAt } satisfies Answer));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  tellStarter({
    kind: 'address',
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
  } satisfies Answer);
}

function obey(socket: WebSocket, { action, params }: { action: string; params: string }): void {
  const say = (words: readonly string[], status: string): void =>
    socket.send(JSON.stringify(words.map((message) => ({ ev: 'status', status, message }))));
  if (action === 'auth') say(['authenticated'], 'auth_success');
  if (action === 'subscribe')
    say(
      params.split(',').map((pair) => `subscribed to: ${pair}`),
      'success',
    );
}

async function blast(socket: WebSocket, frames: readonly string[]): Promise<void> {
  for (let start = 0; start < frames.length; start += AT_ONCE) {
    const taken = Promise.withResolvers<void>();
    const batch = frames.slice(start, start + AT_ONCE);
    batch.forEach((frame, index) => {
      socket.send(frame, index === batch.length - 1 ? () => taken.resolve() : undefined);
    });
    await taken.promise;
  }
}

/** Sends what is due by the clock; after a stall of this machine that may be many frames at once. */
async function pace(socket: WebSocket, frames: readonly string[], framesPerMs: number): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0; sent < frames.length; ) {
    const due = Math.min(frames.length, Math.floor((performance.now() - startedAt) * framesPerMs));
    for (; sent < due; sent += 1) socket.send(frames[sent] ?? '');
    await (sent < frames.length ? pause(1) : nextTurn());
  }
}
