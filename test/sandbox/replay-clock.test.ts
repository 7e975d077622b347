import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionDay } from '../../src/domain/session.ts';
import { createReplayClock, type ReplayClockOptions } from '../../src/sandbox/replay-clock.ts';
import { fakeWall } from './fake-wall.ts';

const OPEN_23 = Date.parse('2015-12-23T14:30:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function day(on: string, hours: number): SessionDay {
  const opensAt = Date.parse(`${on}T14:30:00Z`);
  return { on, opensAt, closesAt: opensAt + hours * HOUR, earlyClose: hours < 6.5 };
}

const SESSIONS = [day('2015-12-23', 6.5), day('2015-12-24', 3.5), day('2015-12-28', 6.5)];

function clockAt(startAt: number, options: Partial<ReplayClockOptions> = {}) {
  const wall = fakeWall();
  const { wallNow, setTimer } = wall;
  const clock = createReplayClock({ sessions: SESSIONS, startAt, speed: 60, wallNow, setTimer, ...options });
  return { wall, clock };
}

describe('the replayed market clock', () => {
  it('runs sixty market seconds per real second at sixty times', () => {
    const { wall, clock } = clockAt(OPEN_23);
    wall.pass(10_000);
    expect(clock.now()).toBe(OPEN_23 + 10 * MINUTE);
  });

  it('stands still while paused and goes on from the same moment', () => {
    const { wall, clock } = clockAt(OPEN_23);
    clock.pause();
    wall.pass(60_000);
    expect(clock.now()).toBe(OPEN_23);
    clock.resume();
    wall.pass(1_000);
    expect(clock.now()).toBe(OPEN_23 + MINUTE);
  });

  it('shows a timer its own time even when real time has run far past it', () => {
    const { wall, clock } = clockAt(OPEN_23, { speed: 600 });
    const seen: number[] = [];
    for (const minute of [3, 1, 2]) clock.at(OPEN_23 + minute * MINUTE, () => seen.push(clock.now()));
    wall.pass(5_000);
    expect(seen).toEqual([1, 2, 3].map((minute) => OPEN_23 + minute * MINUTE));
  });

  it('fires a timer that is already past at once, also while paused', () => {
    const { wall, clock } = clockAt(OPEN_23, { paused: true });
    let fired = 0;
    clock.at(OPEN_23 - HOUR, () => (fired += 1));
    wall.pass(0);
    expect(fired).toBe(1);
  });

  it('does not fire a cancelled timer', () => {
    const { wall, clock } = clockAt(OPEN_23);
    let fired = 0;
    clock.at(OPEN_23 + MINUTE, () => (fired += 1))();
    wall.pass(5_000);
    expect(fired).toBe(0);
  });

  it('jumps to one minute before the bell and fires everything on the way in order', () => {
    const { wall, clock } = clockAt(OPEN_23 + HOUR, { paused: true });
    const seen: number[] = [];
    const every = (at: number): void => {
      seen.push(clock.now());
      clock.at(at + MINUTE, () => every(at + MINUTE));
    };
    clock.at(OPEN_23 + HOUR, () => every(OPEN_23 + HOUR));
    clock.jumpTo('next_close');
    expect(clock.jumping()).toBe(true);
    wall.pass(0);
    expect(clock.jumping()).toBe(false);
    expect(clock.now()).toBe(OPEN_23 + 6.5 * HOUR - MINUTE);
    expect(seen).toEqual(Array.from({ length: 330 }, (_, index) => OPEN_23 + HOUR + index * MINUTE));
  });

  it('closes early on Christmas Eve', () => {
    const { wall, clock } = clockAt(day('2015-12-24', 3.5).opensAt, { paused: true });
    clock.jumpTo('next_close');
    wall.pass(0);
    expect(new Date(clock.now()).toISOString()).toBe('2015-12-24T17:59:00.000Z');
  });

  it('skips the night: after the after-market it is 09:25 of the next session', () => {
    const { wall, clock } = clockAt(OPEN_23 + 6.5 * HOUR, { speed: 600 });
    wall.pass(24_000);
    expect(clock.state()).toMatchObject({ phase: 'premarket', sessionOn: '2015-12-24' });
    expect(new Date(clock.now()).toISOString()).toBe('2015-12-24T14:25:00.000Z');
  });

  it('pauses for good after the last session and says so', () => {
    const { wall, clock } = clockAt(day('2015-12-28', 6.5).closesAt, { speed: 600 });
    wall.pass(60_000);
    expect(clock.state()).toMatchObject({ paused: true, phase: 'closed' });
    expect(() => clock.resume()).toThrow('the last replayed session is 2015-12-28; restart the sandbox to begin again');
    expect(() => clock.jumpTo('next_open')).toThrow('restart the sandbox');
    expect(wall.waiting()).toBe(0);
  });

  it('refuses a speed outside 1 to 600 and a start after the end', () => {
    const { clock } = clockAt(OPEN_23);
    expect(() => clock.setSpeed(0)).toThrow('speed is 0');
    expect(() => clock.setSpeed(601)).toThrow('between 1 and 600');
    expect(() => clockAt(Date.parse('2016-02-01'))).toThrow('has to start before');
  });

  it('tells of every change, and of the end of a jump', () => {
    const { wall, clock } = clockAt(OPEN_23);
    const told: string[] = [];
    const silence = clock.onChange((state) => told.push(`${state.speed} ${state.paused} ${state.phase}`));
    clock.setSpeed(10);
    clock.pause();
    clock.jumpTo('next_open');
    wall.pass(0);
    silence();
    clock.resume();
    expect(told).toEqual(['10 false regular', '10 true regular', '10 true regular', '10 true premarket']);
  });

  it('tells of each new phase and day by itself, at its very moment', () => {
    const { wall, clock } = clockAt(OPEN_23 - MINUTE, { speed: 600 });
    const told: string[] = [];
    clock.onChange((state) =>
      told.push(`${state.sessionOn} ${state.phase} ${new Date(state.marketAt).toISOString().slice(11, 19)}`),
    );
    wall.pass(70_000);
    expect(told.slice(0, 3)).toEqual([
      '2015-12-23 regular 14:30:00',
      '2015-12-23 aftermarket 21:00:00',
      '2015-12-23 closed 01:00:00',
    ]);
    expect(told.slice(3)).toContain('2015-12-24 premarket 14:25:00');
    expect(told.at(-1)).toBe('2015-12-24 regular 14:30:00');
  });

  it('tells of a new phase as soon as it can when the process was held up', () => {
    const { wall, clock } = clockAt(OPEN_23 - MINUTE);
    const told: string[] = [];
    clock.onChange((state) => told.push(`${state.phase} ${(state.marketAt - OPEN_23) / 1000}`));
    wall.stall(3_000);
    expect(told).toEqual(['regular 120']);
  });

  it('tells of the time on the way of a long jump', () => {
    const { wall, clock } = clockAt(OPEN_23 + HOUR);
    const every = (at: number): void => void clock.at(at, () => every(at + MINUTE));
    every(OPEN_23 + HOUR + MINUTE);
    clock.jumpTo('next_close');
    const told: number[] = [];
    clock.onChange((state) => told.push(state.marketAt));
    while (clock.jumping()) {
      wall.freeze(50);
      wall.wakeOne();
    }
    expect(told.length).toBeGreaterThan(329 / 5 - 2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(OPEN_23 + 6.5 * HOUR - MINUTE);
  });

  it('waits for a timer that has not fired yet, however long the process stands still', () => {
    const { wall, clock } = clockAt(OPEN_23);
    clock.at(OPEN_23 + MINUTE, () => {});
    wall.freeze(MINUTE);
    expect(clock.now()).toBe(OPEN_23 + MINUTE);
    wall.pass(0);
    expect(clock.now()).toBe(OPEN_23 + HOUR);
  });

  it('fires timers of the same moment in the order they were set', () => {
    const { wall, clock } = clockAt(OPEN_23);
    const fired: string[] = [];
    for (const name of ['first', 'second', 'third']) clock.at(OPEN_23 + MINUTE, () => fired.push(name));
    wall.pass(1_000);
    expect(fired).toEqual(['first', 'second', 'third']);
  });

  it('gives way to the process after every minute of a jump and does not run by itself meanwhile', () => {
    const { wall, clock } = clockAt(OPEN_23 + 6 * HOUR);
    const every = (at: number): void => void clock.at(at, () => every(at + MINUTE));
    every(OPEN_23 + 6 * HOUR + MINUTE);
    clock.jumpTo('next_close');
    wall.freeze(10 * MINUTE);
    expect(clock.now()).toBe(OPEN_23 + 6 * HOUR);
    const seen = new Set<number>();
    for (let rounds = 0; clock.jumping(); rounds += 1) {
      wall.wakeOne();
      seen.add(clock.now());
      expect(rounds).toBeLessThan(100);
    }
    expect(seen.size).toBe(29);
  });

  it('lets a timer change the speed for the timers after it, however late the process is', () => {
    const { wall, clock } = clockAt(OPEN_23, { speed: 600 });
    clock.at(OPEN_23 + MINUTE, () => clock.setSpeed(1));
    wall.stall(60_000);
    expect(clock.now()).toBe(OPEN_23 + MINUTE);
    wall.pass(1_000);
    expect(clock.now()).toBe(OPEN_23 + MINUTE + 1_000);
  });

  it('lets a timer pause the market at its own moment', () => {
    const { wall, clock } = clockAt(OPEN_23, { speed: 600 });
    const later: number[] = [];
    clock.at(OPEN_23 + MINUTE, () => clock.pause());
    clock.at(OPEN_23 + 2 * MINUTE, () => later.push(clock.now()));
    wall.stall(10_000);
    expect(clock.now()).toBe(OPEN_23 + MINUTE);
    expect(later).toEqual([]);
  });
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 30_000 }) }),
  fc.record({ kind: fc.constant('stall' as const), ms: fc.integer({ min: 0, max: 30_000 }) }),
  fc.record({ kind: fc.constant('speed' as const), speed: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ kind: fc.constant('timer' as const), inMs: fc.integer({ min: -HOUR, max: 30 * HOUR }) }),
  fc.record({
    kind: fc.constantFrom('pause' as const, 'resume' as const, 'next_open' as const, 'next_close' as const),
  }),
);

describe('any sequence of speeds, pauses and jumps', () => {
  it('never goes back, fires every timer once, in order, at its own time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { wall, clock } = clockAt(OPEN_23);
        const fired: { id: number; due: number; at: number }[] = [];
        const dues: number[] = [];
        let latest = clock.now();
        const look = (): void => {
          expect(clock.now()).toBeGreaterThanOrEqual(latest);
          latest = clock.now();
        };
        for (const one of steps) {
          if (one.kind === 'pass') wall.pass(one.ms);
          else if (one.kind === 'stall') wall.stall(one.ms);
          else if (one.kind === 'speed') clock.setSpeed(one.speed);
          else if (one.kind === 'timer') {
            const due = Math.max(clock.now(), clock.now() + one.inMs);
            const id = dues.push(due);
            clock.at(clock.now() + one.inMs, () => {
              look();
              fired.push({ id, due, at: clock.now() });
            });
          } else
            attempt(() =>
              one.kind === 'pause' ? clock.pause() : one.kind === 'resume' ? clock.resume() : clock.jumpTo(one.kind),
            );
          look();
        }
        wall.pass(0);
        expect(new Set(fired.map((one) => one.id)).size).toBe(fired.length);
        for (const one of fired) expect(one.at).toBe(one.due);
        expect(fired.map((one) => one.at)).toEqual(fired.map((one) => one.at).sort((a, b) => a - b));
        attempt(() => clock.resume());
        clock.setSpeed(600);
        wall.pass(1_000_000);
        const end = day('2015-12-28', 6.5).closesAt + 4 * HOUR;
        expect(clock.now()).toBe(end);
        expect(fired.length).toBe(dues.filter((due) => due <= end).length);
        clock.stop();
      }),
      { numRuns: 300 },
    );
  });
});

/** Refusals at the end of the replay are part of the game. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    expect(String(error)).toContain('the last replayed session');
  }
}
