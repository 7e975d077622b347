import { z } from 'zod';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Store } from '../store/store.ts';

/** Keeps one message in a channel up to date by editing it; finds that message again after a restart. */
export interface Board {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BoardDeps<C> {
  /** What the message says now. */
  readonly draw: () => Promise<C>;
  readonly post: (card: C, nonce: string) => Promise<{ readonly messageId: string }>;
  /** Rejects with `not_found` when the message is gone. */
  readonly edit: (messageId: string, card: C) => Promise<void>;
  readonly remove: (messageId: string) => Promise<void>;
  readonly snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  readonly wallNow: () => number;
  readonly log: Pick<Log, 'warn'>;
}

const KEY = 'board';
/** Discord allows five edits in five seconds on a channel; one leaves room for everything else. */
const EVERY_MS = 5_000;
/** Discord limits the edits of a message older than an hour (30046): before that a new one takes its place. */
const RENEW_AFTER_MS = 50 * 60_000;

const keptSchema = z.object({ messageId: z.string(), postedAt: z.number() });

/** One refresh of the board; `createBoard` repeats it. */
export function createBoardKeeper<C>(deps: BoardDeps<C>): () => Promise<void> {
  const { snapshots, wallNow } = deps;
  let held: z.infer<typeof keptSchema> | undefined;
  let read = false;
  let shown = '';

  /** False when there is no message to edit any more. */
  const edited = async (card: C): Promise<boolean> => {
    if (!held || wallNow() - held.postedAt > RENEW_AFTER_MS) return false;
    // a closed market draws the same card all night
    if (JSON.stringify(card) === shown) return true;
    try {
      await deps.edit(held.messageId, card);
      return true;
    } catch (err) {
      if (err instanceof AppError && err.code === 'not_found') return false;
      throw err;
    }
  };

  return async () => {
    if (!read) {
      held = keptSchema.safeParse((await snapshots.load(KEY))?.body).data;
      read = true;
    }
    const card = await deps.draw();
    if (!(await edited(card))) {
      const before = held;
      const postedAt = wallNow();
      // the minute in the nonce: a crash before the save finds the same message again, a deleted board gets a new one
      const { messageId } = await deps.post(card, `board-${Math.floor(postedAt / 60_000)}`);
      held = { messageId, postedAt };
      await snapshots.save(KEY, postedAt, held);
      if (before && before.messageId !== messageId) await deps.remove(before.messageId);
    }
    shown = JSON.stringify(card);
  };
}

export function createBoard<C>(deps: BoardDeps<C>): Board {
  const refresh = createBoardKeeper(deps);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const loop = (): void => {
    if (stopped) return;
    running = refresh()
      .catch((err: unknown) => deps.log.warn({ err }, 'board not refreshed'))
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, EVERY_MS);
      });
  };

  return {
    async start() {
      loop();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
