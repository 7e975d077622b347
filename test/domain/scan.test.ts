import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import type { JudgedSetup } from '../../src/domain/judged-setup.ts';
import { planFor, verifyPlan } from '../../src/domain/plan.ts';
import { planInputsSchema } from '../../src/domain/plan-inputs.ts';
import { DEFAULT_RISK } from '../../src/domain/risk.ts';
import { barClosesBetween, scanAt } from '../../src/domain/scan.ts';
import type { SessionDay } from '../../src/domain/session.ts';
import { atNewYork, wallClock } from '../../src/domain/session.ts';
import { dayOn } from './ask.ts';
import { calendar, type Recording, recording } from './market-data.ts';

const MINUTE_MS = 60_000;

const lookAt = (recorded: Recording, day: SessionDay, at: number, now = at): readonly JudgedSetup[] =>
  scanAt({ ...recorded, calendar, day, at, now, detectors });

/** Every look that found something, in twelve recorded sessions. */
const looks = [recording('IBM', '2013'), recording('AAPL', '2014'), recording('GOOG', '2015')].flatMap((recorded) =>
  recorded.days.flatMap((day) =>
    barClosesBetween(day, day.opensAt, day.closesAt).flatMap((at) => {
      const found = lookAt(recorded, day, at);
      return found.length > 0 ? [{ recorded, day, at, found }] : [];
    }),
  ),
);

describe('the closes of five-minute bars', () => {
  const day = dayOn('2015-12-24');
  const closes = (from: string, to: string): string[] =>
    barClosesBetween(day, atNewYork(day.on, from), atNewYork(day.on, to)).map(wallClock);

  test('begin at 9:35 and end with the session, also on a half day', () => {
    expect(closes('04:00', '20:00')).toHaveLength(42);
    expect(closes('04:00', '09:45')).toEqual(['09:35', '09:40', '09:45']);
    expect(closes('12:50', '20:00')).toEqual(['12:55', '13:00']);
    expect(closes('13:00', '20:00')).toEqual([]);
  });

  test('are each in one of two spans that meet', () => {
    expect(closes('09:40', '09:45')).toEqual(['09:45']);
    expect(closes('09:41', '09:44')).toEqual([]);
    expect([...closes('09:30', '10:17'), ...closes('10:17', '11:00')]).toEqual(closes('09:30', '11:00'));
  });
});

describe('a look at a bar', () => {
  test('finds what /plan build would answer with at that moment, plan for plan', () => {
    let same = 0;
    for (const { recorded, day, at, found } of looks) {
      const { symbol, daily, minutes } = recorded;
      const asked = planFor({ symbol, calendar, day, asOf: at, daily, minutes, risk: DEFAULT_RISK, detectors });
      if (!asked.ok || asked.plan.decidedAt !== at) continue;
      const scanned = found.flatMap(({ result }) => (result.ok ? [result.plan] : []));
      expect(scanned.map(canonicalJson)).toContain(canonicalJson(asked.plan));
      same += 1;
    }
    expect(same).toBeGreaterThan(50);
  }, 30_000);

  test('that comes ten minutes late decides by the same bars, and gives no plan that is over by then', () => {
    const counts = { same: 0, over: 0 };
    for (const { recorded, day, at, found } of looks) {
      const late = lookAt(recorded, day, at, at + 10 * MINUTE_MS);
      expect(late.map(({ inputs }) => canonicalJson(inputs))).toEqual(found.map(({ inputs }) => canonicalJson(inputs)));
      for (const [index, { result }] of late.entries()) {
        if (result.ok) counts.same += 1;
        else if (found[index]?.result.ok) {
          expect(result.refusal).toMatchObject({ code: 'no_setup', reason: expect.stringMatching(/\d/) });
          counts.over += 1;
        }
      }
    }
    expect(counts.same).toBeGreaterThan(50);
    expect(counts.over).toBeGreaterThan(10);
  });

  test('knows nothing of a bar in which nothing traded, whatever the bar before it was', () => {
    for (const { recorded, day, at } of looks) {
      const silent = recorded.minutes.filter((bar) => bar.openAt < at || bar.openAt >= at + 5 * MINUTE_MS);
      expect(lookAt({ ...recorded, minutes: silent }, day, at)).not.toEqual([]);
      expect(lookAt({ ...recorded, minutes: silent }, day, at + 5 * MINUTE_MS)).toEqual([]);
    }
  });

  test('costs under five milliseconds, however the machine is shared', () => {
    const before = process.cpuUsage();
    let count = 0;
    for (const { recorded, day } of looks.slice(-1)) {
      for (const at of barClosesBetween(day, day.opensAt, day.closesAt)) {
        lookAt(recorded, day, at);
        count += 1;
      }
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000 / count).toBeLessThan(5);
  });

  test('sizes for the house: 10,000 dollars, 1 %', () => {
    for (const { result } of looks.flatMap(({ found }) => found)) {
      if (result.ok) expect(result.plan.size).toMatchObject({ accountDollars: 10_000, riskPct: 1 });
    }
  });
});

describe('the inputs of a setup', () => {
  test('written as JSON and read again build the same plan, byte for byte', () => {
    let checked = 0;
    for (const { inputs, result } of looks.flatMap(({ found }) => found)) {
      if (!result.ok) continue;
      const again = planInputsSchema.parse(JSON.parse(JSON.stringify(inputs)));
      expect(verifyPlan(result.plan, again)).toBe(true);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(80);
  });
});
