import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MassiveError } from '../../../src/massive/errors.ts';
import { NOW } from '../bench.ts';
import { barOf, buildWorld, DOWN, keyOf, LIVE, MINUTE, streamOf } from './world.ts';

const SYMBOLS = ['SPY', 'AAPL', 'THIN'];
const MINUTES = 10;

const lives = fc.record({
  /** Minutes without a trade, per symbol. */
  empty: fc.array(fc.tuple(fc.constantFrom(...SYMBOLS), fc.nat(MINUTES - 1)), { maxLength: 12 }),
  /** When the line breaks and for how long, in milliseconds. */
  breaks: fc.array(
    fc.record({
      at: fc.nat(MINUTES * MINUTE),
      lastsMs: fc.oneof(fc.nat(2_000), fc.nat(200_000)),
      silentMs: fc.constantFrom(0, 0, 9_000, 300_000),
    }),
    { maxLength: 4 },
  ),
  /** How late each bar comes by stream, and how late REST has it. */
  streamLagMs: fc.nat(4_000),
  restLagMs: fc.nat(12_000),
  latencyMs: fc.oneof(fc.nat(2_000), fc.nat(40_000)),
  /** Every so many REST calls fail. */
  failEvery: fc.constantFrom(0, 0, 2, 3, 5),
});

type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

/** Lives through ten minutes of market with breaks; gives what came and what should have come. */
async function live({ empty, breaks, streamLagMs, restLagMs, latencyMs, failEvery }: Life, withBackFill = true) {
  const world = buildWorld({ clusters: ['stocks'] });
  let calls = 0;
  world.rest = {
    lagMs: restLagMs,
    latencyMs,
    fails: () =>
      failEvery > 0 && ++calls % failEvery === 0 ? new MassiveError('server_error', 'bars', 'down') : undefined,
  };
  const line = streamOf(world);
  let brokenUntil = 0;
  let silentUntil = 0;
  const isUp = (): boolean => world.clock.now() >= brokenUntil && world.clock.now() >= silentUntil;
  world.feed.watch(SYMBOLS);
  world.feed.start();
  line.set(LIVE);

  const holes = new Set(empty.map(([symbol, minute]) => `${symbol} ${minute}`));
  for (let minute = 0; minute < MINUTES; minute++) {
    for (const symbol of SYMBOLS) {
      const bar = barOf(symbol, NOW + minute * MINUTE, 100 + minute);
      if (holes.has(keyOf(bar))) continue;
      if (withBackFill) world.truth.push(bar);
      world.clock.at(bar.openAt + MINUTE + streamLagMs, () => {
        if (isUp()) line.ears.sink([{ kind: 'bar', bar, receivedAt: world.clock.now() }]);
      });
    }
  }
  for (const { at, lastsMs, silentMs } of breaks) {
    // half-open first: frames are lost before anyone knows, ten real seconds at most, which are minutes in a fast replay
    world.clock.at(NOW + at, () => {
      silentUntil = Math.max(silentUntil, NOW + at + silentMs);
    });
    world.clock.at(NOW + at + silentMs, () => {
      brokenUntil = Math.max(brokenUntil, NOW + at + silentMs + lastsMs);
      line.set(DOWN);
    });
    world.clock.at(NOW + at + silentMs + lastsMs, () => {
      if (isUp()) line.set(LIVE);
    });
  }
  await world.clock.pass((MINUTES + 10) * MINUTE);
  const wanted: string[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    for (const symbol of SYMBOLS) if (!holes.has(`${symbol} ${minute}`)) wanted.push(`${symbol} ${minute}`);
  }
  world.feed.stop();
  return { came: new Set(world.delivered()), wanted, world };
}

describe('a line that breaks', () => {
  it('leaves no minute missing after it heals, whatever breaks when, in 1,000 lives', async () => {
    let broken = 0;
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        const { came, wanted } = await live(life);
        if (life.breaks.length > 0) broken++;
        expect(wanted.filter((bar) => !came.has(bar))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(broken).toBeGreaterThan(500);
  }, 120_000);

  it('would leave minutes missing if REST did not fill them: the property has teeth', async () => {
    const life: Life = {
      empty: [],
      breaks: [{ at: 2.5 * MINUTE, lastsMs: 90_000, silentMs: 0 }],
      streamLagMs: 1_000,
      restLagMs: 1_000,
      latencyMs: 50,
      failEvery: 0,
    };
    const blind = await live(life, false);
    expect(blind.wanted.filter((bar) => !blind.came.has(bar))).toEqual(['SPY 2', 'AAPL 2', 'THIN 2']);
    const filled = await live(life);
    expect(filled.wanted.filter((bar) => !filled.came.has(bar))).toEqual([]);
  });
});
