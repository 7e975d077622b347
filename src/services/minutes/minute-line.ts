import type { Bar } from '../../domain/bar.ts';
import { isSane, mergeBar } from '../../domain/bar.ts';

const MINUTE_MS = 60_000;

/** Who listens to the minutes of a symbol; the callbacks must not wait. */
export interface MinutesEar {
  /** A closed minute: each once, in order. */
  bar(bar: Bar): void;
  /** Every minute that opens before `at` was delivered; silent ones had nothing to deliver. It never goes back. */
  complete(at: number): void;
}

/** One ear's place in the minutes of its symbol: what comes in any order leaves in order. */
export interface MinuteLine {
  /** Keeps a minute until its turn; false for one whose turn has passed, or that is none. */
  add(bar: Bar): boolean;
  /** Delivers all that may go: every minute that opens before `knownTo` is here, if it had trades. */
  deliver(knownTo: number): void;
  /** Every minute before it was delivered. */
  doneTo(): number;
  end(): void;
}

/** A line that begins with the minute that opens at `fromAt`. */
export function createMinuteLine(fromAt: number, ear: MinutesEar): MinuteLine {
  const waiting = new Map<number, Bar>();
  let doneTo = fromAt;
  let hasEnded = false;

  return {
    add(bar) {
      const { openAt } = bar;
      if (openAt < doneTo || openAt % MINUTE_MS !== 0 || !isSane(bar)) return false;
      const held = waiting.get(openAt);
      // a revision adds trades that were reported late: of two reports the one with more of them counts, whichever came first
      waiting.set(openAt, held ? mergeBar(versionOf(held), versionOf(bar)).bar : bar);
      return true;
    },
    deliver(knownTo) {
      const before = doneTo;
      for (const openAt of [...waiting.keys()].sort((a, b) => a - b)) {
        const bar = waiting.get(openAt);
        // a closed minute may go as soon as nothing older can come
        if (hasEnded || !bar || openAt > Math.max(doneTo, knownTo)) break;
        waiting.delete(openAt);
        doneTo = openAt + MINUTE_MS;
        ear.bar(bar);
      }
      doneTo = Math.max(doneTo, knownTo);
      if (doneTo > before && !hasEnded) ear.complete(doneTo);
    },
    doneTo: () => doneTo,
    end() {
      hasEnded = true;
      waiting.clear();
    },
  };
}

const versionOf = (bar: Bar) => ({ bar, version: bar.volume ?? 0 });
