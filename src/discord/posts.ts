import { type APIMessage, ComponentType, DiscordAPIError, type REST, Routes } from 'discord.js';
import type { Card } from '../cards/card.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import { LIMIT } from './limits.ts';
import { renderCard } from './render.ts';
import { persist, sendRendered } from './send.ts';

/** The one way to write into channels without being asked. */
export interface Posts {
  /** Posting twice with one nonce gives one message; `mentions` are the only member ids that may be pinged. */
  post(
    channelId: string,
    card: Card,
    options: { readonly nonce: string; readonly mentions?: readonly string[] },
  ): Promise<{ readonly messageId: string }>;
  edit(channelId: string, messageId: string, card: Card): Promise<void>;
  /** A message that is gone already is fine. */
  remove(channelId: string, messageId: string): Promise<void>;
  /** The newest of our own messages among the channel's last 100 whose last line holds `tag`. */
  find(channelId: string, tag: string): Promise<string | undefined>;
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

export function createPosts(deps: {
  rest: Pick<REST, 'get' | 'post' | 'patch' | 'delete'>;
  clock: Pick<Clock, 'now'>;
  /** The bot's own user id, known once it is logged in. */
  ownId: () => string | undefined;
}): Posts {
  const { rest, clock, ownId } = deps;
  return {
    async post(channelId, card, { nonce, mentions = [] }) {
      if (nonce.length === 0 || nonce.length > LIMIT.nonce) {
        throw new AppError('internal', `found a nonce of ${nonce.length} characters, 1 to ${LIMIT.nonce} are needed`);
      }
      const rendered = await renderCard(card, { now: clock.now() });
      const body = { nonce, enforce_nonce: true, allowed_mentions: { parse: [], users: [...mentions] } };
      const sent = await told(channelId, () =>
        persist(() => sendRendered(rest, 'post', Routes.channelMessages(channelId), rendered, { body })),
      );
      return { messageId: idOf(sent) };
    },
    async edit(channelId, messageId, card) {
      const rendered = await renderCard(card, { now: clock.now() });
      await told(channelId, () =>
        persist(() => sendRendered(rest, 'patch', Routes.channelMessage(channelId, messageId), rendered)),
      );
    },
    async remove(channelId, messageId) {
      try {
        await told(channelId, () => persist(() => rest.delete(Routes.channelMessage(channelId, messageId))));
      } catch (err) {
        if (!(err instanceof AppError) || err.code !== 'not_found') throw err;
      }
    },
    async find(channelId, tag) {
      const query = new URLSearchParams({ limit: String(LOOK_BACK) });
      const newestFirst = (await told(channelId, () =>
        persist(() => rest.get(Routes.channelMessages(channelId), { query })),
      )) as APIMessage[];
      const me = ownId();
      return newestFirst.find((message) => message.author.id === me && lastLineOf(message).includes(tag))?.id;
    },
  };
}

/** What `renderCard` made of the card's last line; nothing that a member wrote can stand there. */
function lastLineOf({ embeds, components = [] }: APIMessage): string {
  const [box] = components;
  const last = box?.type === ComponentType.Container ? box.components.at(-1) : undefined;
  if (last?.type === ComponentType.TextDisplay) return last.content;
  return embeds[0]?.footer?.text ?? '';
}

/** Discord's refusal in the house's words; its own answer stays as the cause. */
async function told<T>(channelId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (err) {
    if (!(err instanceof DiscordAPIError)) {
      throw new AppError('unavailable', 'Discord did not answer. The bot tries again by itself.', { cause: err });
    }
    if (err.status === 404) {
      throw new AppError('not_found', `Discord knows no channel or message here any more (channel ${channelId}).`, {
        cause: err,
      });
    }
    if (err.status === 403) {
      const needed = 'View Channel, Send Messages, Embed Links and Attach Files';
      throw new AppError('unauthenticated', `The bot may not write in channel ${channelId}: give it ${needed} there.`, {
        cause: err,
      });
    }
    if (err.status === 400)
      throw new AppError('internal', 'Discord refused the message that was built.', { cause: err });
    throw new AppError('unavailable', 'Discord could not take the message now. The bot tries again by itself.', {
      cause: err,
    });
  }
}

function idOf(message: unknown): string {
  if (typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'string')
    return message.id;
  throw new AppError('unavailable', 'Discord took the message but did not name it.');
}
