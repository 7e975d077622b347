import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openShadow, tradeIdOf } from '../../src/domain/trade.ts';
import { AppError } from '../../src/kit/errors.ts';
import { at, bar, barEvents, longPlan, type Row, told } from '../domain/trade/table.ts';
import { tradeHouse } from './trade-house.ts';

const { planId } = longPlan;
const ROWS: readonly Row[] = [
  ['10:30', 99.8, 99.9, 99.7, 99.85],
  ['10:31', 99.85, 100.5, 99.8, 100.4],
  ['10:32', 100.4, 100.6, 100.3, 100.5],
  ['10:33', 100.5, 101.2, 100.4, 101.1],
  ['10:34', 101.1, 101.2, 100.9, 101],
];
const bars = ROWS.map((row) => bar(row));
const ann = { memberId: '7', name: 'Ann' };
const bob = { memberId: '8', name: 'Bob' };

/** The plan is on offer at a moment of its day, and the market is somewhere. */
async function offered(time = '10:30', price = 99.9, plan: Plan = longPlan) {
  const house = tradeHouse(bars, at(time));
  house.store.offer(plan, openShadow(plan));
  house.price = price;
  await house.lives.start();
  await house.settle();
  return house;
}

const refusal = async (tried: Promise<unknown>): Promise<string> => {
  const err = await tried.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(err instanceof AppError)) throw new Error(`not refused: ${String(err)}`);
  return `${err.code}: ${err.message}`;
};

describe('a plan is taken', () => {
  test('with the size that the own risk allows, whatever it was offered with', async () => {
    const { trades, ...house } = await offered();
    // 1 % of 10,000 over 1.20 from the limit to the stop
    expect((await trades.prefill('7', planId)).shares).toBe(83);
    const small = await offered();
    small.risk = { accountDollars: 5_000, riskPct: 0.5 };
    expect(await small.trades.prefill('7', planId)).toMatchObject({ shares: 20, fillPrice: 99.9 });
    expect(await refusal(small.trades.take(ann, planId, { shares: 21 }))).toBe(
      'invalid_input: 21 shares are more than the 20 that your account and risk limit allow.',
    );
    expect(house.store.writes).toBe(0);
  });

  test('not at all where the risk does not allow a single share', async () => {
    const house = await offered();
    house.risk = { accountDollars: 100, riskPct: 0.5 };
    expect(await refusal(house.trades.prefill('7', planId))).toMatch(/^invalid_input: One share of TEST risks/);
  });

  test('armed from that moment: what the market did before is not theirs', async () => {
    const house = await offered('10:33', 100.5);
    const { trade, outcome } = await house.trades.take(ann, planId.slice(0, 12), { shares: 40 });
    expect([outcome, trade.state, trade.armedAt]).toEqual(['taken', 'armed', at('10:33')]);
    house.tape.playTo(at('10:34'));
    await house.settle();
    // 10:33 opened beyond the limit and did not come back to it
    expect((house.store.steps.get(trade.tradeId) ?? []).map(({ kind }) => kind)).toEqual(['invalidated']);
  });

  test('with a fill at once in the book, told in the thread as their own', async () => {
    const house = await offered('10:33', 100.5);
    const { trade } = await house.trades.take(ann, planId, { shares: 40, fillPrice: 100.45 });
    expect(trade).toMatchObject({ state: 'triggered', fill: { price: 100.45, at: at('10:33') } });
    expect((house.store.steps.get(trade.tradeId) ?? []).map(told)).toEqual([
      '10:33 triggered 100.45 x40 stop 99 rest 40 0 R',
    ]);
    expect(house.store.alerts().at(-1)).toMatchObject({ kind: 'step', own: true, mentions: ['7'] });
  });

  test('without a word to anybody while it only waits', async () => {
    const house = await offered();
    await house.trades.take(ann, planId, { shares: 40 });
    expect(house.store.alerts()).toEqual([]);
  });

  test('once: the second press shows the trade they have', async () => {
    const house = await offered();
    const first = await house.trades.take(ann, planId, { shares: 40 });
    const second = await house.trades.take(ann, planId, { shares: 10, fillPrice: 100 });
    expect(second).toMatchObject({ outcome: 'already', trade: { tradeId: first.trade.tradeId, shares: 40 } });
    const both = await Promise.all([
      house.trades.take(bob, planId, { shares: 5 }),
      house.trades.take(bob, planId, { shares: 6 }),
    ]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['already', 'taken']);
  });

  test('and pressed again after an answer that was lost', async () => {
    const house = await offered();
    house.store.fault = () => 'after';
    expect(await refusal(house.trades.take(ann, planId, { shares: 40 }))).toMatch(
      /^unavailable: The database does not answer/,
    );
    house.store.fault = () => undefined;
    expect(await house.trades.take(ann, planId, { shares: 40 })).toMatchObject({ outcome: 'already' });
  });

  test('in time only: not after its hour, not after its own life has ended', async () => {
    const late = await offered('15:30');
    expect(await refusal(late.trades.take(ann, planId, { shares: 4 }))).toBe('conflict: This plan ended at 15:30 ET.');
    expect(await refusal(late.trades.prefill('7', planId))).toBe('conflict: This plan ended at 15:30 ET.');
    const stopped = tradeHouse([...bars, bar(['10:35', 101, 101, 98, 98.5])], at('10:36'));
    const { trade } = advanceAll(openShadow(longPlan), barEvents([...bars, bar(['10:35', 101, 101, 98, 98.5])]));
    stopped.store.offer(longPlan, { ...trade, seq: 0 });
    expect(await refusal(stopped.trades.take(ann, planId, { shares: 4 }))).toBe(
      'conflict: This plan ended at 10:36 ET: stopped.',
    );
  });

  test('at a price that the market knows: 10 % away is a slip, beyond the stop is no entry', async () => {
    const house = await offered('10:32', 100.5);
    expect(await refusal(house.trades.take(ann, planId, { shares: 4, fillPrice: 111 }))).toBe(
      'invalid_input: 111.00 is 10 % from the market at 100.50, it must be within 10 %.',
    );
    expect(await refusal(house.trades.take(ann, planId, { shares: 4, fillPrice: 98.9 }))).toBe(
      'invalid_input: A fill at 98.90 is beyond the stop 99.00.',
    );
    expect(house.store.steps.has(tradeIdOf(planId, '7'))).toBe(false);
  });

  test('not when the market is through the stop: the form would promise a life that is over', async () => {
    const house = await offered('10:32', 98.5);
    expect(await refusal(house.trades.take(ann, planId, { shares: 4 }))).toBe(
      'invalid_input: The market at 98.50 is at or beyond the stop 99.00: this plan is over.',
    );
  });

  test('not in a house without a channel for plans, where nobody would hear of its steps', async () => {
    const house = tradeHouse(bars, at('10:30'), undefined, { hasRoom: false });
    house.store.offer(longPlan, openShadow(longPlan));
    const sentence = /^conflict: No plan can be taken here: without a channel for plans/;
    expect(await refusal(house.trades.prefill('7', planId))).toMatch(sentence);
    expect(await refusal(house.trades.take(ann, planId, { shares: 4 }))).toMatch(sentence);
    expect(house.store.writes).toBe(0);
  });

  test('by whoever may see it: nobody else', async () => {
    const house = await offered();
    const secret: Plan = { ...longPlan, planId: 'c'.repeat(64) };
    house.store.keepPlan('8', secret);
    expect(await refusal(house.trades.take(ann, secret.planId, { shares: 4 }))).toMatch(
      /^not_found: No plan cccccccccccc is on offer to you/,
    );
  });
});

describe("a member's own plan", () => {
  const own: Plan = { ...longPlan, planId: 'c'.repeat(64), sharedId: longPlan.planId };

  test('becomes a private offer with the first take, and its trade is its life', async () => {
    const house = tradeHouse(bars, at('10:30'));
    house.store.keepPlan('7', own);
    house.price = 99.9;
    await house.trades.take(ann, own.planId, { shares: 40 });
    expect(house.store.alerts()).toMatchObject([{ kind: 'offer', planId: own.planId, memberId: '7' }]);
    house.tape.playTo(at('10:32'));
    await house.settle();
    expect(house.store.alerts().at(-1)).toMatchObject({ kind: 'step', own: false, mentions: ['7'] });
    expect((await house.store.as('7').offers.get(own.planId))?.plan).toEqual(own);
    expect(await house.store.as('8').offers.get(own.planId)).toBeUndefined();
  });

  test('that was built before plans had owners must be built anew', async () => {
    const house = tradeHouse(bars, at('10:30'));
    const { sharedId: _, ...old } = own;
    house.store.keepPlan('7', old);
    house.price = 99.9;
    expect(await refusal(house.trades.take(ann, own.planId, { shares: 4 }))).toBe(
      'conflict: This plan of TEST is of an earlier version of the bot; build a new one with /plan build.',
    );
  });
});

describe("a member's trade", () => {
  test('is closed at their price by the market as it stands, best price and all', async () => {
    const house = await offered();
    const { trade } = await house.trades.take(ann, planId, { shares: 40 });
    for (const time of ['10:32', '10:33']) {
      house.tape.playTo(at(time));
      await house.settle();
    }
    house.tape.now = at('10:33') + 30_000;
    const view = await house.trades.close('7', trade.tradeId.slice(0, 8), 100.55);
    expect(view.result).toMatchObject({ outcome: 'closed_by_member', realisedR: 0.55, mfeR: 0.6 });
    house.tape.playTo(at('10:40'));
    await house.settle();
    expect((house.store.steps.get(trade.tradeId) ?? []).map(({ kind }) => kind)).toEqual([
      'triggered',
      'closed_by_member',
    ]);
    expect(await refusal(house.trades.close('7', trade.tradeId, 100.55))).toBe(
      'conflict: This trade is closed already.',
    );
  });

  test('is cancelled without a price before its trigger, and needs one after', async () => {
    const house = await offered();
    const [anns, bobs] = [
      await house.trades.take(ann, planId, { shares: 4 }),
      await house.trades.take(bob, planId, { shares: 4 }),
    ];
    expect((await house.trades.close('7', anns.trade.tradeId)).result.outcome).toBe('cancelled');
    house.tape.playTo(at('10:33'));
    await house.settle();
    expect(await refusal(house.trades.close('8', bobs.trade.tradeId))).toBe(
      'invalid_input: This trade holds shares, a price to close it at is needed.',
    );
    expect(await refusal(house.trades.close('8', bobs.trade.tradeId, 80))).toMatch(
      /^invalid_input: 80.00 is 20 % from the market/,
    );
  });

  test('gets its fill put right, and every R after it follows', async () => {
    const house = await offered();
    const { trade } = await house.trades.take(ann, planId, { shares: 40 });
    house.tape.playTo(at('10:33'));
    await house.settle();
    const view = await house.trades.correct('7', trade.tradeId, 100.1);
    expect(view.head).toMatchObject({ fillPrice: 100.1, state: 'triggered' });
    house.tape.playTo(at('10:35'));
    await house.settle();
    expect((house.store.steps.get(trade.tradeId) ?? []).map(told).at(-1)).toBe(
      '10:34 T1 101 x20 stop 100.1 rest 20 0.45 R',
    );
    expect(await refusal(house.trades.correct('7', trade.tradeId, 150))).toMatch(
      /^invalid_input: 150.00 is 50 % from the market/,
    );
  });

  test('is nobody else’s: not to close, not to correct, not to see', async () => {
    const house = await offered();
    const { trade } = await house.trades.take(ann, planId, { shares: 4 });
    const sentence = `not_found: You have no trade ${trade.tradeId.slice(0, 12)}; it may be another member's. /trade list shows yours.`;
    expect(await refusal(house.trades.close('8', trade.tradeId))).toBe(sentence);
    expect(await refusal(house.trades.correct('8', trade.tradeId, 100))).toBe(sentence);
    expect(await refusal(house.trades.show('8', trade.tradeId))).toBe(sentence);
    expect(await house.trades.list('8')).toEqual([]);
  });

  test('loses no step to a member who presses while the minute closes', async () => {
    const house = await offered();
    const { trade } = await house.trades.take(ann, planId, { shares: 40 });
    house.tape.playTo(at('10:32'));
    const pressed = house.trades.close('7', trade.tradeId, 100.4);
    house.tape.playTo(at('10:40'));
    await pressed;
    await house.settle();
    const steps = house.store.steps.get(trade.tradeId) ?? [];
    expect(steps.map(({ kind }) => kind)).toEqual(['triggered', 'target', 'closed_by_member']);
    expect(steps.map(({ seq }) => seq)).toEqual([0, 1, 2]);
  });

  test('that another process moved meanwhile is read again before the word is said', async () => {
    const house = await offered('10:33', 100.5);
    const { trade } = await house.trades.take(ann, planId, { shares: 40, fillPrice: 100.45 });
    const other = tradeHouse(bars, at('10:33'), house.store);
    const as = house.store.as;
    let first = true;
    house.store.as = (memberId) => {
      const own = as(memberId);
      const late: typeof own.trades.apply = async (change, alerts) => {
        if (first) {
          first = false;
          await other.trades.correct('7', trade.tradeId, 100.4);
        }
        return own.trades.apply(change, alerts);
      };
      return { ...own, trades: { ...own.trades, apply: late } };
    };
    const rebuilt = tradeHouse(bars, at('10:33'), house.store);
    const view = await rebuilt.trades.close('7', trade.tradeId, 100.5);
    expect(view.trade.fill?.price).toBe(100.4);
    expect((house.store.steps.get(trade.tradeId) ?? []).map(({ kind }) => kind)).toEqual([
      'triggered',
      'fill_corrected',
      'closed_by_member',
    ]);
  });

  test('is shown with every step and the market around it, and by its last minute where the market is silent', async () => {
    const house = await offered();
    const { trade } = await house.trades.take(ann, planId, { shares: 40 });
    house.tape.playTo(at('10:33'));
    await house.settle();
    house.price = 100.7;
    const shown = await house.trades.show('7', trade.tradeId);
    expect(shown.steps.map(({ kind }) => kind)).toEqual(['triggered']);
    expect(shown.head).toMatchObject({ lastPrice: 100.7, openR: 0.7, next: { name: 'T1' } });
    expect(shown.provenance).toMatchObject({ timeliness: 'live', source: 'test' });
    expect(shown.plan).toEqual(longPlan);
    house.price = undefined;
    const [view] = await house.trades.list('7', { openOnly: true });
    expect(view?.head.lastPrice).toBe(100.5);
    expect(view?.provenance).toMatchObject({ timeliness: 'stale', asOf: at('10:33') });
    // best and worst are those of the minutes so far, not of the last step
    expect(view?.result.mfeR).toBe(0.6);
  });

  test('is not touched while the database is away, and the member hears so', async () => {
    const house = await offered();
    const { trade } = await house.trades.take(ann, planId, { shares: 4 });
    house.store.isAway = () => true;
    for (const tried of [
      house.trades.close('7', trade.tradeId),
      house.trades.list('7'),
      house.trades.take(bob, planId, { shares: 4 }),
    ]) {
      expect(await refusal(tried)).toMatch(/^unavailable: The database does not answer.*Nothing was changed\.$/);
    }
    house.store.isAway = () => false;
    expect(house.store.trade(trade.tradeId)?.state).toBe('armed');
  });
});
