import type { Trade } from '../domain/trade.ts';
import { fullJitter } from '../kit/backoff.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { Trades } from '../store/trades.ts';
import type { Alerts } from './alerts.ts';
import { createPlanLife, type PlanLife, type PlanTrades } from './lives/plan-life.ts';
import type { Minutes } from './minutes.ts';

export type { PlanTrades } from './lives/plan-life.ts';

/** Every open trade of every plan, on its way through the minutes of its symbol. */
export interface Lives {
  /** Takes up every trade that has not ended; a database that is away is asked until it answers. */
  start(): Promise<void>;
  stop(): void;
  /** A plan that was offered or taken: its trades are read again, and followed. */
  adopt(planId: string): Promise<void>;
  /** Runs work that writes trades of a plan: nothing else writes them meanwhile, and what it wrote is followed afterwards. */
  during<T>(planId: string, work: (trades: PlanTrades) => Promise<T>): Promise<T>;
  /** An open trade, led through every minute so far; undefined for one that is not open, or not known yet. */
  trade(planId: string, tradeId: string): Trade | undefined;
  openSymbols(): readonly string[];
  openPlans(): readonly { readonly planId: string; readonly symbol: string }[];
  /** Told after steps of a plan were written, by the market or by a member; the returned function stops it. */
  onChange(fn: (planId: string) => void): () => void;
}

const BACKOFF = { baseMs: 500, capMs: 5_000 };

/** Nothing lives before `start`, except what is adopted. */
export function createLives(deps: {
  readonly minutes: Pick<Minutes, 'follow'>;
  readonly trades: Pick<Trades, 'open' | 'ofPlan' | 'apply'>;
  readonly alerts: Pick<Alerts, 'kick'>;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time; the machine's own unless given. */
  readonly wall?: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics?: Pick<Metrics, 'counter'>;
  readonly random?: () => number;
}): Lives {
  const { minutes, trades, alerts, clock, wall = systemClock, log, random = Math.random } = deps;
  const counter = deps.metrics?.counter('trade_steps_total', 'Steps of trades and shadows.', ['kind', 'whose']);
  const lives = new Map<string, PlanLife>();
  const listeners = new Set<(planId: string) => void>();
  let hasStopped = false;
  let failures = 0;
  let cancelRetry: () => void = () => {};

  const changed = (planId: string): void => {
    alerts.kick();
    for (const listener of listeners) listener(planId);
  };

  const lifeOf = (planId: string): PlanLife => {
    const known = lives.get(planId);
    if (known) return known;
    const life = createPlanLife(
      {
        minutes,
        trades,
        clock,
        wall,
        log,
        random,
        onWrite(moves) {
          for (const { trade, steps } of moves) {
            const whose = trade.memberId === null ? 'plan' : 'member';
            for (const { kind } of steps) counter?.inc({ kind, whose });
          }
          changed(planId);
        },
        onOver: () => void lives.delete(planId),
      },
      planId,
    );
    if (hasStopped) life.end();
    else lives.set(planId, life);
    return life;
  };

  const takeUp = async (): Promise<void> => {
    try {
      const open = await trades.open();
      if (hasStopped) return;
      const planIds = new Set(open.map(({ planId }) => planId));
      await Promise.all([...planIds].map((planId) => lifeOf(planId).refresh()));
    } catch (err) {
      if (hasStopped) return;
      if (failures === 0) log.warn({ err }, 'open trades not read, tried again until they are');
      cancelRetry = wall.at(wall.now() + fullJitter(failures++, { ...BACKOFF, random }), () => void takeUp());
    }
  };

  const openPlans = () =>
    [...lives].flatMap(([planId, { symbol }]) => (symbol === undefined ? [] : [{ planId, symbol }]));

  return {
    start: takeUp,
    stop() {
      hasStopped = true;
      cancelRetry();
      for (const life of lives.values()) life.end();
      lives.clear();
    },
    adopt: (planId) => lifeOf(planId).refresh(),
    async during(planId, work) {
      const done = await lifeOf(planId).during(work);
      changed(planId);
      return done;
    },
    trade: (planId, tradeId) => lives.get(planId)?.trade(tradeId),
    openSymbols: () => [...new Set(openPlans().map(({ symbol }) => symbol))],
    openPlans,
    onChange(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
  };
}
