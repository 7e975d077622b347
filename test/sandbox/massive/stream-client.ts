import { once } from 'node:events';
import WebSocket from 'ws';

export interface WireEvent {
  readonly ev: string;
  readonly [key: string]: unknown;
}

/** A bare client that keeps every frame; frames must be arrays. */
export async function openStream(url: string) {
  const socket = new WebSocket(url);
  const events: WireEvent[] = [];
  const frames: WireEvent[][] = [];
  const closed = once(socket, 'close').then(([code]) => Number(code));
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse(data.toString());
    if (!Array.isArray(frame)) throw new Error(`a frame is not an array: ${data}`);
    frames.push(frame);
    events.push(...frame);
  });
  const waiters = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (events.length < count) return;
        socket.off('message', look);
        resolve();
      };
      socket.on('message', look);
      look();
    });
  return {
    socket,
    events,
    frames,
    closed,
    /** Resolves when so many events have come in all. */
    received: waiters,
    send: (action: string, params: string) => socket.send(JSON.stringify({ action, params })),
    statuses: () => events.filter((event) => event.ev === 'status').map((event) => `${event.status}: ${event.message}`),
    /** Resolves after the server has seen and answered everything sent before. */
    async settled() {
      socket.ping();
      await once(socket, 'pong');
    },
    async login(params: string) {
      await waiters(1);
      this.send('auth', 'test-key');
      await waiters(2);
      this.send('subscribe', params);
      await this.settled();
    },
  };
}
