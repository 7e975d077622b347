import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { INTENT } from './bits.ts';
import { identifyRefusal, isToken, push, replay, SESSION_KEPT_MS, type Session } from './gateway-session.ts';
import { isLocal } from './local-only.ts';
import { canSee } from './permissions.ts';
import { wireGuildCreate, wireMember, wireReady, wireUser } from './wire-guild.ts';
import type { Dispatch, World } from './world.ts';

const SENDS_PER_MINUTE = 120;
const PATH = '/gateway';

interface Frame {
  op: number;
  d: unknown;
}

/** The WebSocket half: identify, resume, heartbeats, dispatches, and the close codes that end a bot's day. */
export class Gateway {
  readonly #world: World;
  readonly #heartbeatMs: number;
  readonly #wss = new WebSocketServer({ noServer: true, maxPayload: 16_384, clientTracking: true });
  readonly #sessions = new Map<string, Session>();
  readonly #bySocket = new Map<WebSocket, Session>();
  #heartbeatsMuted = false;
  #startsLeft = 1000;

  constructor(world: World, server: Server, heartbeatMs: number) {
    this.#world = world;
    this.#heartbeatMs = heartbeatMs;
    server.on('upgrade', (request, socket, head) => {
      if (request.url?.startsWith(PATH) && isLocal(request.headers))
        this.#wss.handleUpgrade(request, socket, head, (ws) => this.#greet(ws, request));
      else socket.destroy();
    });
  }

  get url(): string {
    return `${this.#world.origin.replace('http', 'ws')}${PATH}`;
  }

  /** What `GET /gateway/bot` tells. */
  get startLimit(): object {
    return { total: 1000, remaining: this.#startsLeft, reset_after: 86_400_000, max_concurrency: 1 };
  }

  dispatch(event: Dispatch): void {
    const channel = event.channelId === undefined ? undefined : this.#world.channels.get(event.channelId);
    if (channel && !canSee(this.#world, this.#world.botId, channel)) return;
    for (const session of this.#sessions.values())
      if (event.intent === INTENT.none || session.intents & event.intent) push(this.#world, session, event);
  }

  killSockets(): void {
    for (const ws of this.#wss.clients) ws.terminate();
  }

  closeSockets(code: number): void {
    for (const ws of this.#wss.clients) ws.close(code);
  }

  reconnect(): void {
    for (const ws of this.#wss.clients) ws.send(JSON.stringify({ op: 7, d: null }));
  }

  invalidSession(resumable: boolean): void {
    for (const [ws, session] of [...this.#bySocket]) {
      // the client resumes or identifies again, on this very socket if it likes
      this.#bySocket.delete(ws);
      session.socket = undefined;
      session.leftAt = this.#world.clock.now();
      if (!resumable) this.#sessions.delete(session.id);
      ws.send(JSON.stringify({ op: 9, d: resumable }));
    }
  }

  muteHeartbeats(muted: boolean): void {
    this.#heartbeatsMuted = muted;
  }

  stop(): Promise<void> {
    this.killSockets();
    return new Promise((resolve) => this.#wss.close(() => resolve()));
  }

  #greet(ws: WebSocket, request: IncomingMessage): void {
    const version = new URL(request.url ?? '', 'http://local').searchParams.get('v');
    if (version !== null && version !== '10') {
      ws.close(4012, 'Invalid API version.');
      return;
    }
    const sends: number[] = [];
    let deadline = this.#expectHeartbeat(ws);
    ws.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.#heartbeatMs } }));
    ws.on('message', (raw) => {
      const at = this.#world.clock.now();
      while (sends[0] !== undefined && sends[0] <= at - 60_000) sends.shift();
      sends.push(at);
      if (sends.length > SENDS_PER_MINUTE) return ws.close(4008, 'Rate limited.');
      let frame: Frame;
      try {
        frame = JSON.parse(String(raw)) as Frame;
      } catch {
        return ws.close(4002, 'Error while decoding payload.');
      }
      if (frame.op === 1) {
        clearTimeout(deadline);
        deadline = this.#expectHeartbeat(ws);
      }
      this.#receive(ws, frame);
    });
    ws.on('error', () => ws.terminate());
    ws.on('close', (code) => {
      clearTimeout(deadline);
      this.#left(ws, code);
    });
  }

  #expectHeartbeat(ws: WebSocket): NodeJS.Timeout {
    return setTimeout(() => ws.close(4000, 'No heartbeat.'), this.#heartbeatMs * 1.5).unref();
  }

  #receive(ws: WebSocket, frame: Frame): void {
    const session = this.#bySocket.get(ws);
    if (frame?.op === 1) {
      if (!this.#heartbeatsMuted) ws.send(JSON.stringify({ op: 11 }));
    } else if (frame?.op === 2 || frame?.op === 6) {
      if (session) ws.close(4005, 'Already authenticated.');
      else if (frame.op === 2) this.#identify(ws, frame.d);
      else this.#resume(ws, frame.d);
    } else if (![3, 4, 8].includes(frame?.op)) ws.close(4001, 'Unknown opcode.');
    else if (!session) ws.close(4003, 'Not authenticated.');
    else if (frame.op === 3) this.#present(session, frame.d);
    else if (frame.op === 8) this.#sendMembers(session, frame.d);
  }

  #identify(ws: WebSocket, d: unknown): void {
    const refusal = identifyRefusal(this.#world, d);
    if (refusal) {
      ws.close(...refusal);
      return;
    }
    const { intents, presence } = d as { intents: number; presence?: unknown };
    this.#forgetOld();
    this.#startsLeft = Math.max(0, this.#startsLeft - 1);
    const id = randomUUID().replaceAll('-', '');
    const session: Session = { id, intents, seq: 0, sent: [], socket: ws, leftAt: 0, presence: undefined };
    this.#sessions.set(id, session);
    this.#bySocket.set(ws, session);
    push(this.#world, session, { t: 'READY', d: wireReady(this.#world, id, this.url) });
    const allMembers = (intents & (INTENT.guildMembers | INTENT.guildPresences)) !== 0;
    push(this.#world, session, { t: 'GUILD_CREATE', d: wireGuildCreate(this.#world, allMembers) });
    this.#present(session, presence);
  }

  #resume(ws: WebSocket, d: unknown): void {
    const { token, session_id, seq } = d as { token?: unknown; session_id?: unknown; seq?: unknown };
    if (!isToken(this.#world, token)) {
      ws.close(4004, 'Authentication failed.');
      return;
    }
    this.#forgetOld();
    const session = this.#sessions.get(String(session_id));
    if (session?.socket) {
      this.#bySocket.delete(session.socket);
      session.socket.terminate();
    }
    if (session) session.socket = ws;
    if (!session || typeof seq !== 'number' || !replay(session, seq)) {
      if (session) this.#sessions.delete(session.id);
      ws.send(JSON.stringify({ op: 9, d: false }));
      return;
    }
    this.#bySocket.set(ws, session);
    push(this.#world, session, { t: 'RESUMED', d: {} });
    this.#tellOnline();
  }

  #forgetOld(): void {
    const oldest = this.#world.clock.now() - SESSION_KEPT_MS;
    for (const session of this.#sessions.values())
      if (!session.socket && session.leftAt < oldest) this.#sessions.delete(session.id);
  }

  #present(session: Session, presence: unknown): void {
    const activity = (presence as { activities?: { name?: string; state?: string }[] } | undefined)?.activities?.[0];
    session.presence = activity ? (activity.state ?? activity.name) : undefined;
    this.#tellOnline();
  }

  #sendMembers(session: Session, d: unknown): void {
    const { query, limit, user_ids, nonce } = d as {
      query?: string;
      limit?: number;
      user_ids?: string | string[];
      nonce?: string;
    };
    const wanted = user_ids === undefined ? undefined : [user_ids].flat();
    const members = [...this.#world.members.values()]
      .filter((one) =>
        wanted ? wanted.includes(one.userId) : wireUser(this.#world, one.userId).username.startsWith(query ?? ''),
      )
      .slice(0, limit || undefined);
    push(this.#world, session, {
      t: 'GUILD_MEMBERS_CHUNK',
      d: {
        guild_id: this.#world.guildId,
        members: members.map((one) => wireMember(this.#world, one)),
        chunk_index: 0,
        chunk_count: 1,
        not_found: wanted?.filter((id) => !this.#world.members.has(id)) ?? [],
        ...(nonce && { nonce }),
      },
    });
  }

  #left(ws: WebSocket, code: number): void {
    const session = this.#bySocket.get(ws);
    this.#bySocket.delete(ws);
    if (!session || session.socket !== ws) return;
    session.socket = undefined;
    session.leftAt = this.#world.clock.now();
    // a close that says goodbye ends the session; every other one may be resumed
    if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
    this.#tellOnline();
  }

  #tellOnline(): void {
    const [live] = [...this.#bySocket.values()];
    const bot = { online: live !== undefined, presence: live?.presence };
    const before = this.#world.bot;
    if (before.online === bot.online && before.presence === bot.presence) return;
    this.#world.bot = bot;
    this.#world.tell({ type: 'bot', ...bot });
  }
}
