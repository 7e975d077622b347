import { setTimeout as wait } from 'node:timers/promises';
import type { Arena } from './arena.ts';
import type { Death } from './fault-points.ts';
import type { Line } from './line.ts';
import type { Processes } from './processes.ts';
import { oneLife, type Round, rounds } from './rounds.ts';
import { count, noTally } from './tally.ts';
import type { Design, StoreOf, Task } from './task.ts';

interface Setting {
  readonly design: Design;
  /** Whether Discord still knows the nonces of a killed bot when the next one starts. */
  readonly window: 'open' | 'expired';
  readonly store: 'hosted' | 'embedded';
}

const MINUTE_MS = 60_000;
const PLANS = 24;
const MARKET_MINUTE_MS = 1;
const FIRST_KILL_MS = 20;
const LAST_KILL_MS = 400;
/** Calls that were on their way when the bot died have arrived. */
const SETTLE_MS = 25;
const LONGEST_ROUND = 200;
/** Market time goes on while no bot runs. */
const LONGEST_OUTAGE_MINUTES = 8;

/** The same numbers for the same seed. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What happens to one process. */
type Fate = Pick<Task, 'death'> & { readonly killAfterMs?: number };

interface On {
  readonly arena: Arena;
  readonly processes: Processes;
}

/** Whole lives under kills at random, until there were so many; the last round is lived to its end. */
export async function randomKills(
  on: On,
  setting: Setting & { readonly kills: number; readonly seed: number },
): Promise<Line> {
  const random = dice(setting.seed);
  const line = createLine(setting, 'random kills');
  const fate = (): Fate =>
    line.kills < setting.kills ? { killAfterMs: FIRST_KILL_MS + random() * (LAST_KILL_MS - FIRST_KILL_MS) } : {};
  const members = [on.arena.discord.users.pro, on.arena.discord.users.free];
  for (const round of rounds(PLANS, members, `${setting.design} ${setting.window} ${setting.store}`)) {
    await playRound(on, setting, round, line, fate, random);
    if (line.kills >= setting.kills) break;
  }
  return finished(line);
}

/** One life again and again, with a death at one point before or after a call each time, until it has no more of them. */
export async function deaths(
  on: On,
  setting: Setting & {
    readonly of: Death['of'];
    readonly first?: number;
    readonly every: number;
    readonly last?: number;
  },
): Promise<Line> {
  const random = dice(1);
  const { of, first = 1, every, last = Number.POSITIVE_INFINITY } = setting;
  const line = createLine(setting, of === 'calls' ? 'fault points' : 'deaths around a message');
  const members = [on.arena.discord.users.pro];
  for (let point = first; point <= last; point += every) {
    const round = oneLife(members, `${setting.design} ${setting.window} ${setting.store} ${of} ${point}`);
    const before = line.kills;
    await playRound(on, setting, round, line, (start) => (start === 0 ? { death: { nth: point, of } } : {}), random);
    if (line.kills === before) break;
  }
  return finished(line);
}

async function playRound(
  { arena, processes }: On,
  { design, store, window }: Setting,
  round: Round,
  line: Line,
  fate: (start: number) => Fate,
  random: () => number,
): Promise<void> {
  const { lives, bars, endsAt } = round;
  const database: StoreOf = store === 'hosted' ? arena.hosted : await arena.folder();
  let startAt = round.startAt;
  for (let start = 0; start < LONGEST_ROUND; start++) {
    const { killAfterMs, ...death } = fate(start);
    const task = {
      design,
      store: database,
      discord: arena.access,
      lives,
      bars,
      startAt,
      endsAt,
      minuteMs: MARKET_MINUTE_MS,
    };
    const ending = await processes.run({ ...task, ...death }, killAfterMs);
    if (ending.kind === 'over') {
      count(line, round, ending.ledger, arena.discord);
      line.rounds += 1;
      return;
    }
    line.kills += 1;
    await wait(SETTLE_MS);
    if (window === 'expired') arena.forgetNonces();
    startAt = ending.at + Math.floor(random() * LONGEST_OUTAGE_MINUTES) * MINUTE_MS;
  }
  line.wrong.push(`${round.name} did not end in ${LONGEST_ROUND} processes`);
}

function createLine({ design, window, store }: Setting, how: string): Line {
  const where = store === 'hosted' ? '' : ', own database';
  return {
    ...noTally(),
    design,
    what: `${how}, nonces ${window}${where}`,
    kills: 0,
    rounds: 0,
    seconds: performance.now(),
  };
}

const finished = (line: Line): Line => ({ ...line, seconds: Math.round((performance.now() - line.seconds) / 1_000) });
