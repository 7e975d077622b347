import { beforeAll, describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/domain/bar.ts';
import { detectors } from '../../../src/domain/detectors/all.ts';
import type { Detector, Setup } from '../../../src/domain/setup.ts';
import { recordings } from '../market-data.ts';
import type { MakeDetector, Probe } from './contract.ts';
import { blindToTheFuture, deterministic, leavesInputAlone, probesOf, silentInWarmUp } from './contract.ts';

let probes: readonly Probe[] = [];
let few: readonly Probe[] = [];

beforeAll(() => {
  const recorded = recordings();
  probes = probesOf(recorded, 6);
  few = probesOf(recorded, 23);
});

describe.each(detectors.map((detector) => [detector.title, detector] as const))('%s', (_, detector) => {
  const make: MakeDetector = () => detector;

  test('is silent in warm-up', () => {
    const { breaches, probes: asked } = silentInWarmUp(make, few);
    expect(breaches).toEqual([]);
    expect(asked).toBeGreaterThan(80);
  });

  test('is deterministic', () => {
    const { breaches, setups } = deterministic(make, probes);
    expect(breaches).toEqual([]);
    expect(setups).toBeGreaterThan(20);
  });

  test('is blind to the future', () => {
    const { breaches, probes: asked, setups } = blindToTheFuture(make, probes);
    expect(breaches).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(300);
    expect(setups).toBeGreaterThan(20);
  });

  test('leaves its input alone', () => {
    const { breaches, setups } = leavesInputAlone(make, probes);
    expect(breaches).toEqual([]);
    expect(setups).toBeGreaterThan(20);
  });
});

describe('a planted cheater is caught', () => {
  const setup = (direction: Setup['direction'], triggerPrice: number): Setup => ({
    setupId: 'planted',
    detector: 'planted',
    version: 1,
    symbol: 'KO',
    direction,
    timeframe: '5m',
    detectedAt: 0,
    triggerPrice,
    structurePrice: 1,
    structureReason: 'none',
    factors: [],
  });
  const planted = (detect: Detector['detect']): Detector => ({
    name: 'planted',
    title: 'planted',
    version: 1,
    timeframe: '5m',
    warmupBars: 6,
    detect,
  });

  const cheats: Record<
    string,
    {
      readonly make: MakeDetector;
      readonly by: (make: MakeDetector, all: readonly Probe[]) => { readonly breaches: readonly string[] };
    }
  > = {
    'speaking in warm-up': {
      make: () => planted(({ bars }) => (bars.length > 2 ? setup('long', bars.length) : undefined)),
      by: silentInWarmUp,
    },
    'counting its calls': {
      make: () => {
        let calls = 0;
        return planted(() => {
          calls += 1;
          return setup('long', calls);
        });
      },
      by: deterministic,
    },
    'peeking at the next bar': {
      make: (world) =>
        planted(({ bars }) => {
          const last = bars.at(-1);
          const next = last && world.minutes.find((minute) => minute.openAt >= last.openAt + 5 * 60_000);
          return next ? setup(next.close > next.open ? 'long' : 'short', 1) : undefined;
        }),
      by: blindToTheFuture,
    },
    "reading today's finished day": {
      make: (world) =>
        planted(({ day }) => {
          const today = world.daily.find((bar) => bar.openAt > day.opensAt - 12 * 3_600_000);
          return today ? setup('long', today.close) : undefined;
        }),
      by: blindToTheFuture,
    },
    'sorting the bars in place': {
      make: () =>
        planted(({ bars }) => {
          (bars as Bar[]).sort((a, b) => a.close - b.close);
          return undefined;
        }),
      by: leavesInputAlone,
    },
    'marking a bar': {
      make: () =>
        planted(({ bars }) => {
          const last = bars.at(-1) as { seen?: boolean } | undefined;
          if (last) last.seen = true;
          return undefined;
        }),
      by: leavesInputAlone,
    },
  };

  test.each(Object.entries(cheats))('%s', (_, { make, by }) => {
    expect(by(make, few).breaches.length).toBeGreaterThan(few.length / 2);
  });

  test('and one that keeps all four rules is not', () => {
    const honest: MakeDetector = () =>
      planted(({ bars }) => (bars.length >= 6 ? setup('long', bars.at(-1)?.close ?? 0) : undefined));
    for (const check of [silentInWarmUp, deterministic, blindToTheFuture, leavesInputAlone]) {
      expect(check(honest, few).breaches).toEqual([]);
    }
  });
});
