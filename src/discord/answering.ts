import type { Card, CardButton } from '../cards/card.ts';
import { escapeMarkdown } from '../cards/text.ts';
import type { Caller } from '../command.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Posts } from './posts.ts';
import { type After, createProgress } from './progress.ts';
import { splitCard } from './split-card.ts';
import { type Said, TITLE } from './thread-memory.ts';

/** A question and all that belongs to it, on no platform any more. */
export interface Question {
  readonly text: string;
  readonly caller: Caller;
  readonly history: readonly Said[];
  /** In `shared` places others read along. */
  readonly audience: 'private' | 'shared';
  /** The plan whose thread this is, or that the talk is about. */
  readonly planId?: string;
  readonly onProgress: (line: string) => void;
}

interface Answered {
  readonly card: Card;
  /** Where each number comes from, for whoever presses the button; its title is the button's. */
  readonly sources?: Card;
  /** Cards that follow, such as a plan with its chart. */
  readonly more: readonly Card[];
}

export type Answer = (question: Question) => Promise<Answered>;

/** One question on its way through a thread. */
export interface Asked extends Omit<Question, 'history' | 'audience' | 'onProgress'> {
  /** Discord's id of the message or press: the same question is never answered twice. */
  readonly id: string;
  readonly threadId: string;
  history(): Promise<readonly Said[]>;
  /** Asked for when the question's turn has come; never rejects. */
  audience(): Promise<Question['audience']>;
}

/** The name that the "Sources" button carries; no command, since its list lives here. */
export const SOURCES = 'coach-sources';

const HISTORY_MS = 1_000;
/** The coach is done before; this is for what nobody thought of. */
const ANSWER_MS = 18_800;
const DELIVER_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

/** Answers one question in its thread: a line at once, the finished card in its place. */
export function createAnswering(deps: {
  posts: Pick<Posts, 'post' | 'edit'>;
  answer: Answer;
  keepSources: (messageId: string, sources: Card) => void;
  after: After;
  /** Resolves when the house goes down. */
  closing: Promise<void>;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
}): (asked: Asked) => Promise<void> {
  const { posts, answer, keepSources, after, closing, log } = deps;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve));

  async function within<T>(ms: number, work: Promise<T>, otherwise: () => T): Promise<T> {
    const late = Promise.withResolvers<T>();
    const cancel = after(ms, () => late.resolve(otherwise()));
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      cancel();
    }
  }

  async function begin({ id, threadId }: Asked): Promise<string | undefined> {
    try {
      return (await posts.post(threadId, readingCard('Reading your question'), { nonce: `r${id}` })).messageId;
    } catch (err) {
      if (isGone(err)) throw err;
      log.warn({ err, threadId }, 'no progress line for a question');
      return undefined;
    }
  }

  async function answered(asked: Asked, onProgress: (line: string) => void): Promise<Answered> {
    const { id: _id, threadId, history: remember, audience: whoReads, ...question } = asked;
    const forgot = (err: unknown): readonly Said[] => {
      log.warn({ err, threadId }, 'the thread could not be read, the question stands alone');
      return [];
    };
    const restarted = closing.then(() => plain(noticeCard('I am being restarted. Ask again in a minute.')));
    try {
      const [history, audience] = await Promise.all([
        within(HISTORY_MS, remember().catch(forgot), () => forgot('too slow')),
        whoReads(),
      ]);
      const work = Promise.race([answer({ ...question, history, audience, onProgress }), restarted]);
      const found = await within(ANSWER_MS, work, () => plain(noticeCard(LATE)));
      // belt and braces: what others read along never holds what is one member's alone
      if (audience === 'shared' && (found.card.private || found.more.some((card) => card.private)))
        return plain(noticeCard(PRIVATE));
      return found;
    } catch (err) {
      log.error({ err, threadId }, 'a question met a fault');
      return plain(noticeCard(FAULT));
    }
  }

  /** Puts a card into the thread, in place of `messageId` where that still stands; tries until it is there. */
  async function place(threadId: string, card: Card, nonce: string, messageId?: string): Promise<string> {
    let standing = messageId;
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (standing !== undefined) {
          await posts.edit(threadId, standing, card);
          return standing;
        }
        return (await posts.post(threadId, card, { nonce })).messageId;
      } catch (err) {
        const wait = DELIVER_AGAIN_MS[attempt];
        if (isGone(err) && standing !== undefined) standing = undefined;
        else if (err instanceof AppError && err.code === 'unavailable' && wait !== undefined) await pause(wait);
        else throw err;
      }
    }
  }

  async function deliver(asked: Asked, { card, sources, more }: Answered, messageId?: string): Promise<void> {
    const { id, threadId } = asked;
    const list: CardButton[] = sources ? [sourcesButton(sources.title)] : [];
    const buttons = [...list, ...(card.buttons ?? [])];
    const pieces = splitCard({ ...card, ...(buttons.length === 0 ? {} : { buttons }) });
    let last = '';
    for (const [i, piece] of pieces.entries())
      last = await place(threadId, piece, `a${i}${id}`, i === 0 ? messageId : undefined);
    if (sources) keepSources(last, sources);
    for (const [i, one] of more.entries()) await place(threadId, one, `m${i}${id}`);
  }

  return async (asked) => {
    const { id, threadId } = asked;
    try {
      const messageId = await begin(asked);
      const progress =
        messageId === undefined
          ? undefined
          : createProgress({ edit: (line) => posts.edit(threadId, messageId, readingCard(line)), after });
      const found = await answered(asked, (line) => progress?.show(line));
      await progress?.end();
      try {
        await deliver(asked, found, messageId);
      } catch (err) {
        if (!(err instanceof AppError) || err.code === 'internal') {
          log.error({ err, threadId }, 'an answer could not be shown');
          await place(threadId, noticeCard(FAULT), `x${id}`, messageId);
        } else throw err;
      }
    } catch (err) {
      if (isGone(err)) log.info({ threadId }, 'the thread was gone before the answer');
      else log.warn({ err, threadId }, 'an answer did not reach its thread');
    }
  };
}

const LATE = 'No answer came in time. Ask again in a minute; the commands answer meanwhile.';
const FAULT = 'The coach met a fault of its own; it is in the log. Ask again in a minute.';
const PRIVATE = 'That is yours alone, and others read along here. Ask with /coach: it opens a private thread.';

const isGone = (err: unknown): boolean => err instanceof AppError && err.code === 'not_found';
const plain = (card: Card): Answered => ({ card, more: [] });

const sourcesButton = (label: string): CardButton => ({
  label,
  style: 'secondary',
  action: { command: SOURCES, input: {} },
});

const readingCard = (line: string): Card => ({
  layout: 'container',
  tone: 'neutral',
  title: TITLE.reading,
  blocks: [{ kind: 'text', text: `${escapeMarkdown(line.replace(/[.…\s]+$/, ''))} …` }],
});

/** One sentence of the house, no answer of the coach. */
export const noticeCard = (sentence: string): Card => ({
  layout: 'container',
  tone: 'warn',
  title: TITLE.notice,
  blocks: [{ kind: 'text', text: sentence }],
});
