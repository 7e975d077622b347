import { describe, expect, test } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import { tapeAt } from '../../src/domain/known-tape.ts';
import { planFor } from '../../src/domain/plan.ts';
import type { SessionDay } from '../../src/domain/session.ts';
import { atNewYork, createCalendar, newYork } from '../../src/domain/session.ts';
import { ask, dayOn, planOf, risk } from './ask.ts';
import { frozen } from './detectors/contract.ts';
import { calendar, recording, recordings } from './market-data.ts';

const MINUTE_MS = 60_000;
const ibm = recording('IBM', '2013');

describe('the same question', () => {
  const plan = planOf(ibm, '2013-10-10', '11:00');

  test('gives the same plan, byte for byte, and leaves its inputs alone', () => {
    expect(canonicalJson(planOf(frozen(ibm), '2013-10-10', '11:00'))).toBe(canonicalJson(plan));
  });

  test('gives the same plan within the minute', () => {
    const asOf = atNewYork('2013-10-10', '11:00');
    for (const laterMs of [1, 17_000, 59_999]) {
      expect(planOf(ibm, '2013-10-10', '11:00', { asOf: asOf + laterMs })).toEqual(plan);
    }
  });

  test('gives the same plan whatever the future holds', () => {
    const asOf = atNewYork('2013-10-10', '11:00');
    const other = (bar: Bar): Bar => ({ ...bar, open: 1, high: 999, low: 0.5, close: 500 });
    const minutes = ibm.minutes.map((bar) => (bar.openAt + MINUTE_MS <= asOf ? bar : other(bar)));
    const daily = ibm.daily.map((bar) => (bar.openAt < atNewYork('2013-10-10', '00:00') ? bar : other(bar)));
    expect(planOf({ ...ibm, minutes, daily }, '2013-10-10', '11:00')).toEqual(plan);
    expect(planOf({ ...ibm, minutes: minutes.filter((bar) => bar.openAt < asOf) }, '2013-10-10', '11:00')).toEqual(
      plan,
    );
  });

  test('does not depend on how much older history was loaded', () => {
    const minutes = ibm.minutes.filter((bar) => bar.openAt >= atNewYork('2013-10-09', '04:00'));
    expect(planOf({ ...ibm, minutes, daily: ibm.daily.slice(10) }, '2013-10-10', '11:00')).toEqual(plan);
  });

  test('gives another id for another risk, but the same prices', () => {
    const bolder = planOf(ibm, '2013-10-10', '11:00', { risk: { ...risk, riskPct: 2 } });
    expect(bolder.planId).not.toBe(plan.planId);
    expect([bolder.entry, bolder.stop, bolder.targets]).toEqual([plan.entry, plan.stop, plan.targets]);
  });
});

describe('a closure that no rule knows of', () => {
  const mourning = { on: '2013-10-09', name: 'Day of mourning', kind: 'closed' } as const;
  const corrected = createCalendar([mourning]);

  test('moves the session before: the bars before today are those of the last real one', () => {
    const minutes = ibm.minutes.filter((bar) => newYork(bar.openAt).on !== mourning.on);
    const question = { ...ibm, minutes, day: dayOn('2013-10-10'), asOf: atNewYork('2013-10-10', '09:50') };
    expect(tapeAt({ ...question, calendar })).toMatchObject({ code: 'not_enough_history' });
    const tape = tapeAt({ ...question, calendar: corrected });
    if ('code' in tape) throw new Error(tape.reason);
    expect(newYork(tape.bars5m[0]?.openAt ?? 0).on).toBe('2013-10-08');
    expect(tape.bars5m).toHaveLength(78 + 4);
  });

  test('moves the end of a plan that is decided near the close, and gives it another id', () => {
    const late = ibm.days
      .flatMap((day) => [35, 30, 25, 20, 15, 10, 5, 0].map((left) => ({ day, asOf: day.closesAt - left * MINUTE_MS })))
      .flatMap(({ day, asOf }) => {
        const closed = createCalendar([{ ...mourning, on: calendar.next(day.on).on }]);
        const [plan, moved] = [calendar, closed].map((known) => ask(ibm, day.on, '15:00', { asOf, calendar: known }));
        if (!plan?.ok || !moved?.ok || plan.plan.decidedAt < day.closesAt - 30 * MINUTE_MS) return [];
        return [{ day, plan: plan.plan, moved: moved.plan }];
      });
    expect(late.length).toBeGreaterThan(0);
    for (const { day, plan, moved } of late) {
      const next = calendar.next(day.on);
      expect(plan.expiresAt).toBe(next.closesAt - 30 * MINUTE_MS);
      expect(moved.expiresAt).toBe(calendar.next(next.on).closesAt - 30 * MINUTE_MS);
      expect(moved.planId).not.toBe(plan.planId);
      expect(moved.entry).toEqual(plan.entry);
    }
  });

  test('leaves a plan of the morning as it is', () => {
    const closed = createCalendar([{ ...mourning, on: '2013-10-11' }]);
    expect(planOf(ibm, '2013-10-10', '11:00', { calendar: closed })).toEqual(planOf(ibm, '2013-10-10', '11:00'));
  });
});

describe('confidence', () => {
  test('is the same at the close, in the evening, before the next open', () => {
    let compared = 0;
    for (const recorded of recordings()) {
      for (const [index, day] of recorded.days.entries()) {
        const next = recorded.days[index + 1];
        if (!next) continue;
        // the evening's own prints may end a plan: they are news, the hour is not
        const minutes = recorded.minutes.filter((bar) => bar.openAt < day.closesAt);
        const { symbol, daily } = recorded;
        const at = (asOf: number, session: SessionDay) =>
          planFor({ symbol, calendar, day: session, asOf, daily, minutes, risk, detectors });
        const atClose = at(day.closesAt, day);
        const others = [
          at(day.closesAt + 2 * 3_600_000, day),
          at(day.closesAt + 1, next),
          at(next.opensAt - 3_600_000, next),
        ];
        for (const other of others) expect(other).toEqual(atClose);
        if (atClose.ok) compared += 1;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(5);
  });

  test('rises for a long when more of the market rises, and falls for a short', () => {
    const base = planOf(ibm, '2013-10-10', '11:00');
    const sign = base.direction === 'long' ? 1 : -1;
    const scores = [10, 30, 50, 70, 90].map(
      (breadthPct) => planOf(ibm, '2013-10-10', '11:00', { context: { breadthPct } }).confidence.score,
    );
    expect(scores.map((score) => sign * score)).toEqual(scores.map((score) => sign * score).sort((a, b) => a - b));
    expect(Math.abs((scores.at(-1) ?? 0) - (scores[0] ?? 0))).toBe(8);
  });
});

test('a split that the prices do not know of yet cuts off what was before it', () => {
  const apple = recording('AAPL', '2014');
  const opensAt = dayOn('2014-06-09').opensAt;
  const first = apple.minutes.findIndex((bar) => bar.openAt >= opensAt);
  expect(apple.daily.at(-2)?.close).toBe(645.57);
  expect(apple.minutes[first]?.open).toBeLessThan(93);
  const alone = {
    ...apple,
    minutes: apple.minutes.filter((bar) => bar.openAt >= atNewYork('2014-06-09', '04:00')),
    daily: [],
  };
  const times = ['10:30', '11:30', '12:30', '13:30', '14:30'];
  const answers = times.map((time) => ask(apple, '2014-06-09', time));
  expect(answers).toEqual(times.map((time) => ask(alone, '2014-06-09', time)));
  expect(answers.filter((answer) => answer.ok).length).toBeGreaterThan(0);
});

describe('a refusal has a number in its sentence', () => {
  const refusal = (result: ReturnType<typeof ask>) => {
    if (result.ok) throw new Error('expected a refusal');
    expect(result.refusal.reason).toMatch(/\d/);
    return result.refusal;
  };

  test('an index, an option and a word that is no symbol', () => {
    for (const symbol of ['I:SPX', 'O:SPY260220C00600000']) {
      expect(refusal(ask(ibm, '2013-10-10', '11:00', { symbol })).code).toBe('not_tradable');
    }
    expect(ask(ibm, '2013-10-10', '11:00', { symbol: 'not a symbol' })).toMatchObject({
      refusal: { code: 'not_tradable' },
    });
  });

  test('too few bars', () => {
    const { code, reason } = refusal(ask(ibm, '2013-10-04', '09:47'));
    expect([code, reason]).toEqual(['not_enough_history', '3 five-minute bars of IBM are closed, a plan needs 6.']);
    expect(refusal(ask({ ...ibm, minutes: [] }, '2013-10-04', '11:00')).code).toBe('not_enough_history');
  });

  test('old bars', () => {
    const minutes = ibm.minutes.filter((bar) => bar.openAt < atNewYork('2013-10-10', '10:30'));
    const { code, reason } = refusal(ask({ ...ibm, minutes }, '2013-10-10', '11:00'));
    expect(code).toBe('stale_data');
    expect(reason).toContain('30 minutes ago (10:30 ET)');
  });

  test('nothing there, and what became of the last one', () => {
    const reasons = new Set<string>();
    for (let asOf = dayOn('2013-10-11').opensAt; asOf < dayOn('2013-10-11').closesAt; asOf += 5 * MINUTE_MS) {
      const result = ask(ibm, '2013-10-11', '10:00', { asOf });
      if (!result.ok && result.refusal.code === 'no_setup') {
        reasons.add(result.refusal.reason.replace(/.*(first target|stop|fell apart|entry zone|No setup).*/, '$1'));
      }
    }
    expect(reasons.size).toBeGreaterThanOrEqual(3);
  });

  test('an account that buys no share', () => {
    const { code, reason } = refusal(ask(ibm, '2013-10-10', '11:00', { risk: { accountDollars: 100, riskPct: 5 } }));
    expect(code).toBe('size_zero');
    expect(reason).toContain('more than the account of $100.00');
    const careful = refusal(ask(ibm, '2013-10-10', '11:00', { risk: { accountDollars: 1_000, riskPct: 0.001 } }));
    expect(careful.reason).toContain('$0.01 that may be lost');
  });
});
