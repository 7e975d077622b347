import type { APIApplicationCommand, APIMessage, APIRole, APIUser } from 'discord-api-types/v10';
import type { Clock } from '../../kit/clock.ts';
import type { PersonEvent } from './person-api.ts';
import type { Snowflakes } from './snowflake.ts';

/** What a role or member may do differently in one channel. */
export interface Overwrite {
  id: string;
  /** 0 role, 1 member. */
  type: 0 | 1;
  allow: string;
  deny: string;
}

/** A text channel of the guild. */
export interface TextChannel {
  kind: 'text';
  id: string;
  name: string;
  topic: string | null;
  position: number;
  overwrites: Overwrite[];
  lastMessageId: string | null;
  rateLimitPerUser: number;
}

/** A thread under a text channel. */
export interface Thread {
  kind: 'thread';
  id: string;
  /** 11 public, 12 private. */
  type: 11 | 12;
  name: string;
  parentId: string;
  ownerId: string;
  archived: boolean;
  locked: boolean;
  archiveChangedAt: number;
  autoArchiveMinutes: number;
  createdAt: number;
  /** User id to epoch ms of joining. */
  joinedAt: Record<string, number>;
  messageCount: number;
  totalSent: number;
  lastMessageId: string | null;
  rateLimitPerUser: number;
}

interface DirectChannel {
  kind: 'direct';
  id: string;
  userId: string;
  lastMessageId: string | null;
}

/** Every place that holds messages. */
export type Channel = TextChannel | Thread | DirectChannel;

/** A message with what its answer does not tell. */
export interface StoredMessage {
  message: APIMessage;
  /** The one person who may see it. */
  ephemeralFor?: string;
  nonce?: string;
  pinnedAt?: number;
  deleted?: boolean;
}

/** A person or the bot in this guild. */
export interface Member {
  userId: string;
  nick: string | null;
  roles: string[];
  joinedAt: number;
}

/** A channel webhook, not one of an interaction. */
export interface Webhook {
  id: string;
  token: string;
  name: string;
  channelId: string;
  ownerId: string;
}

/** One gateway event on its way out. */
export interface Dispatch {
  t: string;
  d: object;
  /** The intent bit without which a bot does not get it; 0 is always sent. */
  intent: number;
  /** A channel that the bot must be able to see. */
  channelId?: string;
}

/** What is written to the journal under each kind. */
export interface Kept {
  channel: Channel;
  message: StoredMessage;
  member: Member;
  role: APIRole;
  command: APIApplicationCommand;
  webhook: Webhook;
}

/** The guild with all that happened in it, and the two ways out: to the bot and to the page. */
export interface World {
  /** `http://127.0.0.1:4040`. */
  origin: string;
  readonly clock: Clock;
  readonly ids: Snowflakes;
  readonly token: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly guildId: string;
  readonly ownerId: string;
  readonly proRoleId: string;
  readonly botRoleId: string;
  readonly users: Map<string, APIUser>;
  readonly members: Map<string, Member>;
  readonly roles: Map<string, APIRole>;
  readonly channels: Map<string, Channel>;
  /** By channel, then by id in order of creation. */
  readonly messages: Map<string, Map<string, StoredMessage>>;
  readonly commands: Map<string, APIApplicationCommand>;
  readonly webhooks: Map<string, Webhook>;
  /** Requests without these gateway intents are closed with 4014. */
  readonly refusedIntents: number;
  bot: { online: boolean; presence: string | undefined };
  dispatch(event: Dispatch): void;
  /** Tells the page; `to` names the one person who may see it. */
  tell(event: PersonEvent, to?: string): void;
  keep<K extends keyof Kept>(kind: K, id: string, value: Kept[K]): void;
  forget(kind: keyof Kept, id: string): void;
  /** Called with a file that no message shows any more. */
  dropFile(id: string): void;
}
