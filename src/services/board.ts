import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Store } from '../store/store.ts';

/** Keeps one message in a channel up to date by editing it; finds that message again after a restart. */
export interface Board {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const NONCE = 'market-board';
const KEY = 'board';
/** Discord allows five edits in five seconds on a channel; one leaves room for everything else. */
const EVERY_MS = 5_000;

export function createBoard<C>(deps: {
  /** What the message says now. */
  draw: () => Promise<C>;
  post: (card: C, nonce: string) => Promise<{ readonly messageId: string }>;
  /** Rejects with `not_found` when the message is gone. */
  edit: (messageId: string, card: C) => Promise<void>;
  snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  /** Real milliseconds between edits. */
  everyMs?: number;
  wallNow: () => number;
  log: Pick<Log, 'warn'>;
}): Board {
  let messageId: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const refresh = async (): Promise<void> => {
    try {
      const card = await deps.draw();
      if (messageId !== undefined) {
        try {
          return await deps.edit(messageId, card);
        } catch (err) {
          if (!(err instanceof AppError) || err.code !== 'not_found') throw err;
        }
      }
      messageId = (await deps.post(card, NONCE)).messageId;
      await deps.snapshots.save(KEY, deps.wallNow(), { messageId });
    } catch (err) {
      deps.log.warn({ err }, 'board not refreshed');
    }
  };
  const loop = (): void => {
    if (stopped) return;
    running = refresh().finally(() => {
      if (!stopped) timer = setTimeout(loop, deps.everyMs ?? EVERY_MS);
    });
  };

  return {
    async start() {
      const kept = await deps.snapshots.load(KEY).catch(() => undefined);
      const body = kept?.body as { messageId?: unknown } | undefined;
      if (typeof body?.messageId === 'string') messageId = body.messageId;
      loop();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
