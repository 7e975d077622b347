import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bar } from '../../src/domain/bar.ts';
import { atNewYork, createCalendar } from '../../src/domain/session.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { MassiveError } from '../../src/massive/errors.ts';
import type { Ask } from '../../src/massive/rest/answers.ts';
import { createPanel } from '../../src/services/panel.ts';
import { heldClock } from '../massive/held-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TUESDAY = atNewYork('2026-03-03', '09:00');

const outage = () => new MassiveError('server_error', 'grouped_daily', 'Massive answers 502');
const limited = () => new MassiveError('rate_limited', 'grouped_daily', "The plan's calls per minute are used up");
const refused = () => new MassiveError('bad_payload', 'grouped_daily', 'A body that does not fit');

const dayBar = (high: number): Bar => ({
  symbol: 'GOOG',
  timeframe: '1d',
  openAt: 0,
  open: 10,
  high,
  low: 5,
  close: 10,
  volume: 500,
});

type Panel = ReturnType<typeof createPanel>;
const running: Panel[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((panel) => panel.stop()));
});

/** A panel whose provider answers the n-th call as `fail(n)` says; the first session read had the year's high. */
function harness(options: { ratePerMinute?: number; fail?: (call: number) => Error | undefined } = {}) {
  const { ratePerMinute, fail = () => undefined } = options;
  const wall = heldClock(TUESDAY);
  const clock = heldClock(TUESDAY);
  const metrics = createMetrics();
  const asked: { readonly on: string; readonly at: number; readonly ask: Ask }[] = [];
  const saved = new Map<string, unknown>();
  const told: object[] = [];
  const panel = createPanel({
    rest: {
      groupedDaily: async (on: string, ask: Ask = {}) => {
        asked.push({ on, at: wall.now() - TUESDAY, ask });
        const error = fail(asked.length);
        if (error) throw error;
        return { value: [dayBar(on.startsWith('2025-03') ? 99 : 20)], asOf: 0, delayed: false };
      },
    },
    snapshots: {
      load: async (key: string) => {
        const body = saved.get(key);
        return body === undefined ? undefined : { asOf: 0, body };
      },
      save: async (key: string, _asOf: number, body: unknown) => {
        saved.set(key, body);
        return true;
      },
    },
    calendar: createCalendar(),
    clock,
    wall,
    ratePerMinute,
    log: { warn: (detail: object | string) => void told.push(Object(detail)) },
    metrics,
  });
  running.push(panel);
  const read = async (): Promise<number> =>
    Number(/^market_year_sessions_read (\d+)$/m.exec(await metrics.text())?.[1] ?? Number.NaN);
  return { panel, wall, clock, asked, saved, told, read };
}

describe("the market's year", () => {
  it('is read once, every session of it, past the cache and behind every member', async () => {
    const { panel, wall, asked, saved, read } = harness();
    panel.start();
    await wall.pass(SECOND);
    expect(asked.length).toBe(252);
    expect(new Set(asked.map(({ on }) => on)).size).toBe(252);
    expect(asked.at(-1)?.on).toBe('2026-03-02');
    expect(asked.every(({ ask }) => ask.fresh === true && ask.priority === 5)).toBe(true);
    expect(panel.usualVolume('GOOG')).toBe(500);
    expect(panel.breadthHistory().yearRanges?.get('GOOG')).toEqual({ high: 99, low: 5 });
    expect(saved.get('panel')).toMatchObject({ on: '2026-03-03' });
    expect(await read()).toBe(252);
  });

  it('survives a failed call: the one session is asked for again a minute later, the others are not', async () => {
    const { panel, wall, asked, told, read } = harness({
      fail: (call) => (call === 250 ? outage() : call === 251 ? limited() : undefined),
    });
    panel.start();
    await wall.pass(59 * SECOND);
    expect(asked.length).toBe(250);
    expect(await read()).toBe(249);
    await wall.pass(MINUTE);
    expect(asked.length).toBe(251);
    await wall.pass(MINUTE);
    expect(asked.slice(249, 252).map(({ on, at }) => [on, at])).toEqual([
      ['2026-02-26', 0],
      ['2026-02-26', MINUTE],
      ['2026-02-26', 2 * MINUTE],
    ]);
    expect(asked.length).toBe(254);
    expect(panel.usualVolume('GOOG')).toBe(500);
    expect(told).toEqual([]);
  });

  it('goes on where it stopped five minutes after a longer failure, and says so', async () => {
    const { panel, wall, asked, told, read } = harness({
      fail: (call) => (call > 100 && call < 104 ? outage() : call === 104 ? refused() : undefined),
    });
    panel.start();
    await wall.pass(2 * MINUTE);
    expect(asked.length).toBe(103);
    expect(told).toMatchObject([{ on: '2026-03-03', open: 152 }]);
    await wall.pass(5 * MINUTE);
    expect(asked.at(-1)?.at).toBe(7 * MINUTE);
    expect(told.length).toBe(2);
    expect(await read()).toBe(100);
    await wall.pass(5 * MINUTE);
    expect(asked.length).toBe(256);
    expect(new Set(asked.map(({ on }) => on)).size).toBe(252);
    expect(panel.breadthHistory().yearRanges?.get('GOOG')).toEqual({ high: 99, low: 5 });
  });

  it.each([1, 2, 5, 20, 100])('leaves half of every minute to members on a plan of %i calls a minute', async (rate) => {
    const { panel, wall, asked, read } = harness({ ratePerMinute: rate });
    panel.start();
    for (let step = 0; step < 252; step++) await wall.pass(2 * MINUTE);
    expect(asked.length).toBe(252);
    expect(await read()).toBe(252);
    expect(panel.usualVolume('GOOG')).toBe(500);
    // on a plan of one call, every second minute is the members'
    const windowMs = rate === 1 ? 2 * MINUTE : MINUTE;
    for (const { at } of asked) {
      const within = asked.filter((other) => other.at >= at && other.at < at + windowMs);
      expect(within.length).toBeLessThanOrEqual(Math.max(1, rate / 2));
    }
  });

  it('tells how far it is, and keeps yesterday’s year until today’s is whole', async () => {
    const { panel, wall, clock, read, asked } = harness({ ratePerMinute: 20 });
    panel.start();
    await wall.pass(10 * MINUTE);
    expect(await read()).toBe(101);
    expect(panel.usualVolume('GOOG')).toBeUndefined();
    await wall.pass(HOUR);
    expect(await read()).toBe(252);
    await clock.pass(7 * HOUR + MINUTE);
    await wall.pass(MINUTE);
    expect(await read()).toBeLessThan(20);
    expect(panel.usualVolume('GOOG')).toBe(500);
    await wall.pass(HOUR);
    expect(asked.length).toBe(504);
    expect(asked.at(-1)?.on).toBe('2026-03-03');
  });

  it('turns to the new session at once when a close passes while the year is read', async () => {
    const { panel, wall, clock, asked, saved } = harness({ ratePerMinute: 20 });
    panel.start();
    await wall.pass(10 * MINUTE);
    await clock.pass(7 * HOUR + MINUTE);
    await wall.pass(HOUR);
    expect(saved.get('panel')).toMatchObject({ on: '2026-03-03' });
    await clock.pass(0);
    await wall.pass(HOUR);
    expect(asked.length).toBe(504);
    expect(saved.get('panel')).toMatchObject({ on: '2026-03-04' });
  });

  it('begins anew when a close passes while the provider is away: its first session is another one', async () => {
    const { panel, wall, clock, asked, saved } = harness({ fail: (call) => (call === 201 ? refused() : undefined) });
    panel.start();
    await wall.pass(MINUTE);
    await clock.pass(7 * HOUR + MINUTE);
    await wall.pass(5 * MINUTE);
    const second = asked.slice(201).map(({ on }) => on);
    expect([second.length, new Set(second).size, second.at(-1)]).toEqual([252, 252, '2026-03-03']);
    expect(second[0]).not.toBe(asked[0]?.on);
    expect(saved.get('panel')).toMatchObject({ on: '2026-03-04' });
  });

  it('is the same year whatever fails on the way', async () => {
    const calm = harness();
    calm.panel.start();
    await calm.wall.pass(SECOND);
    const errors = fc.constantFrom(outage, limited, refused);
    const troubles = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), errors), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(troubles, async (list) => {
        const faults = new Map(list);
        const { panel, wall, asked, saved } = harness({ fail: (call) => faults.get(call)?.() });
        panel.start();
        for (let round = 0; round < 60 && !saved.has('panel'); round++) await wall.pass(5 * MINUTE);
        expect(saved).toEqual(calm.saved);
        const answered = asked.filter((_, index) => !faults.has(index + 1)).map(({ on }) => on);
        expect(answered).toEqual(calm.asked.map(({ on }) => on));
        await panel.stop();
      }),
      { numRuns: 20 },
    );
  });

  it('costs no call when the year of this session was kept by the last run', async () => {
    const first = harness();
    first.panel.start();
    await first.wall.pass(SECOND);
    const second = harness();
    second.saved.set('panel', first.saved.get('panel'));
    second.panel.start();
    await second.wall.pass(SECOND);
    expect(second.asked).toEqual([]);
    expect(second.panel.usualVolume('GOOG')).toBe(500);
    expect(await second.read()).toBe(252);
  });

  it('stops at once, in the middle of a pause as well', async () => {
    const { panel, wall, asked } = harness({ ratePerMinute: 5 });
    panel.start();
    await wall.pass(SECOND);
    expect(asked.length).toBe(1);
    await panel.stop();
    await wall.pass(HOUR);
    expect(asked.length).toBe(1);
  });
});
