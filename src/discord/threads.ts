import {
  type APIChannel,
  ChannelType,
  DiscordAPIError,
  type REST,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord.js';
import { AppError } from '../kit/errors.ts';
import { isNamedGone, told } from './refusals.ts';
import { persist } from './send.ts';

/** Threads that the bot opens; every call may be repeated and leaves one thread. */
export interface Threads {
  /** The thread of a message has the message's id; one that was started before is fine. AppError `conflict` when the message is gone. */
  startThread(channelId: string, messageId: string, name: string): Promise<{ readonly threadId: string }>;
  /**
   * A thread that only this member and the bot see; with `mayExist` one of the same name is looked for first. AppError `conflict`
   * when there is no such member.
   */
  openPrivateThread(
    channelId: string,
    name: string,
    memberId: string,
    options?: { readonly mayExist?: boolean },
  ): Promise<{ readonly threadId: string }>;
  /** Whether exactly this member and the bot are in a thread, by what Discord says now and not by what it said before. */
  isOnlyWith(threadId: string, memberId: string): Promise<boolean>;
}

const HAS_THREAD = 160_004;
const LONGEST_NAME = 100;

type Thread = Extract<APIChannel, { thread_metadata?: unknown }>;

export function createThreads(deps: {
  rest: Pick<REST, 'get' | 'post' | 'put'>;
  /** The bot's own user id, known once it is logged in. */
  ownId: () => string | undefined;
  sleep?: (ms: number) => Promise<void>;
}): Threads {
  const { rest, ownId, sleep } = deps;
  const ask = async <T>(channelId: string, call: () => Promise<unknown>): Promise<T> =>
    (await told(channelId, () => persist(call, sleep))) as T;

  const standing = async (channelId: string, name: string): Promise<string | undefined> => {
    const parent = await ask<{ guild_id?: string }>(channelId, () => rest.get(Routes.channel(channelId)));
    if (parent.guild_id === undefined) return undefined;
    const lists = [Routes.guildActiveThreads(parent.guild_id), Routes.channelJoinedArchivedThreads(channelId)] as const;
    for (const route of lists) {
      const { threads } = await ask<{ threads: Thread[] }>(channelId, () => rest.get(route));
      const found = threads.find(
        (one) =>
          one.name === name &&
          one.type === ChannelType.PrivateThread &&
          one.parent_id === channelId &&
          one.owner_id === ownId(),
      );
      if (found) return found.id;
    }
    return undefined;
  };

  const open = async (channelId: string, name: string): Promise<string> => {
    const body = {
      name,
      type: ChannelType.PrivateThread,
      invitable: false,
      auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
    };
    // repeated only by who looks for it first: Discord opens a second one without a word
    const { id } = (await told(channelId, () => rest.post(Routes.threads(channelId), { body }))) as { id: string };
    return id;
  };

  /** For a bot without the Server Members intent, which is refused the list: both are in it, and nobody is left of the count. */
  const isCountedOut = async (threadId: string, memberId: string): Promise<boolean> => {
    const [{ member_count: count }] = await Promise.all([
      told(threadId, () => rest.get(Routes.channel(threadId))) as Promise<{ member_count?: number }>,
      told(threadId, () => rest.get(Routes.threadMembers(threadId, memberId))),
      told(threadId, () => rest.get(Routes.threadMembers(threadId, '@me'))),
    ]);
    return count !== undefined && count <= 2;
  };

  return {
    async isOnlyWith(threadId, memberId) {
      const botId = ownId();
      try {
        const list = (await rest.get(Routes.threadMembers(threadId))) as readonly { readonly user_id?: string }[];
        const ids = new Set(list.map(({ user_id }) => user_id));
        return botId !== undefined && ids.size === 2 && ids.has(botId) && ids.has(memberId);
      } catch (cause) {
        if (!(cause instanceof DiscordAPIError) || cause.status !== 403) throw cause;
        return isCountedOut(threadId, memberId);
      }
    },
    async startThread(channelId, messageId, name) {
      const body = { name: name.slice(0, LONGEST_NAME), auto_archive_duration: ThreadAutoArchiveDuration.ThreeDays };
      await told(channelId, async () => {
        try {
          await persist(() => rest.post(Routes.threads(channelId, messageId), { body }), sleep);
        } catch (cause) {
          if (cause instanceof DiscordAPIError && cause.code === HAS_THREAD) return;
          if (isNamedGone(cause)) throw new AppError('conflict', 'The message of this thread is gone.', { cause });
          throw cause;
        }
      });
      return { threadId: messageId };
    },
    async openPrivateThread(channelId, name, memberId, { mayExist = false } = {}) {
      const short = name.slice(0, LONGEST_NAME);
      const known = mayExist ? await standing(channelId, short) : undefined;
      const threadId = known ?? (await open(channelId, short));
      await told(threadId, async () => {
        try {
          await persist(() => rest.put(Routes.threadMembers(threadId, memberId)), sleep);
        } catch (cause) {
          if (!isNamedGone(cause)) throw cause;
          throw new AppError('conflict', `There is no member ${memberId} in this server any more.`, { cause });
        }
      });
      return { threadId };
    },
  };
}
