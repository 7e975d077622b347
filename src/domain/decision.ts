import type { Bar } from './bar.ts';
import { tapeAt } from './known-tape.ts';
import type { Level } from './levels.ts';
import { keyLevels } from './levels.ts';
import type { Plan } from './plan.ts';
import type { Calendar } from './session.ts';
import { phaseAt } from './session.ts';

/** What a plan was decided on. */
export interface Decision {
  /** Five-minute bars of regular hours up to the deciding one, those of the session before first. */
  readonly bars: readonly Bar[];
  /** Of the deciding bar's session, as they stood at its close. */
  readonly levels: readonly Level[];
}

/** The plan's decision out of what is loaded now, whatever session it is by now; empty where that market is not loaded. */
export function decisionOf(
  { symbol, decidedAt }: Pick<Plan, 'symbol' | 'decidedAt'>,
  loaded: { readonly calendar: Calendar; readonly daily: readonly Bar[]; readonly minutes: readonly Bar[] },
): Decision {
  // the close of the last bar belongs to no session any more
  const { day } = phaseAt(loaded.calendar, decidedAt - 1);
  const tape = day && tapeAt({ ...loaded, symbol, day, asOf: decidedAt });
  if (!tape || 'code' in tape) return { bars: [], levels: [] };
  const { daily, minutes, bars5m } = tape;
  return { bars: bars5m, levels: keyLevels({ daily, minutes, day: tape.day, asOf: decidedAt }) };
}
