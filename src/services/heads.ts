import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Offer } from '../store/offers.ts';
import type { Store } from '../store/store.ts';

/** Keeps the head cards of plans up to date by editing them, one edit at a time; alerts never wait for it. */
export interface Heads {
  /** Redraws all open plans once, and those of the last day: what was not shown before a crash is shown now. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The life of a plan, or of a trade of it, took a step. */
  changed(planId: string): void;
  /** There is a new price. */
  moved(symbol: string): void;
}

interface Head {
  readonly planId: string;
  symbol: string | undefined;
  place: { readonly channelId: string; readonly messageId: string } | undefined;
  postedAt: number;
  isOver: boolean;
  /** Why it is to be drawn again, if it is. */
  due: 'life' | 'price' | undefined;
  editedAt: number;
  /** Not before, after a failure. */
  retryAt: number;
  failures: number;
  shown: string;
}

const EVERY_MS = 10_000;
/** Discord limits the edits of a message older than an hour (30046): prices of an old one are shown seldom, its life at once. */
const OLD_AFTER_MS = 50 * 60_000;
const OLD_PRICE_EVERY_MS = 5 * 60_000;
const LOOK_BACK_MS = 24 * 60 * 60_000;
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
const GIVE_UP_AFTER = 10;

export function createHeads<C>(deps: {
  offers: Pick<Store['system']['offers'], 'get' | 'open' | 'since'>;
  /** The head card as it must be now. */
  draw: (planId: string) => Promise<C>;
  /** Rejects with `not_found` when the message is gone. */
  edit: (channelId: string, messageId: string, card: C) => Promise<void>;
  /** Market time. */
  clock: Pick<Clock, 'now'>;
  /** Real time. */
  wall: Pick<Clock, 'now' | 'at'>;
  log: Pick<Log, 'warn'>;
}): Heads {
  const { offers, draw, edit, clock, wall, log } = deps;
  const heads = new Map<string, Head>();
  let working: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let cancelRecall: (() => void) | undefined;
  let stopped = false;

  const headOf = (planId: string): Head => {
    const known = heads.get(planId);
    if (known) return known;
    const fresh: Head = {
      planId,
      symbol: undefined,
      place: undefined,
      postedAt: 0,
      isOver: false,
      due: undefined,
      editedAt: Number.NEGATIVE_INFINITY,
      retryAt: 0,
      failures: 0,
      shown: '',
    };
    heads.set(planId, fresh);
    return fresh;
  };

  const learn = (head: Head, offer: Offer): void => {
    const { channelId, messageId } = offer;
    head.symbol = offer.plan.symbol;
    head.isOver = offer.isOver;
    head.postedAt = offer.createdAt;
    if (channelId !== undefined && messageId !== undefined) head.place = { channelId, messageId };
  };

  const readyAt = (head: Head): number => {
    if (head.due === undefined) return Number.POSITIVE_INFINITY;
    const isSlow = head.due === 'price' && wall.now() - head.postedAt > OLD_AFTER_MS;
    return Math.max(head.editedAt + (isSlow ? OLD_PRICE_EVERY_MS : EVERY_MS), head.retryAt);
  };

  /** Lives before prices, then the one that waits longest. */
  const next = (): Head | undefined =>
    [...heads.values()]
      .filter((head) => readyAt(head) <= wall.now())
      .sort((a, b) => (a.due === b.due ? a.editedAt - b.editedAt : a.due === 'life' ? -1 : 1))[0];

  const drawn = async (planId: string): Promise<C> => {
    try {
      return await draw(planId);
    } catch (cause) {
      // what the market's data refuse is no refusal of the channel
      throw new Error('The head card could not be drawn.', { cause });
    }
  };

  /** Undone where the card does not stand yet: the alert that posts it draws it as it is then. */
  const redraw = async (head: Head): Promise<void> => {
    if (head.due === 'life' || !head.place) {
      const offer = await offers.get(head.planId);
      if (!offer) return void heads.delete(head.planId);
      learn(head, offer);
    }
    if (!head.place) throw new AppError('unavailable', 'The head card is not posted yet.');
    const why = head.due;
    head.due = undefined;
    try {
      const card = await drawn(head.planId);
      const said = JSON.stringify(card);
      if (said !== head.shown) await edit(head.place.channelId, head.place.messageId, card);
      head.shown = said;
    } catch (err) {
      head.due = head.due === 'life' ? 'life' : why;
      throw err;
    }
    head.editedAt = wall.now();
    head.failures = 0;
    if (head.isOver && head.due === undefined) heads.delete(head.planId);
  };

  const failed = (head: Head, err: unknown): void => {
    const isGone = err instanceof AppError && err.code === 'not_found';
    const isRefused = err instanceof AppError && err.code === 'unauthenticated';
    head.failures += 1;
    const waitMs = isRefused ? LONGEST_RETRY_MS : Math.min(RETRY_MS * 2 ** (head.failures - 1), LONGEST_RETRY_MS);
    head.retryAt = wall.now() + waitMs;
    if (head.place) log.warn({ planId: head.planId, err }, 'head card not edited');
    if (isGone || (head.isOver && head.failures >= GIVE_UP_AFTER)) heads.delete(head.planId);
  };

  const work = async (): Promise<void> => {
    for (let head = next(); head && !stopped; head = next()) {
      try {
        await redraw(head);
      } catch (err) {
        failed(head, err);
      }
    }
  };

  const look = (): void => {
    if (working || stopped) return;
    cancel?.();
    cancel = undefined;
    working = work().finally(() => {
      working = undefined;
      const at = Math.min(...[...heads.values()].map(readyAt));
      if (!stopped && Number.isFinite(at)) cancel = wall.at(at, look);
    });
  };

  const mark = (head: Head, why: 'life' | 'price'): void => {
    if (head.due !== 'life') head.due = why;
    if (!head.place) head.retryAt = 0;
    look();
  };

  const recall = async (): Promise<void> => {
    try {
      const [open, recent] = await Promise.all([offers.open(), offers.since(clock.now() - LOOK_BACK_MS)]);
      for (const offer of [...recent, ...open]) {
        if (offer.isOver && offer.messageId === undefined) continue;
        const head = headOf(offer.plan.planId);
        learn(head, offer);
        head.due = 'life';
      }
      look();
    } catch (err) {
      log.warn({ err }, 'head cards not read, tried again');
      if (!stopped) cancelRecall = wall.at(wall.now() + RETRY_MS, () => void recall());
    }
  };

  return {
    start: recall,
    async stop() {
      stopped = true;
      cancel?.();
      cancelRecall?.();
      await working;
    },
    changed: (planId) => mark(headOf(planId), 'life'),
    moved(symbol) {
      for (const head of heads.values()) if (head.symbol === symbol && !head.isOver) mark(head, 'price');
    },
  };
}
