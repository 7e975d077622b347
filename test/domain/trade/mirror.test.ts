import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bar } from '../../../src/domain/bar.ts';
import { advanceAll } from '../../../src/domain/trade/advance.ts';
import { resultOf } from '../../../src/domain/trade/result.ts';
import { openTrade } from '../../../src/domain/trade.ts';
import { at, barEvents, longPlan, mirrored, shortPlan, taken } from './table.ts';

const MINUTE_MS = 60_000;

const move = fc.record({
  gap: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -400, max: 400 }) },
  ),
  body: fc.integer({ min: -60, max: 70 }),
  up: fc.integer({ min: 0, max: 60 }),
  down: fc.integer({ min: 0, max: 60 }),
});

const start = fc.integer({ min: 9_930, max: 10_060 });

const tape = fc.tuple(start, fc.array(move, { minLength: 5, maxLength: 80 })).map(([from, moves]) => {
  let cents = from;
  return moves.map(({ gap, body, up, down }, index): Bar => {
    const open = cents + gap;
    const close = open + body;
    cents = close;
    const [high, low] = [Math.max(open, close) + up, Math.min(open, close) - down];
    const price = (value: number): number => value / 100;
    return {
      symbol: 'TEST',
      timeframe: '1m',
      openAt: at('10:30') + index * MINUTE_MS,
      open: price(open),
      high: price(high),
      low: price(low),
      close: price(close),
    };
  });
});

test('a short lives the life of a long in the mirror, whatever the market does', () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(tape, (bars) => {
      const long = advanceAll(openTrade(longPlan, taken), barEvents(bars));
      const short = advanceAll(openTrade(shortPlan, taken), barEvents(bars.map(mirrored)));
      for (const { kind } of long.steps) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      expect(short.steps.map(({ kind, target, at: when, shares }) => [kind, target, when, shares])).toEqual(
        long.steps.map(({ kind, target, at: when, shares }) => [kind, target, when, shares]),
      );
      for (const [index, one] of short.steps.entries()) {
        expect(one.realisedR).toBeCloseTo(long.steps[index]?.realisedR ?? Number.NaN, 9);
      }
      expect(resultOf(short.trade).outcome).toBe(resultOf(long.trade).outcome);
    }),
    { numRuns: 600 },
  );
  for (const kind of ['triggered', 'missed', 'target', 'stopped', 'trailed', 'invalidated']) {
    expect(kinds.has(kind), kind).toBe(true);
  }
});
