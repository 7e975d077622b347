import type { Bar } from '../../domain/bar.ts';
import type { TradeEvent } from '../../domain/trade.ts';

const MINUTE_MS = 60_000;

/** When something reached this process. */
interface Arrival {
  /** Market time. */
  readonly seenAt: number;
  /** Real time. */
  readonly seenWallAt: number;
}

/** What trades are to be led through. */
interface Stretch {
  readonly events: readonly TradeEvent[];
  /** Says that they have been: no news any more. */
  pass(): void;
}

/** The minutes that open trades may have to be led through again, oldest first, and how far they are complete. */
export interface KeptMinutes {
  /** Every minute that opens at or after this is here. */
  readonly fromAt: number;
  add(bar: Bar, arrival: Arrival): void;
  complete(at: number, arrival: Arrival): void;
  hasNews(): boolean;
  /** What came since the last pass. */
  news(): Stretch;
  all(): Stretch;
  /** When what made a step of this market time came in. */
  arrivalOf(at: number): Arrival | undefined;
  /** Minutes that open before this are needed no more. */
  forgetBefore(at: number): void;
}

/** No minutes yet, those from `startAt` on will come. */
export function createKeptMinutes(startAt: number): KeptMinutes {
  let kept: { readonly bar: Bar; readonly arrival: Arrival }[] = [];
  let fromAt = startAt;
  let completeTo: { readonly at: number; readonly arrival: Arrival } | undefined;
  let forgotten = 0;
  /** Minutes passed since the beginning, forgotten ones too. */
  let passed = 0;
  let passedTo = Number.NEGATIVE_INFINITY;

  const stretch = (from: number): Stretch => {
    const events: TradeEvent[] = kept.slice(from).map(({ bar }) => ({ kind: 'bar', bar }));
    if (completeTo) events.push({ kind: 'clock', at: completeTo.at });
    const count = forgotten + kept.length;
    const to = completeTo?.at ?? Number.NEGATIVE_INFINITY;
    return {
      events,
      pass() {
        passed = count;
        passedTo = to;
      },
    };
  };

  return {
    get fromAt() {
      return fromAt;
    },
    add: (bar, arrival) => void kept.push({ bar, arrival }),
    complete(at, arrival) {
      completeTo = { at, arrival };
    },
    hasNews: () => passed < forgotten + kept.length || (completeTo !== undefined && completeTo.at > passedTo),
    news: () => stretch(Math.max(0, passed - forgotten)),
    all: () => stretch(0),
    arrivalOf: (at) => kept.find(({ bar }) => bar.openAt + MINUTE_MS >= at)?.arrival ?? completeTo?.arrival,
    forgetBefore(at) {
      if (at <= fromAt) return;
      const left = kept.filter(({ bar }) => bar.openAt >= at);
      forgotten += kept.length - left.length;
      kept = left;
      fromAt = at;
    },
  };
}
