import type { Bar, MarketEvent } from '../../src/domain/bar.ts';
import { createMinutes, type Minutes, type MinutesEar } from '../../src/services/minutes.ts';
import { keptLog, NOW } from '../massive/bench.ts';
import { barOf, buildWorld, DOWN, LIVE, MINUTE, streamOf, type World } from '../massive/feed/world.ts';

export const SECOND = 1_000;

/** Everything one ear was told, in order. */
interface Heard extends MinutesEar {
  readonly bars: Bar[];
  completeTo: number;
  /** Moments at which more was called complete than had been delivered, or minutes came twice or out of order. */
  readonly faults: string[];
}

/** A market of one stock behind the real feed, and minutes on top of it. */
export interface MinutesWorld {
  readonly world: World;
  readonly minutes: Minutes;
  /** The stock's minute `n`, since the world began. */
  trades(n: number): Bar;
  /** The socket sends these; lost while the line is cut. */
  send(...events: MarketEvent[]): void;
  /** Another stock's print, which shows that the line lives. */
  tick(): void;
  /** The line is dead from now on, and nobody knows. */
  cut(): void;
  /** The watchdog found out. */
  notice(): void;
  heal(): void;
  ear(fromAt: number): Heard;
}

export const openOf = (n: number): number => NOW + n * MINUTE;

export function minutesWorld(): MinutesWorld {
  const sinks: ((news: readonly MarketEvent[]) => void)[] = [];
  const world = buildWorld({
    clusters: ['stocks'],
    sink: (news) => {
      for (const sink of sinks) sink(news);
    },
  });
  const { clock, feed, provider } = world;
  const minutes = createMinutes({ feed, rest: provider, clock, wall: clock, log: keptLog(), random: () => 0.5 });
  sinks.push((news) => minutes.onBars(news.flatMap((event) => (event.kind === 'bar' ? [event.bar] : []))));
  let isCut = false;
  const made: MinutesWorld = {
    world,
    minutes,
    trades(n) {
      const bar = barOf('ABC', openOf(n), 100 + n);
      world.truth.push(bar);
      world.truth.sort((a, b) => a.openAt - b.openAt);
      return bar;
    },
    send(...events) {
      if (!isCut) streamOf(world).ears.sink(events);
    },
    tick() {
      const at = clock.now();
      const stamp = { symbol: 'XYZ', eventAt: at, receivedAt: at };
      made.send({ kind: 'trade', trade: { ...stamp, price: 10, size: 1, conditions: [], exchange: 1 } });
    },
    cut() {
      isCut = true;
    },
    notice: () => streamOf(world).set(DOWN),
    heal() {
      isCut = false;
      streamOf(world).set(LIVE);
    },
    ear(fromAt) {
      const heard: Heard = {
        bars: [],
        completeTo: Number.NEGATIVE_INFINITY,
        faults: [],
        bar(bar) {
          if (bar.openAt < fromAt) heard.faults.push(`minute ${bar.openAt} from before ${fromAt}`);
          if (bar.openAt <= (heard.bars.at(-1)?.openAt ?? 0)) heard.faults.push(`minute ${bar.openAt} again or late`);
          if (bar.openAt < heard.completeTo) heard.faults.push(`minute ${bar.openAt} after ${heard.completeTo}`);
          heard.bars.push(bar);
        },
        complete(at) {
          if (at <= heard.completeTo) heard.faults.push(`complete to ${at} again`);
          heard.completeTo = at;
          const due = world.truth.filter(({ openAt }) => openAt >= fromAt && openAt < at);
          if (due.length !== heard.bars.length)
            heard.faults.push(`complete to ${at} with ${heard.bars.length} of ${due.length}`);
        },
      };
      return heard;
    },
  };
  return made;
}

export const barEvent = (bar: Bar, receivedAt = 0): MarketEvent => ({ kind: 'bar', bar, receivedAt });
