import { describe, expect, test } from 'vitest';
import { advance } from '../../../src/domain/trade/advance.ts';
import type { MemberResult } from '../../../src/domain/trade/by-member.ts';
import { closeByMember, fillCorrection, refusalOfTaking, resume } from '../../../src/domain/trade/by-member.ts';
import { resultOf } from '../../../src/domain/trade/result.ts';
import { openTrade } from '../../../src/domain/trade.ts';
import type { Row } from './table.ts';
import { armed, at, FILLED, follow, longPlan, shortPlan, taken, told } from './table.ts';

const T1: Row = ['10:31', 100.4, 101.1, 100.3, 101];
const open = () => follow(armed(), [FILLED]).trade;
const done = (result: MemberResult) => {
  if (!result.ok) throw new Error(result.reason);
  return result;
};
const refused = (result: MemberResult): string => (result.ok ? 'it was allowed' : result.reason);

describe('a member who takes a plan', () => {
  const take = (more: object): string | undefined =>
    refusalOfTaking(longPlan, { shares: 80, takenAt: at('10:31'), ...more }, 100);

  test('may take it with fewer shares and a fill near the market', () => {
    expect(take({})).toBeUndefined();
    expect(take({ shares: 1, fillPrice: 100.31 })).toBeUndefined();
  });

  test('comes too late where the market is at or beyond the stop, with a fill or without', () => {
    const late = (price: number, more = {}) =>
      refusalOfTaking(longPlan, { shares: 80, takenAt: at('10:31'), ...more }, price);
    expect(late(98.9)).toBe('The market at 98.90 is at or beyond the stop 99.00: this plan is over.');
    expect(late(99, { fillPrice: 100 })).toContain('this plan is over');
    expect(late(99.01)).toBeUndefined();
    expect(refusalOfTaking(shortPlan, { shares: 80, takenAt: at('10:31') }, 101)).toContain('the stop 101.00');
  });

  test('may not risk more at the stop than their limit, whatever they paid', () => {
    const limit = (longPlan.size.accountDollars * longPlan.size.riskPct) / 100;
    const far = longPlan.targets[0] ? longPlan.targets[0].price - 0.02 : 0;
    const perShare = far - longPlan.stop.price;
    const most = Math.floor(limit / perShare);
    const paid = (shares: number) => refusalOfTaking(longPlan, { shares, fillPrice: far, takenAt: at('10:31') }, far);
    expect(paid(most + 1)).toContain(`at most ${most} fit it`);
    expect(paid(most)).toBeUndefined();
  });

  test('may not enter at a price that the first target has', () => {
    const first = longPlan.targets[0]?.price ?? 0;
    expect(refusalOfTaking(longPlan, { shares: 1, fillPrice: first, takenAt: at('10:31') }, first)).toContain(
      'nothing left to win',
    );
  });

  test('is told in one sentence what was wrong', () => {
    expect(take({ takenAt: at('15:30') })).toBe('This plan ended at 15:30 ET.');
    expect(take({ shares: 81 })).toBe('81 shares are more than the 80 that your account and risk limit allow.');
    expect(take({ shares: 1.5 })).toBe('1.5 is not a number of shares, it must be 1 to 80.');
    expect(take({ shares: 0 })).toContain('must be 1 to 80');
    expect(take({ fillPrice: 110 })).toBe('110.00 is 10 % from the market at 100.00, it must be within 10 %.');
    expect(take({ fillPrice: 98.9 })).toBe('A fill at 98.90 is beyond the stop 99.00.');
    expect(take({ fillPrice: Number.NaN })).toBe('NaN is not a price.');
    expect(refusalOfTaking(shortPlan, { shares: 80, takenAt: at('10:31'), fillPrice: 101.1 }, 100)).toContain(
      'beyond the stop',
    );
  });
});

describe('a fill correction', () => {
  test('moves every R and a break-even stop with it', () => {
    const scaled = follow(armed(), [FILLED, T1]).trade;
    const { trade, steps } = done(fillCorrection(scaled, { price: 100.2, at: at('10:40') }));
    expect(steps.map(told)).toEqual(['10:40 fill_corrected 100.2 x0 stop 100.2 rest 40 0.4 R']);
    expect(steps[0]).toMatchObject({ seq: 2, plannedPrice: 100 });
    const out = follow(trade, [['10:41', 101, 101, 100.1, 100.3]]);
    expect(out.steps.map(told)).toEqual(['10:42 stopped 100.2 x40 rest 0 0.4 R']);
  });

  test('to a better price is itself the worst price of the trade', () => {
    const { trade } = done(fillCorrection(open(), { price: 99.9, at: at('10:40') }));
    expect(resultOf(trade)).toMatchObject({ maeR: 0, mfeR: 0.6 });
  });

  test('leaves the plan’s stop where it is', () => {
    expect(done(fillCorrection(open(), { price: 100.2, at: at('10:40') })).trade.stop.price).toBe(99);
  });

  test('is refused far from the market, beyond the stop, before a fill and after the end', () => {
    expect(refused(fillCorrection(open(), { price: 111, at: at('10:40') }))).toContain('11 % from the market');
    expect(refused(fillCorrection(open(), { price: 98, at: at('10:40') }))).toContain('beyond the stop');
    expect(refused(fillCorrection(armed(), { price: 100, at: at('10:40') }))).toContain('no fill yet');
    const { trade } = follow(open(), [['10:31', 100, 100, 98.9, 99]]);
    expect(refused(fillCorrection(trade, { price: 100, at: at('10:40') }))).toContain('is closed');
  });
});

describe('a member who closes a trade', () => {
  test('cancels it before the trigger', () => {
    const { trade, steps } = done(closeByMember(armed(), { at: at('10:40') }));
    expect(steps.map(told)).toEqual(['10:40 cancelled x0 rest 0 0 R']);
    expect(trade.closedAs).toBe('cancelled');
  });

  test('sells the rest at the price given', () => {
    const { trade, steps } = done(closeByMember(follow(open(), [T1]).trade, { price: 101.5, at: at('10:40') }));
    expect(steps.map(told)).toEqual(['10:40 closed_by_member 101.5 x40 rest 0 1.25 R']);
    expect(follow(trade, [['10:41', 101, 101, 90, 90]])).toEqual({ trade, steps: [] });
  });

  test('may do so before the first minute after a claimed fill', () => {
    const mine = openTrade(longPlan, { ...taken, fillPrice: 100.1 });
    const { steps } = done(closeByMember(mine, { price: 100.2, at: at('10:40') }));
    expect(steps.map(told)).toEqual([
      '10:30 triggered 100.1 x80 stop 99 rest 80 0 R',
      '10:40 closed_by_member 100.2 x80 rest 0 0.1 R',
    ]);
  });

  test('is refused without a price, far from the market, twice', () => {
    expect(refused(closeByMember(open(), { at: at('10:40') }))).toContain('a price');
    expect(refused(closeByMember(open(), { price: 50, at: at('10:40') }))).toContain('50 % from the market');
    const { trade } = done(closeByMember(armed(), { at: at('10:40') }));
    expect(refused(closeByMember(trade, { at: at('10:41') }))).toBe('This trade is closed already.');
    expect(refused(resume(armed(), { factor: 2, at: at('10:40') }))).toBe('This trade is not suspended.');
  });
});

test('no event moves a closed trade', () => {
  const { trade } = follow(open(), [['10:31', 100, 100, 98.9, 99]]);
  for (const event of [
    { kind: 'clock', at: at('16:00') },
    { kind: 'tick', tick: { symbol: 'TEST', price: 90, eventAt: at('10:33') } },
  ] as const) {
    expect(advance(trade, event)).toEqual({ trade, steps: [] });
  }
});
