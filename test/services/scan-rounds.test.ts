import { describe, expect, it } from 'vitest';
import { detectors } from '../../src/domain/detectors/all.ts';
import type { JudgedSetup } from '../../src/domain/judged-setup.ts';
import { barClosesBetween, scanAt } from '../../src/domain/scan.ts';
import type { Detector } from '../../src/domain/setup.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createScanRounds } from '../../src/services/scan-rounds.ts';
import type { ScannedSymbol } from '../../src/services/scan-set.ts';
import { dayOn } from '../domain/ask.ts';
import { calendar, recording } from '../domain/market-data.ts';

const day = dayOn('2013-10-08');
const ibm = recording('IBM', '2013');
const found = barClosesBetween(day, day.opensAt, day.closesAt).find(
  (at) => scanAt({ ...ibm, calendar, day, at, now: at, detectors }).length > 0,
);
if (found === undefined) throw new Error('IBM had no setup that day');
const bar = found;

/** A desk with many copies of one market; turns of the event loop and the market's timers are taken by hand. */
function desk(names: readonly string[], over: { readonly detectors?: readonly Detector[] } = {}) {
  const symbols = new Map(
    names.map((symbol): [string, ScannedSymbol] => {
      const minutes = ibm.minutes.map((minute) => ({ ...minute, symbol }));
      return [symbol, { symbol, daily: ibm.daily, minutes, completeTo: bar, lookedTo: bar - 60_000 }];
    }),
  );
  const turns: (() => void)[] = [];
  const timers: { at: number; fn: () => void }[] = [];
  const decided: JudgedSetup[] = [];
  const errors: unknown[] = [];
  const state = { isOpen: true, waiting: 0, now: bar + 5_000, wallNow: 0 };
  const at = (time: number, fn: () => void): (() => void) => {
    const timer = { at: time, fn };
    timers.push(timer);
    return () => {
      if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
    };
  };
  const rounds = createScanRounds({
    set: { ready: () => [...symbols.values()], find: (symbol) => symbols.get(symbol) },
    book: { decide: (setup) => void decided.push(setup), knows: () => false, waiting: () => state.waiting },
    isOpen: () => state.isOpen,
    calendar,
    detectors,
    clock: { now: () => state.now, at },
    wall: { now: () => state.wallNow, at },
    yieldTo: (rest) => void turns.push(rest),
    log: { error: (...line: unknown[]) => void errors.push(line) },
    metrics: createMetrics(),
    ...over,
  });
  state.now = bar - 1_000;
  rounds.reset(day);
  // the bar closes
  state.now = bar + 5_000;
  timers.shift()?.fn();
  timers.shift();
  const looked = (): number => [...symbols.values()].filter(({ lookedTo }) => lookedTo === bar).length;
  return { rounds, symbols, turns, timers, decided, errors, state, looked, turn: () => turns.shift()?.() };
}

const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('nothing there');
  return value;
};

const NAMES = Array.from({ length: 20 }, (_, index) => `S${String(index).padStart(2, '0')}`);

describe('a round of looks', () => {
  it('takes eight symbols a turn and decides when all of them were looked at', () => {
    const { rounds, turn, turns, looked, decided } = desk(NAMES);
    for (const symbol of NAMES) rounds.due(symbol);
    expect(turns).toHaveLength(1);
    const seen: [number, number][] = [];
    while (turns.length > 0) {
      turn();
      seen.push([looked(), decided.length]);
    }
    expect(seen).toEqual([
      [8, 0],
      [16, 0],
      [20, decided.length],
    ]);
    expect(decided.map(({ setup }) => setup.symbol).slice(0, 20)).toEqual(NAMES);
  });

  it('waits half a minute for a symbol whose minutes are on their way, a second of real time at least, and no longer', () => {
    const { rounds, turn, timers, decided, state } = desk(NAMES.slice(0, 3));
    rounds.due('S00');
    rounds.due('S02');
    turn();
    expect(decided).toEqual([]);
    expect(timers.map(({ at }) => at)).toEqual([bar + 30_000]);
    state.now = bar + 30_000;
    timers.shift()?.fn();
    expect(decided).toEqual([]);
    expect(timers.map(({ at }) => at)).toEqual([1_000]);
    state.wallNow = 1_000;
    timers.shift()?.fn();
    expect(new Set(decided.map(({ setup }) => setup.symbol))).toEqual(new Set(['S00', 'S02']));
    rounds.due('S01');
    turn();
    expect(decided.at(-1)?.setup.symbol).toBe('S01');
  });

  it('decides at once when the one that was waited for is there', () => {
    const { rounds, turn, timers, decided } = desk(NAMES.slice(0, 2));
    rounds.due('S01');
    turn();
    expect(decided).toEqual([]);
    rounds.due('S00');
    turn();
    expect(decided.map(({ setup }) => setup.symbol)).toContain('S00');
    expect(decided[0]?.setup.symbol).toBe('S00');
    expect(timers).toEqual([]);
  });

  it('looks at nothing while the book is closed or full, and at everything after', () => {
    const { rounds, turn, turns, looked, state } = desk(NAMES.slice(0, 5));
    state.isOpen = false;
    for (const symbol of NAMES.slice(0, 5)) rounds.due(symbol);
    turn();
    expect(looked()).toBe(0);
    state.isOpen = true;
    state.waiting = 500;
    rounds.resume();
    turn();
    expect(looked()).toBe(0);
    state.waiting = 499;
    rounds.resume();
    while (turns.length > 0) turn();
    expect(looked()).toBe(5);
  });

  it('that comes a minute late, or after a restart, leaves out plans that are over by then', () => {
    const outcomes = (over: { readonly wallNow?: number; readonly completeTo?: number; readonly again?: boolean }) => {
      const { rounds, turn, symbols, decided, state } = desk(['S00']);
      symbols.set('S00', { ...present(symbols.get('S00')), completeTo: over.completeTo ?? bar });
      state.wallNow = over.wallNow ?? 0;
      if (over.again) rounds.reset(day);
      rounds.due('S00');
      turn();
      const ofBar = decided.filter(({ setup }) => setup.detectedAt === bar);
      return ofBar.map(({ result }) => (result.ok ? 'plan' : result.refusal.code));
    };
    const inTime = outcomes({});
    expect(inTime).toContain('plan');
    const anHour = bar + 60 * 60_000;
    expect(outcomes({ completeTo: anHour, wallNow: 60_000 })).toEqual(inTime);
    expect(outcomes({ completeTo: anHour, wallNow: 60_001 })).not.toContain('plan');
    expect(outcomes({ completeTo: anHour, again: true })).not.toContain('plan');
  });

  it('survives a detector that fails on one symbol', () => {
    const picky = detectors.map((detector) => ({
      ...detector,
      detect(input: Parameters<Detector['detect']>[0]) {
        if (input.symbol === 'S01') throw new Error('a strange market');
        return detector.detect(input);
      },
    }));
    const { rounds, turn, decided, errors } = desk(NAMES.slice(0, 3), { detectors: picky });
    for (const symbol of NAMES.slice(0, 3)) rounds.due(symbol);
    turn();
    expect(new Set(decided.map(({ setup }) => setup.symbol))).toEqual(new Set(['S00', 'S02']));
    expect(errors).toHaveLength(1);
  });
});
