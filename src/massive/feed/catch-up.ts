import type { Bar } from '../../domain/bar.ts';
import type { Clock } from '../../kit/clock.ts';
import { SPAN_OF } from '../map/bars.ts';
import type { BarMethods } from '../rest/bars.ts';

/** Fetches the minutes that the stream could not deliver. */
export interface CatchUp {
  /** From this minute on (its open time) the symbol's bars are not known to be complete; an earlier mark stays. */
  mark(symbol: string, fromAt: number): void;
  forget(symbol: string): void;
  /** Symbols with a mark. */
  size(): number;
  /**
   * Fetches all closed minutes of these marked symbols, in this order, eight at a time. `isLive` says whether the
   * stream brings what closes from now on: then the mark goes, else it moves to the next minute. A minute that closed
   * a moment ago and is not there yet stays marked. Never throws: what failed stays marked.
   */
  run(symbols: readonly string[], isLive: (symbol: string) => boolean): Promise<{ readonly failed: number }>;
}

const MINUTE_MS = 60_000;
const AT_ONCE = 8;
/** How long the provider may take to have a closed minute in its REST answers. */
export const SETTLING_MS = 15_000;

export function createCatchUp(deps: {
  readonly rest: Pick<BarMethods, 'bars'>;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  readonly deliver: (bars: readonly Bar[]) => void;
  readonly onError: (symbol: string, error: unknown) => void;
}): CatchUp {
  // a new object for each mark, so that a fill can tell whether the line broke again meanwhile
  const marks = new Map<string, { readonly fromAt: number }>();

  const fill = async (symbol: string, isLive: (symbol: string) => boolean): Promise<void> => {
    const mark = marks.get(symbol);
    if (!mark) return;
    const { fromAt } = mark;
    const now = deps.clock.now();
    const live = isLive(symbol);
    const lastClosedAt = minuteOf(now) - MINUTE_MS;
    if (lastClosedAt < fromAt) {
      // no minute has closed since the mark: nothing was missed and no call is needed
      if (live) marks.delete(symbol);
      return;
    }
    const ask = { fresh: true, priority: 2 } as const;
    const { value } = await deps.rest.bars(symbol, SPAN_OF['1m'], fromAt, lastClosedAt, ask);
    const closed = value.filter((bar) => bar.openAt >= fromAt && bar.openAt <= lastClosedAt);
    if (marks.get(symbol) === mark) {
      const isSettling = now - (lastClosedAt + MINUTE_MS) < SETTLING_MS && closed.at(-1)?.openAt !== lastClosedAt;
      if (isSettling) marks.set(symbol, { fromAt: lastClosedAt });
      else if (live) marks.delete(symbol);
      else marks.set(symbol, { fromAt: lastClosedAt + MINUTE_MS });
    }
    if (closed.length > 0) deps.deliver(closed);
  };

  return {
    mark(symbol, fromAt) {
      const minute = minuteOf(fromAt);
      marks.set(symbol, { fromAt: Math.min(minute, marks.get(symbol)?.fromAt ?? minute) });
    },
    forget: (symbol) => void marks.delete(symbol),
    size: () => marks.size,
    async run(symbols, isLive) {
      const queue = symbols.filter((symbol) => marks.has(symbol));
      let failed = 0;
      const worker = async (): Promise<void> => {
        for (let symbol = queue.shift(); symbol !== undefined; symbol = queue.shift()) {
          try {
            await fill(symbol, isLive);
          } catch (error) {
            failed++;
            deps.onError(symbol, error);
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return { failed };
    },
  };
}

export function minuteOf(at: number): number {
  return at - (at % MINUTE_MS);
}
