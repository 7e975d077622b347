import type { WebSocket } from 'ws';
import { INTENT } from './bits.ts';
import type { Dispatch, World } from './world.ts';

const REMEMBERED_EVENTS = 2000;
/** A session without a socket can be resumed this long. */
export const SESSION_KEPT_MS = 600_000;
const KNOWN_INTENTS = 0x1_ffff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);

/** One bot's stay on the gateway; it outlives its socket so that RESUME can hand over what was missed. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  seq: number;
  /** Events since the start or the oldest remembered one. */
  readonly sent: { readonly s: number; readonly text: string }[];
  socket: WebSocket | undefined;
  /** When its socket went. */
  leftAt: number;
  presence: string | undefined;
}

interface Spoken {
  author?: { id: string };
  guild_id?: string;
  mentions?: { id: string }[];
  flags?: number;
}

// without the intent a bot reads only its own words, direct messages and what mentions it
function withheld(world: World, session: Session, t: string, d: Spoken): boolean {
  if (t !== 'MESSAGE_CREATE' && t !== 'MESSAGE_UPDATE') return false;
  if (session.intents & INTENT.messageContent || d.guild_id === undefined) return false;
  return d.author?.id !== world.botId && !d.mentions?.some((one) => one.id === world.botId);
}

/** Numbers an event for this session, remembers it, and sends it when a socket is there. */
export function push(world: World, session: Session, event: Pick<Dispatch, 't' | 'd'>): void {
  const d = withheld(world, session, event.t, event.d as Spoken)
    ? { ...event.d, content: '', embeds: [], attachments: [], components: [] }
    : event.d;
  session.seq += 1;
  const text = JSON.stringify({ op: 0, t: event.t, s: session.seq, d });
  session.sent.push({ s: session.seq, text });
  if (session.sent.length > REMEMBERED_EVENTS) session.sent.shift();
  session.socket?.send(text);
}

/** Sends everything after `seq` again; false when that is too long ago or never happened. */
export function replay(session: Session, seq: number): boolean {
  const oldest = session.sent[0]?.s ?? session.seq + 1;
  if (seq > session.seq || seq < oldest - 1) return false;
  for (const one of session.sent) if (one.s > seq) session.socket?.send(one.text);
  return true;
}

/** Whether this is the one token, with or without its `Bot ` prefix. */
export const isToken = (world: World, token: unknown): boolean => String(token).replace(/^Bot /, '') === world.token;

/** The close code and reason that an IDENTIFY earns, undefined when it is good. */
export function identifyRefusal(world: World, d: unknown): [number, string] | undefined {
  const { token, intents } = (d ?? {}) as { token?: unknown; intents?: unknown };
  if (!isToken(world, token)) return [4004, 'Authentication failed.'];
  if (typeof intents !== 'number' || (intents & ~KNOWN_INTENTS) !== 0) return [4013, 'Invalid intent(s).'];
  return intents & world.refusedIntents ? [4014, 'Disallowed intent(s).'] : undefined;
}
