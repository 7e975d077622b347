import type { Clock } from '../kit/clock.ts';
import type { PartNow } from './feed-parts.ts';

/** Whether parts are down, by what was seen of them for a while: a line that comes and goes is no news each time. */
export interface PartMoods {
  /** Takes what is seen now; market time since when the part is down, undefined while it is not. */
  see(now: PartNow): number | undefined;
  /** It was down before this process began. */
  wasDown(part: string, since: number): void;
  /** The newest moments at which something went down, none of them twice. */
  moments(): readonly number[];
}

interface Seen {
  wasBad: boolean;
  /** Market time of the first sign. */
  since: number;
  /** Real time that it was bad since it was last good for long enough. */
  badForMs: number;
  /** Real time since when it is good without a break. */
  goodFrom: number | undefined;
  lookedAt: number;
  isDown: boolean;
}

/** Bad in sum, or good in one piece, for so long before it counts. */
const SURE_MS = 5_000;
const MOMENTS_HELD = 100;

/** `earlier` are moments of processes before. */
export function createPartMoods(
  clock: Pick<Clock, 'now'>,
  wall: Pick<Clock, 'now'>,
  earlier: readonly number[] = [],
): PartMoods {
  const parts = new Map<string, Seen>();
  const moments = new Set(earlier);

  /** A market that stands still may see two failures at one moment, and a replay the same moment again. */
  const newMoment = (): number => {
    let at = clock.now();
    while (moments.has(at)) at += 1;
    moments.add(at);
    return at;
  };

  const seenOf = (part: string): Seen => {
    const known = parts.get(part);
    if (known) return known;
    const fresh = { wasBad: false, since: 0, badForMs: 0, goodFrom: undefined, lookedAt: wall.now(), isDown: false };
    parts.set(part, fresh);
    return fresh;
  };

  const seeBad = (seen: Seen, isProven: boolean): void => {
    seen.goodFrom = undefined;
    if (!seen.wasBad && seen.badForMs === 0 && !seen.isDown) seen.since = newMoment();
    seen.wasBad = true;
    if (isProven) seen.badForMs = Math.max(seen.badForMs, SURE_MS);
    if (seen.badForMs >= SURE_MS) seen.isDown = true;
  };

  const seeGood = (seen: Seen): void => {
    seen.wasBad = false;
    seen.goodFrom ??= wall.now();
    if (wall.now() - seen.goodFrom < SURE_MS) return;
    seen.badForMs = 0;
    seen.isDown = false;
  };

  return {
    see(now) {
      const seen = seenOf(now.part);
      if (seen.wasBad) seen.badForMs += wall.now() - seen.lookedAt;
      seen.lookedAt = wall.now();
      if (now.mood === 'bad') seeBad(seen, now.isProven);
      else if (now.mood === 'good') seeGood(seen);
      else {
        seen.wasBad = false;
        seen.goodFrom = undefined;
      }
      return seen.isDown ? seen.since : undefined;
    },
    moments: () => [...moments].slice(-MOMENTS_HELD),
    wasDown(part, since) {
      Object.assign(seenOf(part), { since, isDown: true });
    },
  };
}
