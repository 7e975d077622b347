import type { SessionDay } from '../domain/session.ts';
import { AppError } from '../kit/errors.ts';
import type { MarketClockState } from './discord/person-api.ts';
import type { MarketControl } from './market-control.ts';
import { dayEndsAt, nextMoment, nextPhaseAt, phaseOf } from './replay-days.ts';
import { createTimerQueue } from './timer-queue.ts';

/** The replay's market time; `jumping` is true while it runs through skipped hours as fast as it can. */
export interface ReplayClock extends MarketControl {
  jumping(): boolean;
}

export interface ReplayClockOptions {
  /** The replayed days, oldest first. */
  readonly sessions: readonly SessionDay[];
  readonly startAt: number;
  readonly speed: number;
  readonly paused?: boolean;
  readonly wallNow?: () => number;
  /** Real timer; returns its cancel. */
  readonly setTimer?: (fn: () => void, ms: number) => () => void;
}

const MINUTE_MS = 60_000;
const never = Number.POSITIVE_INFINITY;
const LONGEST_WAIT_MS = 3_600_000;
/** Real time between two tidings of a jump on its way. */
const JUMP_TOLD_MS = 250;

/**
 * Market time as a function of real time, speed, pause and jumps. It never goes back and never runs past a timer that
 * has not fired: every timer sees its own `at` as now, at any speed and while jumping. After the after-market it jumps
 * to 09:25 of the next day; at the end of the last day it pauses for good.
 */
export function createReplayClock(options: ReplayClockOptions): ReplayClock {
  const { sessions } = options;
  const wallNow = options.wallNow ?? Date.now;
  const setTimer = options.setTimer ?? realTimer;
  const timers = createTimerQueue();
  const listeners = new Set<(state: MarketClockState) => void>();
  let speed = checkedSpeed(options.speed);
  let paused = options.paused ?? false;
  let marketAt = checkedStart(sessions, options.startAt);
  let wallAt = wallNow();
  let firing = false;
  let jumpTo: number | undefined;
  let cancelWake: (() => void) | undefined;
  let stopped = false;
  let changes = 0;
  let told = { phase: phaseOf(sessions, marketAt), wallAt };

  /** Where the real clock says the market is, before it waits for timers. */
  function reachable(): number {
    if (paused || jumpTo !== undefined) return marketAt;
    const run = Math.max(0, wallNow() - wallAt) * speed;
    return Math.min(marketAt + run, Math.max(marketAt, dayEndsAt(sessions, marketAt)));
  }

  function now(): number {
    if (firing) return marketAt;
    return Math.floor(Math.max(marketAt, Math.min(reachable(), timers.nextAt() ?? never)));
  }

  /** Makes `at` the new present; the real time used up to get there counts from here. */
  function settle(at: number, wall: number): void {
    marketAt = Math.max(marketAt, at);
    wallAt = wall;
  }

  function fireUpTo(at: number): void {
    const before = changes;
    firing = true;
    try {
      // a timer that pauses, jumps or changes the speed ends this round
      while (changes === before && !stopped) {
        const due = timers.takeDue(at);
        if (due === undefined) break;
        marketAt = Math.max(marketAt, due.at);
        due.fn();
      }
    } finally {
      firing = false;
    }
  }

  function run(): void {
    cancelWake = undefined;
    try {
      if (jumpTo !== undefined) jumpOneMinute(jumpTo);
      else runToPresent();
    } finally {
      arm();
    }
  }

  function runToPresent(): void {
    const wall = wallNow();
    const target = reachable();
    const before = changes;
    fireUpTo(target);
    if (changes !== before) return;
    settle(target, wall);
    if (marketAt >= dayEndsAt(sessions, marketAt)) endDay();
    else if (isNewPhase()) tell();
  }

  function jumpOneMinute(target: number): void {
    const from = Math.max(marketAt, Math.min(timers.nextAt() ?? target, target));
    const stepTo = Math.min(target, Math.ceil(from / MINUTE_MS) * MINUTE_MS);
    const before = changes;
    fireUpTo(stepTo);
    if (changes !== before) return;
    settle(stepTo, wallNow());
    if (jumpTo === undefined) return;
    if (marketAt < jumpTo) {
      // whoever shows the time cannot reckon it during a jump
      if (isNewPhase() || wallNow() - told.wallAt >= JUMP_TOLD_MS) tell();
      return;
    }
    jumpTo = undefined;
    if (marketAt >= dayEndsAt(sessions, marketAt)) endDay();
    tell();
  }

  function endDay(): void {
    const next = sessions.find((day) => day.opensAt > marketAt);
    if (next === undefined) paused = true;
    else jumpTo = Math.max(marketAt, next.opensAt - 5 * MINUTE_MS);
    tell();
  }

  function arm(): void {
    cancelWake?.();
    cancelWake = undefined;
    if (stopped || firing) return;
    const waitMs = waitForNext();
    if (waitMs !== undefined) cancelWake = setTimer(run, Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(waitMs))));
  }

  function waitForNext(): number | undefined {
    if (jumpTo !== undefined) return 0;
    const nextAt = timers.nextAt();
    if (paused) return nextAt !== undefined && nextAt <= marketAt ? 0 : undefined;
    const eventAt = Math.min(nextAt ?? never, nextPhaseAt(sessions, marketAt) ?? never, dayEndsAt(sessions, marketAt));
    return (eventAt - marketAt) / speed - (wallNow() - wallAt);
  }

  function state(): MarketClockState {
    const at = now();
    const { phase, on } = phaseOf(sessions, at);
    return { marketAt: at, wallAt: wallNow(), speed, paused, phase, sessionOn: on };
  }

  function isNewPhase(): boolean {
    const { phase, on } = phaseOf(sessions, marketAt);
    return phase !== told.phase.phase || on !== told.phase.on;
  }

  function tell(): void {
    const current = state();
    told = { phase: phaseOf(sessions, current.marketAt), wallAt: current.wallAt };
    for (const listener of [...listeners]) listener(current);
  }

  /** Applies a change at the present moment and tells of it. */
  function change(apply: () => void): void {
    settle(now(), wallNow());
    changes += 1;
    apply();
    arm();
    tell();
  }

  arm();
  return {
    now,
    at(at, fn) {
      const cancel = timers.add(Math.max(at, now()), fn);
      arm();
      return cancel;
    },
    state,
    setSpeed: (next) => change(() => (speed = checkedSpeed(next))),
    pause: () => change(() => (paused = true)),
    resume: () => {
      if (jumpTo === undefined && now() >= dayEndsAt(sessions, now())) throw ended(sessions);
      change(() => (paused = false));
    },
    jumpTo: (target) => {
      const moment = nextMoment(sessions, Math.max(now(), jumpTo ?? 0), target);
      if (moment === undefined) throw ended(sessions);
      change(() => (jumpTo = moment));
    },
    jumping: () => jumpTo !== undefined,
    onChange(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    stop() {
      stopped = true;
      cancelWake?.();
    },
  };
}

function realTimer(fn: () => void, ms: number): () => void {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
}

function checkedSpeed(speed: number): number {
  if (speed >= 1 && speed <= 600) return speed;
  throw new AppError('invalid_input', `speed is ${speed}; it must be between 1 and 600`);
}

function checkedStart(sessions: readonly SessionDay[], startAt: number): number {
  const last = sessions.at(-1);
  if (last !== undefined && startAt < dayEndsAt([last], last.opensAt)) return startAt;
  throw new AppError('invalid_input', 'the replay has to start before its last session ends');
}

function ended(sessions: readonly SessionDay[]): AppError {
  const on = sessions.at(-1)?.on ?? 'none';
  return new AppError('conflict', `the last replayed session is ${on}; restart the sandbox to begin again`);
}
