import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';

/** What became of a try to post: posted, to be tried again later without a call having failed, or never possible. */
export type Outcome =
  | { readonly kind: 'sent'; readonly messageId: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'bury'; readonly reason: string };

/** A place that refuses us is left alone for a while: ten thousand refused calls in ten minutes lock a bot out. */
export interface Holds {
  /** Runs `call` unless the place is held; a held place gets one try when its time is over. `change` runs before this resolves. */
  through(place: string, call: () => Promise<Outcome>, change: HoldChange): Promise<Outcome>;
}

export interface HoldChange {
  /** The event that could not be told, should the place refuse now. */
  readonly at: number;
  /** The place refused while it was not held. Should this reject, it is told again at the next refusal. */
  down(since: number, refusal: AppError): Promise<void>;
  /** It took a message again after it was held. */
  up(since: number): Promise<void>;
}

interface Hold {
  readonly since: number;
  until: number;
  isProbed: boolean;
  isTold: boolean;
}

const HOLD_MS = 5 * 60_000;
/** For those that stand in line behind the one try. */
const BEHIND_PROBE_SECONDS = 5;

export function createHolds(wall: Pick<Clock, 'now'>): Holds {
  const holds = new Map<string, Hold>();

  const waiting = (hold: Hold | undefined): Outcome | undefined => {
    if (!hold) return undefined;
    const leftMs = hold.until - wall.now();
    const reason = 'the channel refuses the bot';
    if (leftMs > 0) return { kind: 'wait', seconds: Math.ceil(leftMs / 1000), reason };
    return hold.isProbed ? { kind: 'wait', seconds: BEHIND_PROBE_SECONDS, reason } : undefined;
  };

  return {
    async through(place, call, { at, down, up }) {
      const known = holds.get(place);
      const held = waiting(known);
      if (held) return held;
      if (known) known.isProbed = true;
      try {
        const outcome = await call();
        if (known?.isTold) await up(known.since);
        if (known) holds.delete(place);
        return outcome;
      } catch (err) {
        if (!isRefusal(err)) throw err;
        const hold = holds.get(place) ?? { since: at, until: 0, isProbed: false, isTold: false };
        hold.until = wall.now() + HOLD_MS;
        holds.set(place, hold);
        await tellOnce(hold, () => down(hold.since, err));
        return { kind: 'wait', seconds: HOLD_MS / 1000, reason: err.message };
      } finally {
        if (known) known.isProbed = false;
      }
    },
  };
}

/** Several may be refused at the same moment. */
async function tellOnce(hold: Hold, tell: () => Promise<void>): Promise<void> {
  if (hold.isTold) return;
  hold.isTold = true;
  try {
    await tell();
  } catch (err) {
    hold.isTold = false;
    throw err;
  }
}

/** The channel is gone, or the bot may not write there. */
export function isRefusal(err: unknown): err is AppError {
  return err instanceof AppError && (err.code === 'not_found' || err.code === 'unauthenticated');
}
