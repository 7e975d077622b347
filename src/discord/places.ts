import { LRUCache } from 'lru-cache';
import type { Log } from '../kit/log.ts';
import type { Posts } from './posts.ts';
import type { After } from './progress.ts';
import { isConversation, openingOf } from './thread-memory.ts';

export interface Thread {
  readonly id: string;
  readonly parentId: string;
  readonly isPrivate: boolean;
  /** The bot opened it. */
  readonly isOurs: boolean;
}

/** Where somebody speaks. */
export interface Place {
  readonly channelId: string;
  /** Present when that channel is a thread. */
  readonly thread?: Thread;
}

/** A plan's thread; `memberId` where it is one member's own. */
export interface PlanThread {
  readonly planId: string;
  readonly memberId: string | null;
}

/** What a thread is to the coach. */
interface Known {
  /** Every message continues it; elsewhere the bot must be named. */
  readonly isConversation: boolean;
  /** The one member for whom it was opened; others may have been let in since. */
  readonly isOnlyFor?: string;
  readonly planId?: string;
}

const MOST_THREADS = 2_000;
const STRANGE_FOR_MS = 5_000;
const WHO_MS = 1_000;
const STRANGE: Known = { isConversation: false };

/** Tells plans' threads, conversations and everybody's threads apart, also those opened before a restart. */
export function createPlaces(deps: {
  posts: Pick<Posts, 'read' | 'isOnlyWith'>;
  planOf: ((threadId: string) => Promise<PlanThread | undefined>) | undefined;
  ownId: () => string | undefined;
  after: After;
  log: Pick<Log, 'warn'>;
}) {
  const { posts, planOf, ownId, after, log } = deps;
  const known = new LRUCache<string, Known>({ max: MOST_THREADS });

  const read = async ({ id, isPrivate }: Thread): Promise<Known> => {
    const plan = await planOf?.(id);
    if (plan) {
      const { planId, memberId } = plan;
      return { isConversation: false, planId, ...(isPrivate && memberId !== null ? { isOnlyFor: memberId } : {}) };
    }
    const botId = ownId() ?? '';
    const messages = await posts.read(id, { after: id });
    if (!isConversation(messages, botId)) return STRANGE;
    const opening = isPrivate ? openingOf(messages, botId) : undefined;
    if (!opening) return { isConversation: true };
    const { memberId, planId } = opening;
    return { isConversation: true, isOnlyFor: memberId, ...(planId === undefined ? {} : { planId }) };
  };

  return {
    /** A thread that cannot be read now is a strange one: nothing private is told there. */
    async look(thread: Thread): Promise<Known> {
      if (!thread.isOurs) return STRANGE;
      let found = known.get(thread.id);
      if (!found) {
        try {
          found = await read(thread);
        } catch (err) {
          log.warn({ err, threadId: thread.id }, 'a thread could not be told apart');
          return STRANGE;
        }
        // the first words of a thread may still be on their way
        known.set(thread.id, found, found === STRANGE ? { ttl: STRANGE_FOR_MS } : {});
      }
      return found;
    },
    /** Whether nobody else reads along right now; false also when Discord does not say so within a second. */
    async isAlone(threadId: string, memberId: string): Promise<boolean> {
      const late = Promise.withResolvers<boolean>();
      const cancel = after(WHO_MS, () => late.reject(new Error('no answer within a second')));
      try {
        return await Promise.race([posts.isOnlyWith(threadId, memberId), late.promise]);
      } catch (err) {
        log.warn({ err, threadId }, 'who reads in a thread is not known, so nothing private is told there');
        return false;
      } finally {
        cancel();
      }
    },
    /** A thread that was opened just now. */
    keep(threadId: string, as: Known): void {
      known.set(threadId, as);
    },
  };
}
