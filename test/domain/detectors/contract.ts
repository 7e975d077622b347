import type { Bar } from '../../../src/domain/bar.ts';
import { canonicalJson } from '../../../src/domain/canonical.ts';
import { keyLevels } from '../../../src/domain/levels.ts';
import { closedBars } from '../../../src/domain/roll-up.ts';
import type { SessionDay } from '../../../src/domain/session.ts';
import type { Detector, DetectorInput, Setup } from '../../../src/domain/setup.ts';
import type { Recording } from '../market-data.ts';

const MINUTE_MS = 60_000;
const BAR_MS = 5 * MINUTE_MS;

/** All that exists in a world; an honest detector never asks for it. */
export interface World {
  readonly minutes: readonly Bar[];
  readonly daily: readonly Bar[];
}

export type MakeDetector = (world: World) => Detector;

/** A moment at which a detector is asked. */
export interface Probe {
  readonly symbol: string;
  readonly day: SessionDay;
  readonly before: SessionDay | undefined;
  readonly at: number;
  readonly world: World;
}

export interface Verdict {
  readonly probes: number;
  readonly setups: number;
  /** Empty when the detector keeps the rule. */
  readonly breaches: readonly string[];
}

/** Bar closes spread over every recorded session. */
export function probesOf(recordings: readonly Recording[], everyBars: number): readonly Probe[] {
  return recordings.flatMap(({ symbol, days, minutes, daily }) =>
    days.flatMap((day, index) => {
      const probes: Probe[] = [];
      for (let at = day.opensAt + (1 + (index % everyBars)) * BAR_MS; at <= day.closesAt; at += everyBars * BAR_MS) {
        probes.push({ symbol, day, before: days[index - 1], at, world: { minutes, daily } });
      }
      return probes;
    }),
  );
}

/** What a detector is handed at a probe in some world. */
export function inputAt({ symbol, day, before, at }: Probe, world: World): DetectorInput {
  const regular = (session: SessionDay): readonly Bar[] =>
    closedBars(
      world.minutes.filter((bar) => bar.openAt >= session.opensAt && bar.openAt < session.closesAt),
      '5m',
      session,
      at,
    );
  return {
    symbol,
    day,
    bars: [...(before ? regular(before) : []), ...regular(day)],
    daily: world.daily.filter((bar) => bar.openAt < day.opensAt - 12 * 60 * MINUTE_MS),
    levels: keyLevels({ daily: world.daily, minutes: world.minutes, day, asOf: at }),
  };
}

const spelled = (setup: Setup | undefined): string => (setup ? canonicalJson(setup) : 'silence');

function judge(
  probes: readonly Probe[],
  check: (probe: Probe) => { readonly setup: Setup | undefined; readonly breach?: string | undefined },
): Verdict {
  const breaches: string[] = [];
  let setups = 0;
  for (const probe of probes) {
    const { setup, breach } = check(probe);
    if (setup) setups += 1;
    if (breach !== undefined) breaches.push(`${probe.symbol} ${new Date(probe.at).toISOString()}: ${breach}`);
  }
  return { probes: probes.length, setups, breaches };
}

/** Says nothing before it has its bars. */
export function silentInWarmUp(make: MakeDetector, probes: readonly Probe[]): Verdict {
  return judge(probes, (probe) => {
    const detector = make(probe.world);
    const input = inputAt(probe, probe.world);
    for (let length = 0; length < detector.warmupBars; length += 1) {
      const early = detector.detect({ ...input, bars: length === 0 ? [] : input.bars.slice(-length) });
      if (early) return { setup: early, breach: `spoke after ${Math.min(length, input.bars.length)} bars` };
    }
    return { setup: undefined };
  });
}

/** Says the same when asked again, in any order, by any instance. */
export function deterministic(make: MakeDetector, probes: readonly Probe[]): Verdict {
  const shared = probes[0] && make(probes[0].world);
  const first = new Map(probes.map((probe) => [probe, spelled(shared?.detect(inputAt(probe, probe.world)))]));
  return judge([...probes].reverse(), (probe) => {
    const input = inputAt(probe, probe.world);
    const setup = shared?.detect(input);
    const fresh = make(probe.world).detect(input);
    const same = spelled(setup) === first.get(probe) && spelled(fresh) === first.get(probe);
    return { setup, breach: same ? undefined : 'answered differently the second time' };
  });
}

/** Says the same whether the future is there, missing or another one. */
export function blindToTheFuture(make: MakeDetector, probes: readonly Probe[]): Verdict {
  return judge(probes, (probe) => {
    const setup = askIn(make, probe, probe.world);
    const now = spelled(setup);
    if (spelled(askIn(make, probe, truncated(probe))) !== now)
      return { setup, breach: 'changed when the future was cut off' };
    const breach = spelled(askIn(make, probe, corrupted(probe))) === now ? undefined : 'changed with another future';
    return { setup, breach };
  });
}

const askIn = (make: MakeDetector, probe: Probe, world: World): Setup | undefined =>
  make(world).detect(inputAt(probe, world));

function truncated({ world, day, at }: Probe): World {
  return {
    minutes: world.minutes.filter((bar) => bar.openAt + MINUTE_MS <= at),
    daily: world.daily.filter((bar) => bar.openAt < day.opensAt - 12 * 60 * MINUTE_MS),
  };
}

function corrupted({ world, day, at }: Probe): World {
  const other = (bar: Bar): Bar => ({
    ...bar,
    open: bar.close * 0.5,
    high: bar.high * 3,
    low: bar.low * 0.2,
    close: bar.open * 2,
    volume: (bar.volume ?? 0) * 7 + 1,
  });
  return {
    minutes: world.minutes.map((bar) => (bar.openAt + MINUTE_MS <= at ? bar : other(bar))),
    daily: world.daily.map((bar) => (bar.openAt < day.opensAt - 12 * 60 * MINUTE_MS ? bar : other(bar))),
  };
}

/** Leaves what it was handed as it was. */
export function leavesInputAlone(make: MakeDetector, probes: readonly Probe[]): Verdict {
  return judge(probes, (probe) => {
    const input = frozen(inputAt(probe, probe.world));
    try {
      return { setup: make(probe.world).detect(input) };
    } catch (err) {
      return { setup: undefined, breach: `wrote to its input: ${err instanceof Error ? err.message : String(err)}` };
    }
  });
}

/** Frozen copy, through and through. */
export function frozen<T>(value: T): T {
  const copy = structuredClone(value);
  const freeze = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const member of Object.values(part)) freeze(member);
    Object.freeze(part);
  };
  freeze(copy);
  return copy;
}
