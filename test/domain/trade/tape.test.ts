import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/domain/bar.ts';
import { advance, advanceAll } from '../../../src/domain/trade/advance.ts';
import type { Step, Trade, TradeEvent } from '../../../src/domain/trade.ts';
import { openTrade, tradeSchema } from '../../../src/domain/trade.ts';
import { realLives } from './real-lives.ts';
import { at, barEvents, longPlan, mirrored, shortPlan, taken } from './table.ts';

const MINUTE_MS = 60_000;

const lives = realLives().map(({ plan, bars }) => {
  const trade = openTrade(plan, { memberId: '1', shares: plan.size.shares, takenAt: plan.decidedAt });
  const whole = advanceAll(trade, barEvents(bars));
  const endsAt = whole.trade.closedAt ?? 0;
  // a little more tape than the life needs
  return { trade, steps: whole.steps, bars: bars.filter((bar) => bar.openAt < endsAt + 10 * MINUTE_MS) };
});
const anyLife = fc.constantFrom(...lives);
const stored = (trade: Trade): Trade => tradeSchema.parse(JSON.parse(JSON.stringify(trade)));

describe('the steps of a life', () => {
  test('are the same when the process stops anywhere and goes on from what was stored', () => {
    fc.assert(
      fc.property(anyLife, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (life, cuts) => {
        const stops = new Set(cuts.map((cut) => Math.floor(cut * life.bars.length)));
        const steps: Step[] = [];
        let { trade } = life;
        for (const [index, bar] of life.bars.entries()) {
          if (stops.has(index)) trade = stored(trade);
          const next = advance(trade, { kind: 'bar', bar });
          trade = next.trade;
          steps.push(...next.steps);
        }
        expect(steps).toEqual(life.steps);
      }),
      { numRuns: 400 },
    );
  });

  test('are the same at every single cut of some of them', () => {
    let cuts = 0;
    for (const life of lives.filter((_, index) => index % 12 === 0)) {
      let { trade } = life;
      const before: Step[] = [];
      for (const [index, bar] of life.bars.entries()) {
        const rest = advanceAll(stored(trade), barEvents(life.bars.slice(index)));
        expect([...before, ...rest.steps].map((step) => step.stepId)).toEqual(life.steps.map((step) => step.stepId));
        const next = advance(trade, { kind: 'bar', bar });
        trade = next.trade;
        before.push(...next.steps);
        cuts += 1;
      }
    }
    expect(cuts).toBeGreaterThan(1_000);
  });

  test('are the same with prints in any order, minutes again, revised or late, and a clock that ticks along', () => {
    const noise = fc.record({
      prints: fc.array(fc.record({ off: fc.integer({ min: -50, max: 50 }), ms: fc.integer({ min: 0, max: 59_999 }) }), {
        maxLength: 4,
      }),
      again: fc.integer({ min: 0, max: 5 }),
      revised: fc.double({ min: 0.3, max: 3, noNaN: true }),
      clock: fc.boolean(),
    });
    fc.assert(
      fc.property(anyLife, fc.array(noise, { minLength: 12, maxLength: 12 }), ({ trade, steps, bars }, plan) => {
        const events = bars.flatMap((bar, index): TradeEvent[] => {
          const { prints, again, revised, clock } = plan[index % plan.length] ?? never();
          const old = bars[index - again];
          const closedAt = bar.openAt + MINUTE_MS;
          return [
            ...prints.map(
              ({ off, ms }): TradeEvent => ({
                kind: 'tick',
                tick: { symbol: bar.symbol, price: bar.close * (1 + off / 500), eventAt: bar.openAt + ms },
              }),
            ),
            { kind: 'bar', bar },
            ...(old ? [{ kind: 'bar', bar: scaled(old, revised) } as const, { kind: 'bar', bar: old } as const] : []),
            ...(clock
              ? [{ kind: 'clock', at: closedAt } as const, { kind: 'clock', at: closedAt - 90_000 } as const]
              : []),
          ];
        });
        expect(advanceAll(trade, events).steps).toEqual(steps);
      }),
      { numRuns: 300 },
    );
  });

  test('do not come again from a tape that is played again', () => {
    for (const { trade, bars, steps } of lives.slice(0, 60)) {
      expect(advanceAll(trade, barEvents([...bars, ...bars])).steps).toEqual(steps);
    }
  });

  test('end with the end: nothing that follows makes another', () => {
    for (const { trade, bars } of lives) {
      const ended = advanceAll(trade, barEvents(bars)).trade;
      const last = bars.at(-1) ?? never();
      const wild = [0.1, 3].map((by) => ({ ...scaled(last, by), openAt: last.openAt + by * 10 * MINUTE_MS }));
      expect(advanceAll(ended, [...barEvents(wild), { kind: 'clock', at: last.openAt * 2 }])).toEqual({
        trade: ended,
        steps: [],
      });
    }
  });
});

const scaled = (bar: Bar, by: number): Bar => ({
  ...bar,
  open: bar.open * by,
  high: bar.high * by,
  low: bar.low * by,
  close: bar.close * by,
});

function never(): never {
  throw new Error('there was nothing');
}

/** Minutes that fill the entry and stay between stop and first target, or stay below the trigger. */
function quietMinutes(seed: number, count: number, fill: boolean): Bar[] {
  let state = seed + 1;
  const chance = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let open = 99.7;
  return Array.from({ length: count }, (_, index) => {
    const close = fill && index === 0 ? 100.3 : fill ? 99.6 + chance() * 1.1 : 99.5 + chance() * 0.25;
    const high = Math.max(open, close) + chance() * 0.2;
    const low = Math.min(open, close) - chance() * 0.2;
    const openAt = at('10:30') + index * MINUTE_MS;
    const bar: Bar = { symbol: 'TEST', timeframe: '1m', openAt, open, high, low, close, volume: 500 };
    open = close;
    return bar;
  });
}

const BAD_PRICES = [0, Number.NaN, -1, 1e12, 50, 150, 93, 110, 0.01];

/** One minute spoiled: a price of it, all of it, or prints beside it. */
function spoiled(bars: readonly Bar[], n: number): readonly TradeEvent[] {
  const price = BAD_PRICES[n % BAD_PRICES.length] ?? 0;
  const victim = 1 + (n % (bars.length - 3));
  return bars.flatMap((bar, index): TradeEvent[] => {
    if (index !== victim) return [{ kind: 'bar', bar }];
    const fields = [{ low: Math.min(price, bar.low) }, { high: Math.max(price, bar.high) }];
    const ends = { low: Math.min(price, bar.low), high: Math.max(price, bar.high) };
    const bad = [
      ...fields,
      { open: price, ...ends },
      { close: price, ...ends },
      { open: price, high: price, low: price, close: price },
    ][Math.floor(n / BAD_PRICES.length) % 6];
    if (bad) return [{ kind: 'bar', bar: { ...bar, ...bad } }];
    const prints = [0, 1, 2].map(
      (ms): TradeEvent => ({
        kind: 'tick',
        tick: { symbol: 'TEST', price, eventAt: bar.openAt + ms },
      }),
    );
    return [...prints, { kind: 'bar', bar }];
  });
}

const mirror = (event: TradeEvent): TradeEvent =>
  event.kind === 'bar' ? { ...event, bar: mirrored(event.bar) } : event;

test('of 1,000 wrong prices in 1,000 quiet lives none moves a trade', () => {
  let injected = 0;
  const moved: string[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    const filled = n % 2 === 0;
    const short = n % 4 > 1;
    const minutes = quietMinutes(n, 12, filled);
    const events = spoiled(minutes, n).map((event) => (short ? mirror(event) : event));
    const { steps } = advanceAll(openTrade(short ? shortPlan : longPlan, taken), events);
    const clean = advanceAll(openTrade(longPlan, taken), barEvents(minutes)).steps;
    expect(clean.map((step) => step.kind)).toEqual(filled ? ['triggered'] : []);
    injected += 1;
    if (steps.length !== clean.length) moved.push(`${n}: ${steps.map((step) => step.reason).join(', ')}`);
  }
  expect(injected).toBe(1_000);
  expect(moved).toEqual([]);
});

test('of 200 real gaps every one stops the trade, at the price of the gap', () => {
  let fired = 0;
  for (let n = 0; n < 200; n += 1) {
    const short = n % 2 === 1;
    const minutes = quietMinutes(n, 12, true);
    const open = Math.round((99 - 0.05 - (n / 200) ** 2 * 60) * 100) / 100;
    const from = 4 + (n % 6);
    // halts before it, and a market that swings up to an ATR a minute after it
    const gapped = minutes.slice(from).map((bar, index): Bar => {
      const start = index === 0 ? open : open + Math.sin(n + index) * 0.4;
      const close = open + Math.sin(n + index + 1) * 0.4;
      const high = Math.max(start, close) + 0.1;
      const low = Math.min(start, close) - 0.1;
      return { ...bar, openAt: bar.openAt + (n % 5) * 7 * MINUTE_MS, open: start, high, low, close };
    });
    const tape = [...minutes.slice(0, from), ...gapped];
    const events = barEvents(short ? tape.map(mirrored) : tape);
    const { trade, steps } = advanceAll(openTrade(short ? shortPlan : longPlan, taken), events);
    expect(steps.map((step) => step.kind)).toEqual(['triggered', 'stopped']);
    expect(trade.exits[0]?.price).toBeCloseTo(short ? 200 - open : open, 4);
    fired += 1;
  }
  expect(fired).toBe(200);
});
