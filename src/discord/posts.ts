import { type APIMessage, ComponentType, type REST, Routes, SnowflakeUtil } from 'discord.js';
import type { Card } from '../cards/card.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import { LIMIT } from './limits.ts';
import { told } from './refusals.ts';
import { type Rendered, renderCard } from './render.ts';
import { persist, sendRendered } from './send.ts';
import { createThreads, type Threads } from './threads.ts';

/** The one way to write into channels and threads without being asked. */
export interface Posts extends Threads {
  /** Posting twice with one nonce gives one message; `mentions` are the only member ids that are pinged, 80 at most. */
  post(
    channelId: string,
    card: Card,
    options: { readonly nonce: string; readonly mentions?: readonly string[] },
  ): Promise<{ readonly messageId: string }>;
  edit(channelId: string, messageId: string, card: Card): Promise<void>;
  /** A message that is gone already is fine. */
  remove(channelId: string, messageId: string): Promise<void>;
  /** The newest of our own messages whose last line holds `tag`: among the last 100, or all since then (epoch ms, 1,000 at most). */
  find(channelId: string, tag: string, since?: number): Promise<string | undefined>;
  /** The newest 100, or the first 100 after a message's id; oldest first. */
  read(channelId: string, options?: { readonly after?: string }): Promise<readonly APIMessage[]>;
  readOne(channelId: string, messageId: string): Promise<APIMessage>;
  /** The channel of direct messages with a member. */
  openDirect(memberId: string): Promise<{ readonly channelId: string }>;
}

/** The same in one channel. */
export interface Room {
  post(card: Card, nonce: string): ReturnType<Posts['post']>;
  edit(messageId: string, card: Card): Promise<void>;
  remove(messageId: string): Promise<void>;
  find(tag: string): Promise<string | undefined>;
}

export function roomOf(posts: Posts, channelId: string): Room {
  return {
    post: (card, nonce) => posts.post(channelId, card, { nonce }),
    edit: (messageId, card) => posts.edit(channelId, messageId, card),
    remove: (messageId) => posts.remove(channelId, messageId),
    find: (tag) => posts.find(channelId, tag),
  };
}

/** As many as Discord gives in one call. */
const LOOK_BACK = 100;
const MOST_PAGES = 10;
/** Their names fit into one line of 2,000 characters. */
const MOST_PINGS = 80;

export function createPosts(deps: {
  rest: Pick<REST, 'get' | 'post' | 'patch' | 'put' | 'delete'>;
  clock: Pick<Clock, 'now'>;
  /** The bot's own user id, known once it is logged in. */
  ownId: () => string | undefined;
  /** Waits between two tries; the machine's time unless given. */
  sleep?: (ms: number) => Promise<void>;
}): Posts {
  const { rest, clock, ownId, sleep } = deps;
  const ask = <T>(channelId: string, call: () => Promise<T>): Promise<T> => told(channelId, () => persist(call, sleep));
  const newestFirst = async (
    channelId: string,
    from: { readonly after?: string | undefined; readonly before?: string | undefined } = {},
  ): Promise<APIMessage[]> => {
    const bounds = Object.entries(from).filter(([, id]) => id !== undefined) as [string, string][];
    const query = new URLSearchParams([['limit', String(LOOK_BACK)], ...bounds]);
    return (await ask(channelId, () => rest.get(Routes.channelMessages(channelId), { query }))) as APIMessage[];
  };
  return {
    ...createThreads(deps),
    async post(channelId, card, { nonce, mentions = [] }) {
      if (nonce.length === 0 || nonce.length > LIMIT.nonce) {
        throw new AppError('internal', `found a nonce of ${nonce.length} characters, 1 to ${LIMIT.nonce} are needed`);
      }
      const rendered = await renderCard(card, { now: clock.now() });
      const users = [...new Set(mentions)].slice(0, MOST_PINGS);
      const body = { ...pings(rendered, users), nonce, enforce_nonce: true, allowed_mentions: { parse: [], users } };
      const sent = await ask(channelId, () =>
        sendRendered(rest, 'post', Routes.channelMessages(channelId), rendered, { body }),
      );
      return { messageId: idOf(sent) };
    },
    async edit(channelId, messageId, card) {
      const rendered = await renderCard(card, { now: clock.now() });
      await ask(channelId, () => sendRendered(rest, 'patch', Routes.channelMessage(channelId, messageId), rendered));
    },
    async remove(channelId, messageId) {
      try {
        await ask(channelId, () => rest.delete(Routes.channelMessage(channelId, messageId)));
      } catch (err) {
        if (!(err instanceof AppError) || err.code !== 'not_found') throw err;
      }
    },
    async find(channelId, tag, since = Number.POSITIVE_INFINITY) {
      const me = ownId();
      let before: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const messages = await newestFirst(channelId, { before });
        const found = messages.find((message) => message.author.id === me && lastLineOf(message).includes(tag));
        if (found) return found.id;
        before = messages.at(-1)?.id;
        if (before === undefined || messages.length < LOOK_BACK) return undefined;
        if (SnowflakeUtil.timestampFrom(before) < since) return undefined;
      }
      return undefined;
    },
    read: async (channelId, { after } = {}) => (await newestFirst(channelId, { after })).reverse(),
    readOne: async (channelId, messageId) =>
      (await ask(channelId, () => rest.get(Routes.channelMessage(channelId, messageId)))) as APIMessage,
    async openDirect(memberId) {
      const body = { recipient_id: memberId };
      return { channelId: idOf(await ask(memberId, () => rest.post(Routes.userChannels(), { body }))) };
    },
  };
}

/** One line above the card: Discord notifies only of names that stand in the message. */
function pings({ body }: Rendered, users: readonly string[]): object {
  if (users.length === 0) return {};
  const content = users.map((id) => `<@${id}>`).join(' ');
  if (body.embeds) return { content };
  return { components: [{ type: ComponentType.TextDisplay, content }, ...body.components] };
}

/** What `renderCard` made of the card's last line; nothing that a member wrote can stand there. */
function lastLineOf({ embeds, components = [] }: APIMessage): string {
  const box = components.find((one) => one.type === ComponentType.Container);
  const last = box?.components.at(-1);
  if (last?.type === ComponentType.TextDisplay) return last.content;
  return embeds[0]?.footer?.text ?? '';
}

function idOf(message: unknown): string {
  if (typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'string')
    return message.id;
  throw new AppError('unavailable', 'Discord took the message but did not name it.');
}
