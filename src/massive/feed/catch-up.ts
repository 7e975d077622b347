import type { Bar } from '../../domain/bar.ts';
import type { Clock } from '../../kit/clock.ts';
import { isOutage, MassiveError } from '../errors.ts';
import { SPAN_OF } from '../map/bars.ts';
import type { BarMethods } from '../rest/bars.ts';

/** Fetches the minutes that the stream could not deliver. */
export interface CatchUp {
  /** From this minute on (its open time) the symbol's bars are not known to be complete; an earlier mark stays. */
  mark(symbol: string, fromAt: number): void;
  forget(symbol: string): void;
  /** The symbol's mark: the first minute that may still be missing. */
  fromAt(symbol: string): number | undefined;
  /** Symbols with a mark. */
  size(): number;
  /**
   * Fetches the closed minutes of these marked symbols, in this order, eight at a time. A symbol whose stream is live
   * loses its mark, that of another moves on, and a minute that closed a moment ago and is not there yet stays marked.
   * Never throws: what failed stays marked, its first error comes back, and an outage ends the round.
   */
  run(symbols: readonly string[]): Promise<{ readonly error: unknown } | undefined>;
}

const MINUTE_MS = 60_000;
const AT_ONCE = 8;
/** How long the provider may take to have a closed minute in its REST answers. */
export const SETTLING_MS = 15_000;

/** Keeps a mark per symbol and fetches on `run` only. */
export function createCatchUp(deps: {
  readonly rest: Pick<BarMethods, 'bars'>;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Market time since when the symbol's stream delivers; undefined while it does not. */
  readonly liveSince: (symbol: string) => number | undefined;
  readonly deliver: (bars: readonly Bar[]) => void;
}): CatchUp {
  // a new object for each mark, so that a fill can tell whether the line broke again meanwhile
  const marks = new Map<string, { readonly fromAt: number }>();

  const fill = async (symbol: string): Promise<void> => {
    const mark = marks.get(symbol);
    if (!mark) return;
    const { fromAt } = mark;
    const now = deps.clock.now();
    const liveSince = deps.liveSince(symbol);
    const lastClosedAt = minuteOf(now) - MINUTE_MS;
    // a line that came back delivers what closes from then on; one that was live all along has only just been asked
    const isBack = liveSince !== undefined && liveSince > fromAt;
    const lastAt = isBack ? Math.min(lastClosedAt, minuteOf(liveSince)) : lastClosedAt;
    if (lastAt < fromAt) {
      // no minute has closed since the mark: nothing was missed and no call is needed
      if (liveSince !== undefined) marks.delete(symbol);
      return;
    }
    const { value } = await deps.rest.bars(symbol, SPAN_OF['1m'], fromAt, lastAt, { fresh: true, priority: 2 });
    const closed = value.filter((bar) => bar.openAt >= fromAt && bar.openAt <= lastAt);
    if (marks.get(symbol) === mark) {
      const isSettling = now - (lastAt + MINUTE_MS) < SETTLING_MS && closed.at(-1)?.openAt !== lastAt;
      if (isSettling) marks.set(symbol, { fromAt: lastAt });
      else if (liveSince !== undefined) marks.delete(symbol);
      else marks.set(symbol, { fromAt: lastAt + MINUTE_MS });
    }
    if (closed.length > 0) deps.deliver(closed);
  };

  return {
    mark(symbol, fromAt) {
      const minute = minuteOf(fromAt);
      marks.set(symbol, { fromAt: Math.min(minute, marks.get(symbol)?.fromAt ?? minute) });
    },
    forget: (symbol) => void marks.delete(symbol),
    fromAt: (symbol) => marks.get(symbol)?.fromAt,
    size: () => marks.size,
    async run(symbols) {
      const queue = symbols.filter((symbol) => marks.has(symbol));
      let failure: { readonly error: unknown } | undefined;
      const worker = async (): Promise<void> => {
        for (let symbol = queue.shift(); symbol !== undefined; symbol = queue.shift()) {
          try {
            await fill(symbol);
          } catch (error) {
            failure ??= { error };
            if (isHopeless(error)) queue.length = 0;
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return failure;
    },
  };
}

/** Whether the next symbol would fare no better. */
function isHopeless(error: unknown): boolean {
  if (isOutage(error)) return true;
  return error instanceof MassiveError && (error.kind === 'circuit_open' || error.kind === 'rate_limited');
}

function minuteOf(at: number): number {
  return at - (at % MINUTE_MS);
}
