import { describe, expect, test } from 'vitest';
import { breadthFactor, confidenceOf, rationaleOf } from '../../src/domain/confidence.ts';
import type { Level } from '../../src/domain/levels.ts';
import { sizeOf } from '../../src/domain/position-size.ts';
import { chooseStop } from '../../src/domain/stop.ts';
import { firstTooNear, RUNNER_RATIO, scaleOut } from '../../src/domain/targets.ts';

describe('the stop', () => {
  const long = {
    symbol: 'KO',
    direction: 'long',
    triggerPrice: 100,
    structurePrice: 98.7,
    structureReason: 'the range low',
    atr: 1,
    emaPrice: 99,
  } as const;

  const stopOf = (more: Partial<Parameters<typeof chooseStop>[0]>) => chooseStop({ ...long, ...more });

  test('hides behind structure, and says why not elsewhere', () => {
    expect(stopOf({})).toEqual({
      ok: true,
      stop: { price: 98.6, basis: 'structure', reason: '0.1 ATR under the range low at 98.70, 1.4 ATR of risk' },
      notChosen: [
        { price: 98.75, basis: 'ema', reason: '0.25 ATR under EMA 20 at 99.00, 1.3 ATR of risk' },
        { price: 98, basis: 'atr', reason: '2 ATR from the entry, behind nothing but distance' },
      ],
    });
  });

  test('stands over the structure of a short', () => {
    const short = stopOf({
      direction: 'short',
      structurePrice: 101.3,
      structureReason: 'the range high',
      emaPrice: 101,
    });
    expect(short).toMatchObject({ stop: { price: 101.4, basis: 'structure' } });
  });

  test('takes the EMA when structure is dear or inside noise', () => {
    expect(stopOf({ structurePrice: 97.2 })).toMatchObject({ stop: { price: 98.75, basis: 'ema' } });
    expect(stopOf({ structurePrice: 99.8 })).toMatchObject({ stop: { price: 98.75, basis: 'ema' } });
  });

  test('takes two ATR when structure is dear and the EMA no nearer', () => {
    expect(stopOf({ structurePrice: 97.2, emaPrice: 96 })).toMatchObject({ stop: { price: 98, basis: 'atr' } });
    expect(stopOf({ structurePrice: 97.2, emaPrice: undefined })).toMatchObject({ stop: { basis: 'atr' } });
  });

  test('is refused with its distance when it can stand nowhere', () => {
    expect(stopOf({ structurePrice: 96.2 })).toEqual({
      ok: false,
      refusal: {
        code: 'too_wide',
        reason: 'The range low is 3.9 ATR from the entry of KO, a stop may be at most 3 ATR away.',
      },
    });
    expect(stopOf({ structurePrice: 99.8, emaPrice: 99.9 })).toEqual({
      ok: false,
      refusal: {
        code: 'too_tight',
        reason: 'The range low is 0.3 ATR from the entry of KO, a stop inside 0.5 ATR is hit by noise.',
      },
    });
    expect(stopOf({ atr: 0.01, structurePrice: 99.99, emaPrice: undefined })).toEqual({
      ok: false,
      refusal: {
        code: 'too_tight',
        reason: 'The stop of KO would be 0.0200 from the entry, at least 3 ticks (0.0300) are needed.',
      },
    });
  });
});

describe('targets', () => {
  const level = (name: string, price: number): Level => ({ kind: 'pivot', name, price });
  const at = (levels: readonly Level[], direction: 'long' | 'short' = 'long') =>
    scaleOut({ direction, triggerPrice: 100, riskPerShare: 1, levels }).map((target) => target.price);

  test('are one, two and three times the risk and leave an eighth to run', () => {
    const targets = scaleOut({ direction: 'long', triggerPrice: 100, riskPerShare: 1, levels: [] });
    expect(targets.map(({ price, r, shareRatio }) => [price, r, shareRatio])).toEqual([
      [101, 1, 0.5],
      [102, 2, 0.25],
      [103, 3, 0.125],
    ]);
    expect(RUNNER_RATIO).toBe(0.125);
    expect(at([], 'short')).toEqual([99, 98, 97]);
  });

  test('stop a tick short of a level just before them', () => {
    expect(at([level('PDH', 101.9)])).toEqual([101, 101.89, 103]);
    expect(at([level('PDL', 98.1)], 'short')).toEqual([99, 98.11, 97]);
    const [, second] = scaleOut({
      direction: 'long',
      triggerPrice: 100,
      riskPerShare: 1,
      levels: [level('PDH', 101.9)],
    });
    expect(second?.reason).toBe('a tick before PDH, which stands just before 2 R');
    expect(second?.r).toBe(1.89);
  });

  test('are refused with their distance when the first is under half the risk from the worst fill', () => {
    const near = (direction: 'long' | 'short', limitPrice: number, pivot: number) => {
      const [first] = scaleOut({ direction, triggerPrice: 100, riskPerShare: 1, levels: [level('R1', pivot)] });
      return firstTooNear({ symbol: 'BAC', direction, limitPrice, riskPerShare: 1, first });
    };
    expect(near('long', 100.3, 100.8)).toEqual({
      code: 'too_tight',
      reason:
        'The first target of BAC at 100.79 is 0.49 R from an entry filled at its limit of 100.30, at least 0.5 R are needed.',
    });
    expect(near('short', 99.7, 99.2)?.reason).toContain('at 99.21 is 0.49 R');
    expect(near('long', 100.3, 100.81)).toBeUndefined();
    expect(near('short', 99.7, 99.19)).toBeUndefined();
    expect(near('long', 100.3, 105)).toBeUndefined();
  });

  test('ignore levels behind the entry, far before a target or beyond it', () => {
    expect(at([level('S1', 99), level('P', 100.3), level('R1', 101.5), level('R2', 103.2)])).toEqual([101, 102, 103]);
  });

  test('stop before the nearest of several levels', () => {
    expect(at([level('R1', 101.95), level('PMH', 101.8)])).toEqual([101, 101.79, 103]);
  });
});

describe('size', () => {
  const base = {
    symbol: 'KO',
    triggerPrice: 50,
    limitPrice: 50.1,
    stopPrice: 49,
    risk: { accountDollars: 10_000, riskPct: 1 },
  };

  test('is bound by the risk limit at the worst fill', () => {
    expect(sizeOf(base)).toEqual({
      ok: true,
      size: {
        shares: 90,
        riskDollars: 90,
        accountDollars: 10_000,
        riskPct: 1,
        reason:
          'At most $100.00 (1 % of $10,000.00) may be lost: 90 shares, even when filled at 50.10 with $1.10 of risk each.',
      },
    });
  });

  test('is bound by what the account pays for', () => {
    const size = sizeOf({ ...base, stopPrice: 49.9 });
    expect(size).toMatchObject({ size: { shares: 199, riskDollars: 19.9 } });
    expect(size.ok && size.size.reason).toBe(
      'The account of $10,000.00 pays for 199 shares at 50.10; the risk limit would allow 500.',
    );
  });

  test('does not lose a share to a fraction that binary cannot write', () => {
    const exact = {
      ...base,
      triggerPrice: 1,
      limitPrice: 1.1,
      stopPrice: 1,
      risk: { accountDollars: 10_000, riskPct: 1 },
    };
    expect(sizeOf(exact)).toMatchObject({ size: { shares: 1_000 } });
  });

  test('is refused when not one share fits', () => {
    const small = sizeOf({ ...base, risk: { accountDollars: 100, riskPct: 1 } });
    expect(!small.ok && small.refusal.reason).toBe(
      'One share of KO risks $1.10, more than the $1.00 that may be lost (1 % of $100.00).',
    );
  });
});

describe('confidence', () => {
  const factor = (key: string, score: number) => ({ key, label: key, value: score, score });

  test('starts at 50 and adds what each factor weighs', () => {
    const confidence = confidenceOf([factor('trend_15m', 1), factor('room', -0.5), factor('unheard_of', 1)]);
    expect(confidence.factors.map(({ weight, contribution }) => [weight, contribution])).toEqual([
      [10, 10],
      [7, -3.5],
      [2, 2],
    ]);
    expect(confidence.score).toBe(59);
    expect(rationaleOf(confidence)).toEqual({ for: ['trend_15m', 'unheard_of'], against: ['room'] });
  });

  test('stays between 0 and 100', () => {
    const all = [
      'trend_15m',
      'trend_day',
      'vwap_side',
      'relative_volume',
      'room',
      'breadth',
      'range_width',
      'bar_close',
    ];
    expect(confidenceOf(all.map((key) => factor(key, 1))).score).toBe(100);
    expect(confidenceOf(all.map((key) => factor(key, -1))).score).toBe(0);
    expect(confidenceOf([]).score).toBe(50);
  });

  test('reads breadth against a short', () => {
    expect(breadthFactor(75, 'long').score).toBe(1);
    expect(breadthFactor(75, 'short').score).toBe(-1);
    expect(breadthFactor(46.2, 'long')).toMatchObject({ label: '46 % of stocks advancing', score: -0.152 });
  });
});
