import { LRUCache } from 'lru-cache';
import type { Card } from '../cards/card.ts';
import { plainText, truncate } from '../cards/text.ts';
import type { Caller } from '../command.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { type Answer, type Asked, createAnswering, noticeCard } from './answering.ts';
import { createPlaces, type Place, type PlanThread, type Thread } from './places.ts';
import type { Posts } from './posts.ts';
import { type After, wallAfter } from './progress.ts';
import { questionCard } from './question-card.ts';
import { splitCard } from './split-card.ts';
import { historyOf, withoutMention } from './thread-memory.ts';

/** What the app gives: who answers, and whose thread is a plan's. */
export interface ConversationDeps {
  readonly answer: Answer;
  /** The plan whose life a thread tells. */
  readonly planOf?: (threadId: string) => Promise<PlanThread | undefined>;
  /** Wall timers; a test holds them. */
  readonly after?: After;
}

/** A message in a server that may be for the coach. */
export interface Heard {
  readonly id: string;
  readonly text: string;
  readonly caller: Caller;
  readonly place: Place;
  /** The bot's own name stands in it. */
  readonly isMention: boolean;
  /** It speaks to another member. */
  readonly toOthers: boolean;
  /** Pictures or files came along. */
  readonly hasFiles: boolean;
}

type Opened = { readonly ok: true; readonly threadId: string } | { readonly ok: false; readonly sentence: string };

export interface Conversation {
  /** A private thread for the asker with the question in it; the answer comes there later. */
  open(ask: {
    readonly id: string;
    readonly caller: Caller;
    readonly place: Place;
    readonly question: string;
    readonly planId?: string | undefined;
  }): Promise<Opened>;
  /** Never rejects. */
  hear(heard: Heard): Promise<void>;
  /** Where the numbers of an answer came from, while they are remembered. */
  sourcesOf(messageId: string): Card | undefined;
  /** Says in every thread with a running answer that it will not come. */
  stop(): Promise<void>;
}

const LONGEST_QUESTION = 2_500;
const MOST_WAITING = 3;
const MOST_SOURCES = 1_000;
const MOST_SEEN = 2_000;
const LONGEST_NAME = 90;
const GOODBYE_MS = 2_000;

/** Questions in threads: where each is answered, one at a time, from what the thread itself remembers. */
export function createConversation(
  deps: ConversationDeps & {
    readonly posts: Pick<
      Posts,
      'post' | 'edit' | 'read' | 'readOne' | 'startThread' | 'openPrivateThread' | 'isOnlyWith'
    >;
    /** The bot's own user id, known once it is logged in. */
    readonly ownId: () => string | undefined;
    readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  },
): Conversation {
  const { posts, answer, ownId, log, planOf, after = wallAfter } = deps;
  const sources = new LRUCache<string, Card>({ max: MOST_SOURCES });
  // a resumed connection may tell a message again
  const seen = new LRUCache<string, true>({ max: MOST_SEEN });
  const closing = Promise.withResolvers<void>();
  const lines = new Map<string, { waiting: number; tail: Promise<void> }>();
  const places = createPlaces({ posts, planOf, ownId, after, log });
  const keepSources = (messageId: string, card: Card): void => void sources.set(messageId, card);
  const run = createAnswering({ posts, answer, keepSources, after, closing: closing.promise, log });

  /** One answer at a time in a thread; false when too many wait already. */
  function enqueue(asked: Asked): boolean {
    const line = lines.get(asked.threadId) ?? { waiting: 0, tail: Promise.resolve() };
    if (line.waiting > MOST_WAITING) return false;
    line.waiting += 1;
    lines.set(asked.threadId, line);
    line.tail = line.tail
      .then(() => run(asked))
      .then(() => {
        line.waiting -= 1;
        if (line.waiting === 0) lines.delete(asked.threadId);
      });
    return true;
  }

  async function tell(channelId: string, sentence: string, id: string): Promise<void> {
    await posts.post(channelId, noticeCard(sentence), { nonce: `n${id}` });
  }

  /** What the thread remembers; asked for when the question's turn has come, so that the answer before it is in it. */
  const memoryOf = (thread: Thread, before: string, mentionsOnly: boolean) => async () => {
    const botId = ownId() ?? '';
    const messages = await posts.read(thread.id);
    const starter =
      thread.isOurs && !thread.isPrivate && !mentionsOnly
        ? await posts.readOne(thread.parentId, thread.id).catch(() => undefined)
        : undefined;
    return historyOf(starter ? [starter, ...messages] : messages, { botId, before, mentionsOnly });
  };

  /** Whoever was let in while the question waited reads along too. */
  const audienceOf = (threadId: string, memberId: string, isOnlyFor: string | undefined) => async () =>
    isOnlyFor === memberId && (await places.isAlone(threadId, memberId)) ? 'private' : 'shared';

  async function onHeard(heard: Heard): Promise<void> {
    const { id, place, caller, isMention } = heard;
    const where = place.thread && (await places.look(place.thread));
    if (!isMention && (!where?.isConversation || heard.toOthers)) return;
    const home = place.thread?.id ?? place.channelId;
    const text = withoutMention(heard.text, ownId() ?? '');
    if (text.length > LONGEST_QUESTION) {
      return tell(
        home,
        `That has ${text.length} characters; a question has 1 to ${LONGEST_QUESTION}. Nothing of it was read: ask again, shorter.`,
        id,
      );
    }
    if (text === '' && heard.hasFiles)
      return tell(home, 'I read words, not pictures or files: write the question.', id);
    if (text === '' && !isMention) return;
    const thread = place.thread ?? (await begin(heard, text));
    if (!thread) return;
    const asked: Asked = {
      id,
      threadId: thread.id,
      text: text === '' ? 'help' : text,
      caller: { ...caller, channelId: thread.id },
      audience: audienceOf(thread.id, caller.memberId, where?.isOnlyFor),
      ...(where?.planId === undefined ? {} : { planId: where.planId }),
      history: memoryOf(thread, id, !where?.isConversation && place.thread !== undefined),
    };
    if (!enqueue(asked))
      await tell(thread.id, 'Three questions wait here already. Ask again when they are answered.', id);
  }

  /** The public thread of a message that names the bot; a sentence in the channel where none can be. */
  async function begin({ id, place }: Heard, text: string): Promise<Thread | undefined> {
    try {
      const { threadId } = await posts.startThread(place.channelId, id, nameOf(text));
      places.keep(threadId, { isConversation: true });
      return { id: threadId, parentId: place.channelId, isPrivate: false, isOurs: true };
    } catch (err) {
      if (!(err instanceof AppError) || err.code === 'unavailable' || err.code === 'conflict') throw err;
      await tell(
        place.channelId,
        'I may open no thread here: give me Create Public Threads and Send Messages in Threads, or ask with /coach.',
        id,
      );
      return undefined;
    }
  }

  async function openThread(parentId: string, name: string, memberId: string): Promise<Opened> {
    try {
      const { threadId } = await posts.openPrivateThread(parentId, name, memberId);
      return { ok: true, threadId };
    } catch (err) {
      log.warn({ err, channelId: parentId }, 'no private thread for a question');
      if (!(err instanceof AppError) || err.code === 'unavailable' || err.code === 'conflict')
        return {
          ok: false,
          sentence: 'Discord could open no thread just now. Your question was not asked; try again.',
        };
      const needed = 'Create Private Threads and Send Messages in Threads';
      return {
        ok: false,
        sentence: `I may open no private thread in this channel: I need ${needed} here. Ask in another text channel.`,
      };
    }
  }

  return {
    async open({ id, caller, place, question, planId }) {
      const own = place.thread && (await places.look(place.thread));
      const isTheirs = own?.isConversation && own.isOnlyFor === caller.memberId;
      const isAlone = isTheirs && place.thread && (await places.isAlone(place.thread.id, caller.memberId));
      const here = isAlone ? place.thread : undefined;
      const parentId = place.thread?.parentId ?? place.channelId;
      const opened = here
        ? { ok: true as const, threadId: here.id }
        : await openThread(parentId, nameOf(question), caller.memberId);
      if (!opened.ok) return opened;
      const { threadId } = opened;
      // asked in a plan's own thread it is about that plan
      const about = planId ?? own?.planId;
      try {
        for (const [i, card] of splitCard(questionCard(caller.memberId, question, about)).entries())
          await posts.post(threadId, card, { nonce: `q${i}${id}` });
      } catch (err) {
        log.warn({ err, threadId }, 'a question could not be put into its thread');
        return { ok: false, sentence: 'Discord did not take the question into its thread. Try again in a minute.' };
      }
      if (!here) {
        const talk = { isConversation: true, isOnlyFor: caller.memberId };
        places.keep(threadId, about === undefined ? talk : { ...talk, planId: about });
      }
      const thread = here ?? { id: threadId, parentId, isPrivate: true, isOurs: true };
      const asked: Asked = {
        id,
        threadId,
        text: question,
        caller: { ...caller, channelId: threadId },
        audience: audienceOf(threadId, caller.memberId, caller.memberId),
        ...(about === undefined ? {} : { planId: about }),
        history: memoryOf(thread, id, false),
      };
      if (enqueue(asked)) return opened;
      return { ok: false, sentence: 'Three questions wait in this thread already. Ask again when they are answered.' };
    },
    async hear(heard) {
      if (seen.has(heard.id)) return;
      seen.set(heard.id, true);
      try {
        await onHeard(heard);
      } catch (err) {
        log.warn({ err, messageId: heard.id }, 'a message to the coach could not be answered');
      }
    },
    sourcesOf: (messageId) => sources.get(messageId),
    async stop() {
      closing.resolve();
      const ended = Promise.all([...lines.values()].map(({ tail }) => tail));
      await Promise.race([ended, new Promise<void>((resolve) => after(GOODBYE_MS, resolve))]);
    },
  };
}

const nameOf = (question: string): string => truncate(plainText(question), LONGEST_NAME) || 'Question';
