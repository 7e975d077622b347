import { advanceAll } from '../../domain/trade/advance.ts';
import type { Trade } from '../../domain/trade.ts';
import { fullJitter } from '../../kit/backoff.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { Trades } from '../../store/trades.ts';
import type { Minutes } from '../minutes.ts';
import { outgoing } from '../outgoing.ts';
import { createKeptMinutes, type KeptMinutes } from './kept-minutes.ts';
import { type Move, stepAlertsOf } from './step-alerts.ts';

/** A plan's trades as they stand, for work that nobody else's writes come between. */
export interface PlanTrades {
  /** An open trade, led through every minute that came. */
  trade(tradeId: string): Trade | undefined;
  /** The plan's own life, also after its end; a member's own plan has none. */
  readonly shadow: Trade | undefined;
  /** Reads everything again: somebody else was first. */
  again(): Promise<void>;
}

/** All open trades of one plan, led through the same minutes and written together, one write at a time. */
export interface PlanLife {
  readonly symbol: string | undefined;
  trade(tradeId: string): Trade | undefined;
  /** Reads the plan's trades again, then goes on. */
  refresh(): Promise<void>;
  /** Runs work that writes trades of this plan. Throws what it throws, or why the trades could not be brought up to date first. */
  during<T>(work: (trades: PlanTrades) => Promise<T>): Promise<T>;
  end(): void;
}

export interface PlanLifeDeps {
  readonly minutes: Pick<Minutes, 'follow'>;
  readonly trades: Pick<Trades, 'ofPlan' | 'apply'>;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time. */
  readonly wall: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly random?: () => number;
  /** Steps of the plan are in the database. */
  readonly onWrite: (moves: readonly Move[]) => void;
  /** No trade of the plan is open and nobody waits. */
  readonly onOver: () => void;
}

interface Entry {
  /** As the database has it: a restart goes on from there. */
  readonly stored: Trade;
  readonly now: Trade;
}

const BACKOFF = { baseMs: 250, capMs: 5_000 };
const MOST_CONFLICTS = 5;

/** Where a stored trade has to be led on from. */
const needFrom = ({ last, armedAt }: Trade): number => Math.max(last.closedAt, armedAt);

/** The life of a plan that reads its trades on the first `refresh`. */
export function createPlanLife(deps: PlanLifeDeps, planId: string): PlanLife {
  const { minutes, trades, clock, wall, log } = deps;
  let entries = new Map<string, Entry>();
  let shadow: Trade | undefined;
  let symbol: string | undefined;
  let kept: KeptMinutes | undefined;
  let unfollow: () => void = () => {};
  let tail: Promise<unknown> = Promise.resolve();
  let isStale = true;
  let isWoken = false;
  let hasEnded = false;
  let waiting = 0;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;

  const arrival = () => ({ seenAt: clock.now(), seenWallAt: wall.now() });
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  };

  const leave = (): void => {
    unfollow();
    unfollow = () => {};
    kept = undefined;
  };

  /** Listens from the first minute that any open trade still needs; a member's suspended one needs none. */
  const listen = (): void => {
    const stored = [...entries.values()].map((entry) => entry.stored);
    const moving = stored.filter(({ suspended, memberId }) => !suspended || memberId === null);
    const [first] = moving;
    const fromAt = Math.min(...moving.map(needFrom));
    if (first && kept && kept.fromAt <= fromAt) {
      kept.forgetBefore(fromAt);
      return;
    }
    leave();
    if (!first) return;
    const fresh = createKeptMinutes(fromAt);
    kept = fresh;
    unfollow = minutes.follow(first.symbol, fromAt, {
      bar: (bar) => {
        fresh.add(bar, arrival());
        wake();
      },
      complete: (at) => {
        fresh.complete(at, arrival());
        wake();
      },
    });
  };

  const read = async (): Promise<void> => {
    isStale = false;
    const all = await trades.ofPlan(planId);
    if (hasEnded) return;
    shadow = all.find(({ memberId }) => memberId === null);
    symbol = all[0]?.symbol;
    const open = all.filter(({ state }) => state !== 'closed');
    entries = new Map(open.map((trade) => [trade.tradeId, { stored: trade, now: trade }]));
    listen();
  };

  /** Writes what the moves did; false where somebody else was first. */
  const write = (moves: readonly (Move & { readonly fromSeq: number })[]): Promise<boolean> => {
    const decidedWallAt = wall.now();
    const alerts = stepAlertsOf(moves, { hasShadow: shadow !== undefined });
    const rows = alerts.map((alert) => outgoing(alert, { ...(kept?.arrivalOf(alert.at) ?? arrival()), decidedWallAt }));
    return trades.apply(moves, rows);
  };

  /** Leads all open trades through what came, from where the database has them if it may have others than we do. */
  const goOn = async (): Promise<void> => {
    for (let conflicts = 0; !hasEnded; ) {
      const anew = isStale;
      if (anew) await read();
      if (hasEnded || !kept || !(anew || kept.hasNews())) return;
      const stretch = anew ? kept.all() : kept.news();
      const led = [...entries].map(([tradeId, { stored, now }]) => {
        const { trade, steps } = advanceAll(now, stretch.events);
        return { tradeId, stored, trade, steps, fromSeq: now.seq };
      });
      const moves = led
        .filter(({ steps }) => steps.length > 0)
        .map(({ trade, steps, fromSeq }) => ({ trade, steps, fromSeq }));
      if (moves.length > 0 && !(await write(moves))) {
        isStale = true;
        if (++conflicts > MOST_CONFLICTS) throw new Error('the trades of this plan do not hold still');
        continue;
      }
      stretch.pass();
      for (const { tradeId, trade, steps, stored } of led) {
        if (trade.memberId === null) shadow = trade;
        if (trade.state === 'closed') entries.delete(tradeId);
        else entries.set(tradeId, { now: trade, stored: steps.length > 0 ? trade : stored });
      }
      listen();
      if (moves.length > 0) deps.onWrite(moves);
    }
  };

  const overIfOver = (): void => {
    if (hasEnded || isStale || entries.size > 0 || waiting > 0) return;
    end();
    deps.onOver();
  };

  const turn = async (): Promise<void> => {
    isWoken = false;
    try {
      await goOn();
      failures = 0;
      overIfOver();
    } catch (err) {
      later(err);
    }
  };

  /** Whether the database took the last write is not known: it is asked before the next. */
  const later = (err: unknown): void => {
    isStale = true;
    if (hasEnded || cancelRetry) return;
    if (failures === 0) log.warn({ planId, err }, 'steps not written, minutes kept until they are');
    const waitMs = fullJitter(failures++, deps.random ? { ...BACKOFF, random: deps.random } : BACKOFF);
    cancelRetry = wall.at(wall.now() + waitMs, () => {
      cancelRetry = undefined;
      wake();
    });
  };

  function wake(): void {
    if (isWoken || hasEnded || cancelRetry) return;
    isWoken = true;
    void enqueue(turn);
  }

  function end(): void {
    hasEnded = true;
    cancelRetry?.();
    leave();
  }

  const again = (): Promise<void> => {
    isStale = true;
    return goOn();
  };

  return {
    get symbol() {
      return symbol;
    },
    trade: (tradeId) => entries.get(tradeId)?.now,
    refresh: () =>
      enqueue(() => {
        isStale = true;
        return turn();
      }),
    during(work) {
      waiting += 1;
      return enqueue(async () => {
        try {
          await goOn();
          return await work({
            trade: (tradeId) => entries.get(tradeId)?.now,
            get shadow() {
              return shadow;
            },
            again,
          });
        } finally {
          waiting -= 1;
          isStale = true;
          wake();
        }
      });
    },
    end,
  };
}
