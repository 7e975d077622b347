import { type RawData, WebSocket } from 'ws';
import type { MarketEvent } from '../../domain/bar.ts';
import type { Clock } from '../../kit/clock.ts';
import { readEvent, type StatusEvent } from './events.ts';
import { readFrame } from './frame.ts';

/** Why a socket is no more. `refused` is final, `evicted` asks for a long pause, `lost` for a short one. */
export interface ConnectionEnd {
  readonly kind: 'refused' | 'evicted' | 'lost';
  readonly reason: string;
}

/** What one socket has to tell. */
export interface ConnectionEars {
  /** The key was accepted; subscriptions may be sent. */
  ready(): void;
  events(events: MarketEvent[]): void;
  subscribed(channels: readonly string[]): void;
  /** Something in a subscription is not in the plan; the server does not say what. */
  notAuthorized(message: string): void;
  dropped(reason: string): void;
  ended(end: ConnectionEnd): void;
}

/** What one socket stands on. */
export interface ConnectionDeps {
  readonly url: string;
  readonly apiKey: string;
  /** Market time, for `receivedAt`. */
  readonly marketNow: () => number;
  /** Real time, for deadlines. */
  readonly wall: Clock;
}

const MAX_FRAME_BYTES = 8 * 1024 * 1024;
const LOGIN_DEADLINE_MS = 10_000;
const BEAT_MS = 3_000;
// with one beat on top, a silent line is noticed within 10 s
const SILENCE_MS = 6_500;
const FAREWELL_MS = 500;
const POLICY_VIOLATION = 1008;

/** One socket from dial to end: login, frames in, liveness. It ends exactly once and is never used again. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #ears: ConnectionEars;
  readonly #socket: WebSocket;
  #cancelTimer: () => void;
  #isReady = false;
  #hasEnded = false;
  #heardAt: number;
  #fault = '';

  constructor(deps: ConnectionDeps, ears: ConnectionEars) {
    this.#deps = deps;
    this.#ears = ears;
    this.#heardAt = deps.wall.now();
    this.#socket = new WebSocket(deps.url, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: LOGIN_DEADLINE_MS,
      followRedirects: false,
    });
    this.#socket.on('message', (data) => this.#onFrame(data));
    this.#socket.on('pong', () => this.#hear());
    this.#socket.on('ping', () => this.#hear());
    this.#socket.on('error', (error) => {
      this.#fault = error.message;
    });
    this.#socket.on('close', (code) => this.#onClose(code));
    this.#cancelTimer = this.#after(LOGIN_DEADLINE_MS, () => this.#end({ kind: 'lost', reason: 'no login in time' }));
  }

  send(action: 'subscribe' | 'unsubscribe', channels: readonly string[]): void {
    this.#write({ action, params: channels.join(',') });
  }

  /** Leaves politely; `ended` is not called. */
  close(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelTimer();
    this.#socket.close(1000);
    this.#after(FAREWELL_MS, () => this.#socket.terminate());
  }

  #onFrame(data: RawData): void {
    if (this.#hasEnded) return;
    this.#hear();
    const frame = readFrame(data);
    if (!frame.ok) {
      this.#ears.dropped(frame.reason);
      return;
    }
    const receivedAt = this.#deps.marketNow();
    const events: MarketEvent[] = [];
    for (const raw of frame.events) {
      const read = readEvent(raw, receivedAt);
      if (read.kind === 'event') events.push(read.event);
      else if (read.kind === 'drop') this.#ears.dropped(read.reason);
      else this.#onStatus(read.status);
    }
    if (events.length > 0 && !this.#hasEnded) this.#ears.events(events);
  }

  #onStatus({ status, message }: StatusEvent): void {
    if (status === 'connected') this.#write({ action: 'auth', params: this.#deps.apiKey });
    else if (status === 'auth_success') this.#onReady();
    else if (status === 'success') this.#onAck(message);
    else if (status === 'error') this.#ears.notAuthorized(message);
    else if (status === 'auth_failed') this.#end({ kind: 'refused', reason: message || status });
    else if (status === 'max_connections') this.#end({ kind: 'evicted', reason: message || status });
    else if (status === 'auth_timeout') this.#end({ kind: 'lost', reason: message || status });
    else this.#ears.dropped('unknown_status');
  }

  #onReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#cancelTimer();
    this.#beat(this.#deps.wall.now());
    this.#ears.ready();
  }

  #onAck(message: string): void {
    const pairs = /^subscribed to: (.+)$/.exec(message)?.[1];
    if (pairs) this.#ears.subscribed(pairs.split(',').map((pair) => pair.trim()));
  }

  /** Pings, and ends the socket when neither pong nor frame came for too long: a quiet market is no sign, a silent line is. */
  #beat(lastBeatAt: number): void {
    const now = this.#deps.wall.now();
    // after a stall of our own the frames are still unread in the kernel: give them one beat
    if (now - lastBeatAt > 2 * BEAT_MS) this.#heardAt = now;
    if (now - this.#heardAt > SILENCE_MS) {
      this.#end({ kind: 'lost', reason: `silent for ${Math.round((now - this.#heardAt) / 1_000)} s` });
      return;
    }
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
    this.#cancelTimer = this.#after(BEAT_MS, () => this.#beat(now));
  }

  #onClose(code: number): void {
    if (code === POLICY_VIOLATION) this.#end({ kind: 'evicted', reason: 'closed by policy (1008)' });
    else this.#end({ kind: 'lost', reason: this.#fault || `closed (${code})` });
  }

  #end(end: ConnectionEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelTimer();
    this.#socket.terminate();
    this.#ears.ended(end);
  }

  #hear(): void {
    this.#heardAt = this.#deps.wall.now();
  }

  #write(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #after(ms: number, fn: () => void): () => void {
    const { wall } = this.#deps;
    return wall.at(wall.now() + ms, fn);
  }
}
