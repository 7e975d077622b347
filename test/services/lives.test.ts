import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Alert, alertIdOf, type StepAlert } from '../../src/domain/alert.ts';
import { advance, advanceAll } from '../../src/domain/trade/advance.ts';
import type { Step } from '../../src/domain/trade.ts';
import { openShadow, openTrade, tradeIdOf } from '../../src/domain/trade.ts';
import type { Kept } from '../../src/services/outgoing.ts';
import { realLives } from '../domain/trade/real-lives.ts';
import { at, bar, barEvents, longPlan, type Row, told } from '../domain/trade/table.ts';
import { tradeHouse } from './trade-house.ts';
import { tradeStore } from './trade-store.ts';

const MINUTE_MS = 60_000;
const { planId } = longPlan;
const ROWS: readonly Row[] = [
  ['10:30', 99.8, 99.9, 99.7, 99.85],
  ['10:31', 99.85, 100.5, 99.8, 100.4],
  ['10:32', 100.4, 100.6, 100.3, 100.5],
  // 10:33 is silent
  ['10:34', 100.5, 101.2, 100.4, 101.1],
  ['10:35', 101.1, 101.2, 99.9, 100.1],
];
const bars = ROWS.map((row) => bar(row));
const START = at('10:30');

const stepAlerts = (alerts: readonly Alert[]): StepAlert[] =>
  alerts.flatMap((alert) => (alert.kind === 'step' ? [alert] : []));
const line = ({ step, own, mentions }: StepAlert): string =>
  `${step.target ?? step.kind}${own ? ' own' : ''} ${mentions.join('+')}`.trim();

/** A house in which the plan is on offer. */
function offered(now = START) {
  const house = tradeHouse(bars, now);
  house.store.offer(longPlan, openShadow(longPlan));
  house.price = 99.9;
  return house;
}

const member = (memberId: string) => ({ memberId, name: memberId });

describe('the trades of a plan', () => {
  test('live on the same minutes; the plan speaks once for all who made the same step', async () => {
    const house = offered();
    await house.lives.start();
    await house.trades.take(member('7'), planId, { shares: 40 });
    await house.trades.take(member('8'), planId, { shares: 8 });
    house.tape.playTo(at('10:40'));
    await house.settle();
    const alerts = stepAlerts(house.store.alerts());
    const both = alerts[0]?.mentions.join('+') ?? '';
    expect(new Set(both.split('+'))).toEqual(new Set(['7', '8']));
    expect(alerts.map(line)).toEqual([`triggered ${both}`, `T1 ${both}`, `stopped ${both}`]);
    expect(alerts.at(-1)?.result?.realisedR).toBe(0.5);
    expect((house.store.steps.get(tradeIdOf(planId, '7')) ?? []).map(told)).toEqual([
      '10:32 triggered 100 x40 stop 99 rest 40 0 R',
      '10:35 T1 101 x20 stop 100 rest 20 0.5 R',
      '10:36 stopped 100 x20 rest 0 0.5 R',
    ]);
    expect(house.lives.openSymbols()).toEqual([]);
    expect(house.tape.ears()).toBe(0);
  });

  test('tell a step of their own apart, and mention that member alone', async () => {
    const house = offered();
    await house.lives.start();
    house.tape.playTo(at('10:32'));
    await house.settle();
    house.price = 100.4;
    await house.trades.take(member('7'), planId, { shares: 40, fillPrice: 100.35 });
    house.tape.playTo(at('10:40'));
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual([
      'triggered',
      'triggered own 7',
      // its stop goes to their own entry, and banks less
      'T1',
      'T1 own 7',
      'stopped',
      'stopped own 7',
    ]);
  });

  test('take no member who would wait for an entry once the first target is reached', async () => {
    const house = offered();
    await house.lives.start();
    house.tape.playTo(at('10:35'));
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toContain('T1');
    house.price = 100.4;
    await expect(house.trades.take(member('7'), planId, { shares: 40 })).rejects.toThrow('is reached already');
    await house.trades.take(member('7'), planId, { shares: 40, fillPrice: 100.35 });
  });

  test('never tell how many shares somebody holds', async () => {
    const house = offered();
    await house.lives.start();
    house.price = 100;
    await house.trades.take(member('7'), planId, { shares: 77, fillPrice: 100.05 });
    house.tape.playTo(at('10:40'));
    await house.settle();
    const own = stepAlerts(house.store.alerts()).filter((alert) => alert.own);
    expect(own.length).toBeGreaterThan(1);
    for (const { step } of own) expect(Math.max(step.shares, step.remainingShares)).toBeLessThanOrEqual(1);
  });

  test('are written when they make a step and at no other time', async () => {
    const house = offered();
    await house.lives.start();
    await house.trades.take(member('7'), planId, { shares: 40 });
    house.store.writes = 0;
    house.tape.playTo(at('10:31'));
    await house.settle();
    expect(house.store.writes).toBe(0);
    house.tape.playTo(at('10:34'));
    await house.settle();
    expect(house.store.writes).toBe(1);
    expect(house.changed).toEqual([planId, planId]);
  });

  test('taken up after a restart go on from the minute after their last step', async () => {
    const house = offered();
    await house.lives.start();
    for (const time of ['10:32', '10:33']) {
      house.tape.playTo(at(time));
      await house.settle();
    }
    await house.restart();
    expect(house.tape.followed.at(-1)).toEqual({ symbol: 'TEST', fromAt: at('10:32') });
    house.tape.playTo(at('10:40'));
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual(['triggered', 'T1', 'stopped']);
  });

  test('keep their minutes while the database is away, and lose and double nothing', async () => {
    const house = offered();
    await house.lives.start();
    await house.trades.take(member('7'), planId, { shares: 40 });
    house.store.isAway = () => true;
    house.tape.playTo(at('10:40'));
    await house.settle();
    await house.wall.pass(60 * 60_000);
    expect(house.store.outbox.size).toBe(0);
    // an hour of tries, five seconds apart at most
    expect(house.store.writes).toBeLessThan(1_500);
    expect(house.warned).toEqual(['steps not written, minutes kept until they are']);
    house.store.isAway = () => false;
    await house.wall.pass(6_000);
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual(['triggered 7', 'T1 7', 'stopped 7']);
  });

  test('say when the minute of a step came in, however long the database was away', async () => {
    const house = offered();
    await house.lives.start();
    house.store.isAway = () => true;
    house.tape.playTo(at('10:32'));
    await house.settle();
    const seenWallAt = house.wall.now();
    await house.wall.pass(60_000);
    house.store.isAway = () => false;
    await house.wall.pass(6_000);
    const [kept] = [...house.store.outbox.values()].map(({ payload }) => payload as Kept);
    expect(kept).toMatchObject({ seenAt: at('10:32'), seenWallAt });
    expect(kept?.decidedWallAt).toBeGreaterThan(seenWallAt + 60_000);
  });

  test('that somebody else moved are read again and led through the same minutes', async () => {
    const house = offered();
    await house.lives.start();
    const shadow = openShadow(longPlan);
    const { trade, steps } = advanceAll(shadow, barEvents(bars.slice(0, 2)));
    await house.store.trades.apply([{ trade, fromSeq: 0, steps }], []);
    house.tape.playTo(at('10:40'));
    await house.settle();
    expect((house.store.steps.get(shadow.tradeId) ?? []).map(({ kind }) => kind)).toEqual([
      'triggered',
      'target',
      'stopped',
    ]);
  });

  test('are followed at once when the scanner offers a plan in the middle of the session', async () => {
    const house = tradeHouse(bars, at('10:33'));
    await house.lives.start();
    expect(house.lives.openSymbols()).toEqual([]);
    house.store.offer(longPlan, openShadow(longPlan));
    await house.lives.adopt(planId);
    expect(house.lives.openSymbols()).toEqual(['TEST']);
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual(['triggered']);
  });

  test('are found although the database was away at the start', async () => {
    const house = offered(at('10:33'));
    house.store.isAway = () => true;
    await house.lives.start();
    await house.wall.pass(30_000);
    house.store.isAway = () => false;
    await house.wall.pass(10_000);
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual(['triggered']);
  });

  test('after what looks like a split say so once, stay open and wait', async () => {
    const overnight = ROWS.slice(0, 3).map((row) => bar(row));
    const next = [
      bar(['09:30', 25.1, 25.2, 25, 25.1], '2013-10-09'),
      bar(['09:31', 25.1, 25.2, 25, 25.1], '2013-10-09'),
    ];
    const house = tradeHouse([...overnight, ...next], START);
    // halted from 10:33 on, so that nothing could be sold at the close
    house.store.offer(longPlan, openShadow(longPlan));
    await house.lives.start();
    house.tape.playTo(at('09:35', '2013-10-09'));
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual(['triggered', 'suspended']);
    expect(house.lives.openSymbols()).toEqual(['TEST']);
    await house.restart();
    house.tape.playTo(at('10:35', '2013-10-09'));
    await house.settle();
    expect(house.store.outbox.size).toBe(2);
    expect(house.lives.openPlans()).toEqual([{ planId, symbol: 'TEST' }]);
    // without word of it the plan ends with the next session; a member's trade would stay theirs to close
    house.tape.playTo(at('16:00', '2013-10-10'));
    await house.settle();
    expect(stepAlerts(house.store.alerts()).map(line)).toEqual(['triggered', 'suspended', 'cancelled']);
    expect(house.lives.openPlans()).toEqual([]);
    expect(house.tape.ears()).toBe(0);
  });

  test('a member’s that is suspended needs no minutes and stays theirs to close', async () => {
    const next = ['09:30', '09:31'].map((time) => bar([time, 25.1, 25.2, 25, 25.1], '2013-10-09'));
    const house = tradeHouse([...ROWS.slice(0, 3).map((row) => bar(row)), ...next], START);
    house.store.offer(longPlan, openShadow(longPlan));
    house.price = 99.9;
    await house.lives.start();
    const { trade } = await house.trades.take(member('7'), planId, { shares: 40 });
    for (const day of ['2013-10-09', '2013-10-10']) {
      house.tape.playTo(at('16:00', day));
      await house.settle();
    }
    expect(house.lives.trade(planId, trade.tradeId)?.suspended?.ratio).toBe(4);
    expect(house.tape.ears()).toBe(0);
    const { result } = await house.trades.close('7', trade.tradeId, 101);
    expect(result).toMatchObject({ outcome: 'closed_by_member', realisedR: 1 });
    await house.settle();
    expect(house.lives.openPlans()).toEqual([]);
  });
});

const real = realLives().filter(({ bars: tape }) => tape.length > 60);

/** Takes of members 2 to 5, some minutes after the plan was decided; a price paid is the market's of that moment. */
const takes = fc.uniqueArray(
  fc.record({
    memberId: fc.constantFrom('2', '3', '4', '5'),
    afterMin: fc.integer({ min: 0, max: 90 }),
    shares: fc.integer({ min: 1, max: 9 }),
    paid: fc.boolean(),
  }),
  { selector: ({ memberId }) => memberId, maxLength: 4 },
);
type Take = typeof takes extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

interface Session {
  readonly life: (typeof real)[number];
  readonly takes: readonly Take[];
  /** Which writes fail, and how; after each the process is killed and starts again. */
  readonly kills: readonly ('before' | 'after' | undefined)[];
  /** No kill after a failed write: the same process tries again. */
  readonly isPatient: boolean;
  /** Minutes that are played before anything can be written. */
  readonly strides: readonly number[];
}

/** Plays one plan's life with members who take it, kills and restarts. */
async function play({ life: { plan, bars: tape }, takes: wanted, kills, isPatient, strides }: Session) {
  const house = tradeHouse(tape, plan.decidedAt, tradeStore());
  house.risk = { accountDollars: 1_000_000, riskPct: 5 };
  house.store.offer(plan, openShadow(plan));
  let writes = 0;
  let killed = 0;
  house.store.fault = () => kills[writes++];
  const takenAt = new Map<string, { at: number; fillPrice?: number }>();
  await house.lives.start();
  const end = (tape.at(-1)?.openAt ?? 0) + 2 * MINUTE_MS;
  const failing = async (): Promise<void> => {
    if (isPatient) await house.wall.pass(5_000);
    while (!isPatient && house.warned.length > killed) {
      killed = house.warned.length;
      await house.restart();
      await house.settle();
    }
  };
  for (let n = 0, now = plan.decidedAt; now < end; n += 1) {
    now = Math.min(end, now + (strides[n % strides.length] ?? 1) * MINUTE_MS);
    for (const { memberId, afterMin, shares, paid } of wanted) {
      const due = plan.decidedAt + afterMin * MINUTE_MS + 20_000;
      if (due > now || takenAt.has(memberId) || due < house.tape.now) continue;
      house.tape.playTo(due);
      await house.settle();
      await failing();
      const last = tape.filter(({ openAt }) => openAt + MINUTE_MS <= due).at(-1)?.close ?? plan.referencePrice;
      house.price = last;
      const entry = { shares, ...(paid ? { fillPrice: last } : {}) };
      // a member whose try went wrong presses again
      for (let tries = 0; tries < 20; tries += 1) {
        const outcome = await house.trades
          .take(member(memberId), plan.planId, entry)
          .catch((err: Error) => err.message);
        if (typeof outcome !== 'string') takenAt.set(memberId, { at: due, ...(paid ? { fillPrice: last } : {}) });
        if (typeof outcome !== 'string' || !outcome.includes('database')) break;
        if (!isPatient) await house.restart();
        await house.settle();
      }
      await failing();
    }
    house.tape.playTo(now);
    await house.settle();
    await failing();
  }
  for (let calm = 0; calm < 30; calm += 1) {
    await house.settle();
    await failing();
  }
  return { house, takenAt };
}

test('steps, results and alerts are the same wherever the process is killed, and none comes twice', async () => {
  const kill = fc.constantFrom<'before' | 'after' | undefined>('before', 'after', undefined, undefined);
  let steps = 0;
  let restarts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        life: fc.constantFrom(...real),
        takes,
        kills: fc.array(kill, { maxLength: 12 }),
        isPatient: fc.boolean(),
        strides: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      }),
      async (session) => {
        const { plan, bars: tape } = session.life;
        const { house, takenAt } = await play(session);
        restarts += house.warned.length;
        const expected = new Map<string, readonly Step[]>();
        const shadow = openShadow(plan);
        expected.set(shadow.tradeId, advanceAll(shadow, barEvents(tape)).steps);
        for (const { memberId, shares } of session.takes) {
          const took = takenAt.get(memberId);
          if (!took) continue;
          const { at: takenAtMs, ...fill } = took;
          const trade = openTrade(plan, { memberId, shares, takenAt: takenAtMs, ...fill });
          const first =
            took.fillPrice === undefined ? { trade, steps: [] } : advance(trade, { kind: 'clock', at: takenAtMs });
          expected.set(trade.tradeId, [...first.steps, ...advanceAll(first.trade, barEvents(tape)).steps]);
        }
        expect(house.store.steps).toEqual(expected);
        const alerts = stepAlerts(house.store.alerts());
        expect(new Set(alerts.map(alertIdOf)).size).toBe(alerts.length);
        const known = new Set(alerts.map(({ step }) => step.stepId));
        for (const [tradeId, made] of expected) {
          steps += made.length;
          const whose = [...takenAt.keys()].find((memberId) => tradeIdOf(plan.planId, memberId) === tradeId);
          for (const step of made) {
            // told once: by the plan's own step, or by one of the member's own
            const shared = alerts.filter((alert) => !alert.own && sameStep(alert.step, step));
            const mentioned = shared.filter(({ mentions }) => whose === undefined || mentions.includes(whose));
            expect(mentioned.length + (whose !== undefined && known.has(step.stepId) ? 1 : 0)).toBe(1);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(steps).toBeGreaterThan(400);
  expect(restarts).toBeGreaterThan(100);
}, 120_000);

const sameStep = (a: Step, b: Step): boolean =>
  a.kind === b.kind && a.target === b.target && a.at === b.at && a.price === b.price;

test('a session played twice gives the same steps and the same alerts in the same order', async () => {
  for (const life of real.slice(0, 40)) {
    const session: Session = {
      life,
      takes: [
        { memberId: '2', afterMin: 0, shares: 5, paid: false },
        { memberId: '3', afterMin: 12, shares: 8, paid: true },
      ],
      kills: [],
      isPatient: false,
      strides: [1],
    };
    const [first, second] = [await play(session), await play({ ...session, strides: [7, 31] })];
    expect(second.house.store.steps).toEqual(first.house.store.steps);
    const ids = [first, second].map(({ house }) => house.store.alerts().map(alertIdOf));
    expect(ids[1]).toEqual(ids[0]);
    const again = await play(session);
    expect(again.house.store.alerts()).toEqual(first.house.store.alerts());
  }
});
