import type { APIMessage } from 'discord-api-types/v10';
import type { PersonChannel, PersonEvent, PersonState } from '../../discord/person-api.ts';
import { answers, type Pending } from './pending.ts';
import { patchState, type StateEvent } from './state-patch.ts';
import { isEphemeral } from './wire.ts';

export type Change =
  | { readonly topic: 'state' | 'channels' | 'commands' | 'bot' | 'market' | 'faults' | 'link' | 'pending' }
  /** The whole list changed: another channel, another reader, or a fresh copy. */
  | { readonly topic: 'messages'; readonly channelId: string }
  | { readonly topic: 'message'; readonly channelId: string; readonly id: string }
  | { readonly topic: 'typing'; readonly channelId: string };

const TYPING_MS = 10_000;
const ANSWER_MS = 15_000;

/** All the page knows, and one way to hear of changes; knows no DOM and no network. */
export class Session {
  state: PersonState | undefined;
  as = '';
  activeId = '';
  online = true;
  readonly pending = new Map<string, Pending>();
  readonly unread = new Map<string, { count: number; mentions: number }>();
  readonly #messages = new Map<string, Map<string, APIMessage>>();
  readonly #loaded = new Set<string>();
  readonly #dismissed: Set<string>;
  readonly #names = new Map<string, string>();
  readonly #touched = new Map<string, number>();
  readonly #typing = new Map<string, Map<string, number>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #turn = 0;
  readonly #now: () => number;

  /** `dismissed`: ids of private messages that the reader has put away before. */
  constructor(now: () => number, dismissed: readonly string[] = []) {
    this.#now = now;
    this.#dismissed = new Set(dismissed);
  }

  subscribe(listener: (change: Change) => void): void {
    this.#listeners.add(listener);
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Takes a fresh copy of everything; lists of messages must be fetched anew. */
  replace(state: PersonState, as: string): void {
    if (as !== this.as) {
      this.unread.clear();
      this.pending.clear();
      this.#messages.clear();
    }
    this.state = state;
    this.as = as;
    this.#loaded.clear();
    for (const user of state.users) this.#names.set(user.id, user.name);
    this.emit({ topic: 'state' });
  }

  channel(id: string): PersonChannel | undefined {
    return this.state?.channels.find((channel) => channel.id === id);
  }

  /** A person's or the bot's name as seen so far; undefined for strangers. */
  nameOf(userId: string): string | undefined {
    return this.#names.get(userId);
  }

  open(id: string): void {
    this.activeId = id;
    this.unread.delete(id);
    this.emit({ topic: 'channels' });
    this.emit({ topic: 'messages', channelId: id });
  }

  isLoaded(channelId: string): boolean {
    return this.#loaded.has(channelId);
  }

  /** Marks the moment a list is asked for: what arrives by the stream after it wins over the list's copy. */
  turn(): number {
    return this.#turn;
  }

  setMessages(channelId: string, list: readonly APIMessage[], askedAt: number): void {
    const kept = this.#messages.get(channelId);
    const fresh = new Map(list.map((message) => [message.id, message]));
    for (const [id, turn] of this.#touched) {
      if (turn <= askedAt) continue;
      const newer = kept?.get(id);
      if (newer) fresh.set(id, newer);
      else if (fresh.get(id)?.channel_id === channelId) fresh.delete(id);
    }
    this.#messages.set(channelId, fresh);
    for (const message of fresh.values()) this.#learnNames(message);
    this.#loaded.add(channelId);
    this.emit({ topic: 'messages', channelId });
  }

  messages(channelId: string): APIMessage[] {
    return [...(this.#messages.get(channelId)?.values() ?? [])].filter((message) => !this.#dismissed.has(message.id));
  }

  message(channelId: string, id: string): APIMessage | undefined {
    return this.#dismissed.has(id) ? undefined : this.#messages.get(channelId)?.get(id);
  }

  dismiss(channelId: string, id: string): void {
    this.#dismissed.add(id);
    this.emit({ topic: 'message', channelId, id });
  }

  typing(channelId: string): string[] {
    const now = this.#now();
    return [...(this.#typing.get(channelId) ?? [])].filter(([, until]) => until > now).map(([id]) => id);
  }

  begin(pending: Omit<Pending, 'startedAt'>): void {
    this.pending.set(pending.nonce, { ...pending, startedAt: this.#now() });
    this.emit({ topic: 'pending' });
  }

  fail(nonce: string, reason: string): void {
    const pending = this.pending.get(nonce);
    if (!pending) return;
    this.pending.set(nonce, { ...pending, failed: reason });
    this.emit({ topic: 'pending' });
  }

  end(nonce: string): void {
    if (this.pending.delete(nonce)) this.emit({ topic: 'pending' });
  }

  /** Lets go of what was deferred and never shown, and of typing that stopped. */
  expire(): void {
    const now = this.#now();
    for (const [nonce, pending] of this.pending) {
      if (!pending.failed && now - pending.startedAt > ANSWER_MS) this.end(nonce);
    }
    for (const [channelId, users] of this.#typing) {
      for (const [id, until] of users) {
        if (until <= now && users.delete(id)) this.emit({ topic: 'typing', channelId });
      }
    }
  }

  apply(event: PersonEvent): void {
    switch (event.type) {
      case 'message':
      case 'message_update':
        this.#takeMessage(event.message, event.type === 'message_update');
        break;
      case 'message_delete':
        this.#messages.get(event.channelId)?.delete(event.id);
        this.#touch(event.id);
        this.emit({ topic: 'message', channelId: event.channelId, id: event.id });
        break;
      case 'typing':
        this.#setTyping(event.channelId, event.userId, this.#now() + TYPING_MS);
        this.emit({ topic: 'typing', channelId: event.channelId });
        break;
      case 'modal':
        this.#settle((pending) => !pending.failed && pending.kind !== 'modal');
        break;
      case 'interaction_failed':
        this.fail(event.nonce, event.reason);
        break;
      default:
        this.#patch(event);
        break;
    }
  }

  #patch(event: StateEvent): void {
    if (!this.state) return;
    this.state = patchState(this.state, event);
    this.emit({ topic: event.type === 'channel' || event.type === 'channel_delete' ? 'channels' : event.type });
  }

  #touch(id: string): void {
    this.#turn += 1;
    this.#touched.set(id, this.#turn);
  }

  #takeMessage(message: APIMessage, edited: boolean): void {
    const channelId = message.channel_id;
    const list = this.#messages.get(channelId) ?? new Map<string, APIMessage>();
    this.#messages.set(channelId, list);
    list.set(message.id, message);
    this.#learnNames(message);
    this.#touch(message.id);
    if (!edited) {
      this.#setTyping(channelId, message.author.id, 0);
      this.emit({ topic: 'typing', channelId });
    }
    this.#settle((pending) => !pending.failed && answers(message, pending, this.as, edited));
    if (!edited && channelId !== this.activeId && message.author.id !== this.as && !isEphemeral(message)) {
      const mark = this.unread.get(channelId) ?? { count: 0, mentions: 0 };
      mark.count += 1;
      if (message.mentions.some((user) => user.id === this.as)) mark.mentions += 1;
      this.unread.set(channelId, mark);
      this.emit({ topic: 'channels' });
    }
    this.emit({ topic: 'message', channelId, id: message.id });
  }

  #learnNames(message: APIMessage): void {
    for (const user of [message.author, ...message.mentions])
      this.#names.set(user.id, user.global_name ?? user.username);
  }

  #settle(matches: (pending: Pending) => boolean): void {
    const settled = [...this.pending.values()].findLast(matches);
    if (settled) this.end(settled.nonce);
  }

  #setTyping(channelId: string, userId: string, until: number): void {
    const users = this.#typing.get(channelId) ?? new Map<string, number>();
    this.#typing.set(channelId, users);
    if (until) users.set(userId, until);
    else users.delete(userId);
  }
}
