import { z } from 'zod';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Store } from '../store/store.ts';

/** Keeps one message in a channel up to date by editing it; finds that message again after a restart. */
export interface Board {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Discord's side of the board and what it says. */
export interface BoardDeps<C> {
  /** What the message says now; its last line holds `BOARD_TAG`. */
  readonly draw: () => Promise<C>;
  readonly post: (card: C, nonce: string) => Promise<{ readonly messageId: string }>;
  /** Rejects with `not_found` when the message is gone. */
  readonly edit: (messageId: string, card: C) => Promise<void>;
  readonly remove: (messageId: string) => Promise<void>;
  /** The newest message of ours in the channel whose last line holds the tag. */
  readonly find: (tag: string) => Promise<string | undefined>;
  readonly snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  /** Real time. */
  readonly wall: Pick<Clock, 'now' | 'at'>;
}

/** What the board says of itself, so that one which was posted and never kept is found again. */
export const BOARD_TAG = 'market board';

const KEY = 'board';
/** Discord allows five edits in five seconds on a channel; one leaves room for everything else. */
const EVERY_MS = 5_000;
/** Ten thousand refused calls in ten minutes lock a bot out: a board that may not write asks seldom, later still less. */
const REFUSED_EVERY_MS = 60_000;
const REFUSED_FOR_LONG = 5;
const REFUSED_FOR_LONG_EVERY_MS = 600_000;
/** Discord limits the edits of a message older than an hour (30046): before that a new one takes its place. */
const RENEW_AFTER_MS = 50 * 60_000;

const keptSchema = z.object({
  messageId: z.string(),
  postedAt: z.number(),
  /** Boards that stand in the channel and must go. */
  stale: z.array(z.string()).default([]),
});

/** One refresh of the board: whatever a failed or a killed round left undone, the next one does. */
function createRound<C>(deps: BoardDeps<C>): () => Promise<void> {
  const { snapshots, wall } = deps;
  let board: Pick<z.infer<typeof keptSchema>, 'messageId' | 'postedAt'> | undefined;
  const stale = new Set<string>();
  let loaded = false;
  let saved = true;
  /** False while the channel may hold a board that was posted and that nobody took note of. */
  let looked = false;
  let shown = '';

  const recall = async (): Promise<void> => {
    if (!loaded) {
      const kept = keptSchema.safeParse((await snapshots.load(KEY))?.body).data;
      board = kept;
      for (const messageId of kept?.stale ?? []) stale.add(messageId);
      loaded = true;
    }
    if (looked) return;
    const newest = await deps.find(BOARD_TAG);
    if (newest !== undefined && newest !== board?.messageId) stale.add(newest);
    looked = true;
  };

  /** False when there is no message to edit any more. */
  const edited = async (card: C): Promise<boolean> => {
    if (!board || wall.now() - board.postedAt > RENEW_AFTER_MS) return false;
    // a closed market draws the same card all night
    if (JSON.stringify(card) === shown) return true;
    try {
      await deps.edit(board.messageId, card);
      return true;
    } catch (err) {
      if (err instanceof AppError && err.code === 'not_found') return false;
      throw err;
    }
  };

  const renew = async (card: C): Promise<void> => {
    const postedAt = wall.now();
    looked = false;
    // named after the board before it: a second try finds the first one's message, a board that was deleted gets a new one
    const { messageId } = await deps.post(card, `board${board?.messageId ?? ''}`);
    looked = true;
    if (board) stale.add(board.messageId);
    stale.delete(messageId);
    board = { messageId, postedAt };
    saved = false;
  };

  const save = async (): Promise<void> => {
    if (board && !saved) saved = await snapshots.save(KEY, wall.now(), { ...board, stale: [...stale] });
  };

  const sweep = async (): Promise<void> => {
    for (const messageId of stale) {
      await deps.remove(messageId);
      stale.delete(messageId);
      saved = false;
    }
  };

  const draw = async (): Promise<C> => {
    try {
      return await deps.draw();
    } catch (err) {
      // what the market's data refuse is no refusal of the channel
      throw new Error('The board could not be drawn.', { cause: err });
    }
  };

  return async () => {
    await recall();
    const card = await draw();
    if (await edited(card)) shown = JSON.stringify(card);
    else {
      await renew(card);
      // a post that was repeated gives the first one's message, with what that one said
      shown = '';
    }
    try {
      await save();
    } finally {
      // an old board left standing beside the new one misleads: it goes whether or not the database is there
      await sweep();
    }
  };
}

export function createBoard<C>(deps: BoardDeps<C> & { readonly log: Pick<Log, 'warn'> }): Board {
  const { wall, log } = deps;
  const refresh = createRound(deps);
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;
  let refusals = 0;
  let trouble = '';

  const round = async (): Promise<void> => {
    try {
      await refresh();
      refusals = 0;
      trouble = '';
    } catch (err) {
      refusals = isRefusal(err) ? refusals + 1 : 0;
      const said = String(err);
      if (said !== trouble) log.warn({ err }, 'board not refreshed');
      trouble = said;
    }
    if (!stopped) cancel = wall.at(wall.now() + pauseMs(refusals), loop);
  };

  const loop = (): void => {
    running = round();
  };

  return {
    async start() {
      loop();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await running;
    },
  };
}

/** The channel is gone, or the bot may not write there. */
function isRefusal(err: unknown): boolean {
  return err instanceof AppError && (err.code === 'not_found' || err.code === 'unauthenticated');
}

function pauseMs(refusals: number): number {
  if (refusals === 0) return EVERY_MS;
  return refusals <= REFUSED_FOR_LONG ? REFUSED_EVERY_MS : REFUSED_FOR_LONG_EVERY_MS;
}
