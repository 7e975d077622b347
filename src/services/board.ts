import type { Log } from '../kit/log.ts';
import type { Store } from '../store/store.ts';

/** Keeps one message in a channel up to date by editing it; finds that message again after a restart. */
export interface Board {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const KEY = 'board';

export function createBoard<C>(deps: {
  /** What the message says now. */
  draw: () => Promise<C>;
  post: (card: C) => Promise<{ readonly messageId: string }>;
  /** False when the message is gone. */
  edit: (messageId: string, card: C) => Promise<boolean>;
  snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  /** Discord allows five edits in five seconds on a channel; one in five leaves room for alerts. */
  everyMs: number;
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
      if (messageId !== undefined && (await deps.edit(messageId, card))) return;
      messageId = (await deps.post(card)).messageId;
      await deps.snapshots.save(KEY, deps.wallNow(), { messageId });
    } catch (err) {
      deps.log.warn({ err }, 'board not refreshed');
    }
  };
  const loop = (): void => {
    if (stopped) return;
    running = refresh().finally(() => {
      if (!stopped) timer = setTimeout(loop, deps.everyMs);
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
