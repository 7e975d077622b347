import type { Bar } from '../../src/domain/bar.ts';
import { hashOf } from '../../src/domain/canonical.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { sessionDateOf } from '../../src/domain/session.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openShadow } from '../../src/domain/trade.ts';
import { recording } from '../domain/market-data.ts';
import { type RealLife, realLives } from '../domain/trade/real-lives.ts';
import type { ToLive } from './task.ts';

/** Plans of one real session, their market, and when it is all over. */
export interface Round {
  readonly name: string;
  readonly lives: readonly ToLive[];
  readonly bars: readonly Bar[];
  readonly startAt: number;
  readonly endsAt: number;
}

const MINUTE_MS = 60_000;
/** Six sessions of one week. */
const SYMBOLS = ['SPY', 'BAC', 'IBM'];
const EARLY_MS = MINUTE_MS;
const LATE_MS = 35 * MINUTE_MS;

/** The same plan under another name, so that one database can live it again. */
function again(plan: Plan, run: string): Plan {
  const setupId = hashOf({ setupId: plan.setup.setupId, run });
  return { ...plan, planId: hashOf({ planId: plan.planId, run }), setup: { ...plan.setup, setupId } };
}

function lived({ plan, bars }: RealLife) {
  return advanceAll(
    openShadow(plan),
    bars.map((bar) => ({ kind: 'bar', bar })),
  );
}

const endOf = (life: RealLife): number => lived(life).trade.closedAt ?? Number.POSITIVE_INFINITY;
const stepsOf = (life: RealLife): number => lived(life).steps.length;

/** Rounds without end: real sessions with `size` plans each, some of them taken by members. */
export function* rounds(size: number, members: readonly string[], name: string): Generator<Round> {
  const sessions = Map.groupBy(realLives(SYMBOLS.map((symbol) => recording(symbol, '2013'))), ({ plan }) =>
    sessionDateOf(plan.decidedAt),
  );
  for (let run = 0; ; run++) {
    for (const [session, all] of sessions) {
      const lives = all.filter((life) => endOf(life) < life.plan.decidedAt + 8 * 60 * MINUTE_MS);
      const chosen = pick(lives, size, run);
      if (chosen.length < size) continue;
      const bars = new Map(chosen.flatMap((life) => life.bars).map((bar) => [`${bar.symbol} ${bar.openAt}`, bar]));
      const endsAt = Math.max(...chosen.map(endOf)) + MINUTE_MS;
      yield {
        name: `${session}, run ${run}`,
        lives: chosen.map(({ plan }, at) => ({
          plan: again(plan, `${name} ${run}`),
          takers: takersOf(plan, members, at),
        })),
        bars: [...bars.values()]
          .filter((bar) => bar.openAt < endsAt + 60 * MINUTE_MS)
          .sort((a, b) => a.openAt - b.openAt),
        startAt: Math.min(...chosen.map(({ plan }) => plan.decidedAt)) - MINUTE_MS,
        endsAt,
      };
    }
  }
}

/** The life with the most steps, taken by the members; another plan to the database for each `name`. */
export function oneLife(members: readonly string[], name: string): Round {
  fullest ??= realLives([recording('SPY', '2020')]).reduce((best, life) =>
    stepsOf(life) > stepsOf(best) ? life : best,
  );
  const { plan, bars } = fullest;
  const endsAt = endOf(fullest) + MINUTE_MS;
  const takers = members.map((memberId) => ({ memberId, takenAt: plan.decidedAt + EARLY_MS }));
  return {
    name,
    lives: [{ plan: again(plan, name), takers }],
    bars: bars.filter((bar) => bar.openAt < endsAt + 60 * MINUTE_MS),
    startAt: plan.decidedAt - MINUTE_MS,
    endsAt,
  };
}

let fullest: RealLife | undefined;

/** Spread over the session, others in each run. */
function pick(lives: readonly RealLife[], size: number, run: number): readonly RealLife[] {
  if (lives.length < size) return [];
  const stride = Math.floor(lives.length / size);
  return Array.from({ length: size }, (_, at) => lives[at * stride + (run % stride)]).filter(
    (one) => one !== undefined,
  );
}

/** Every second plan is taken at once, every fourth also later, when its life is under way and a member's goes another way. */
function takersOf({ decidedAt }: Plan, [early = '', late = '']: readonly string[], at: number): ToLive['takers'] {
  if (at % 2 === 1) return [];
  const first = { memberId: early, takenAt: decidedAt + EARLY_MS };
  return at % 4 === 0 ? [first, { memberId: late, takenAt: decidedAt + LATE_MS }] : [first];
}
