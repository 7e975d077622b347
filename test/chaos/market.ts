import type { Bar } from '../../src/domain/bar.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { createMinutes, type Minutes } from '../../src/services/minutes.ts';

const MINUTE_MS = 60_000;
/** A minute's bar comes so long after its close. */
const ARRIVAL_MS = 1_000;
/** Then everybody knows that it was the last of its minute. */
const SETTLED_MS = 6_000;

/** A recorded day that runs as fast as it is turned. */
export interface Market {
  readonly clock: Clock;
  readonly minutes: Minutes;
  /** One minute on. */
  turn(): void;
}

/** The market at `startAt`: what closed before is asked for, what closes from then on is pushed. */
export function createMarket(bars: readonly Bar[], startAt: number): Market {
  let now = startAt;
  let timers: { readonly at: number; readonly fn: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    at(at, fn) {
      const timer = { at, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  const runTo = (to: number): void => {
    for (;;) {
      const [next] = timers.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at);
      if (!next) break;
      timers = timers.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.fn();
    }
    now = to;
  };
  const minutes = createMinutes({
    feed: {
      watch: () => () => {},
      gapFrom: () => undefined,
      heardTo: () => now,
      state: () => [{ feed: 'stocks', up: 'live', since: startAt, lastEventAt: now }],
    },
    rest: {
      bars: async (symbol, _span, from, to) => {
        const value = bars.filter(
          (bar) =>
            bar.symbol === symbol &&
            bar.openAt >= Number(from) &&
            bar.openAt <= Number(to) &&
            bar.openAt + MINUTE_MS + ARRIVAL_MS <= now,
        );
        return { value, asOf: now, delayed: false };
      },
    },
    clock,
    log: { warn() {}, error() {} },
  });
  return {
    clock,
    minutes,
    turn() {
      const closesAt = (Math.floor((now - SETTLED_MS) / MINUTE_MS) + 1) * MINUTE_MS;
      runTo(closesAt + ARRIVAL_MS);
      minutes.onBars(bars.filter((bar) => bar.openAt + MINUTE_MS === closesAt));
      runTo(closesAt + SETTLED_MS);
    },
  };
}
