import { describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/domain/bar.ts';
import { detectors } from '../../../src/domain/detectors/all.ts';
import { emaPullback } from '../../../src/domain/detectors/ema-pullback.ts';
import { openingRangeBreakout } from '../../../src/domain/detectors/opening-range-breakout.ts';
import type { Level } from '../../../src/domain/levels.ts';
import type { SessionDay } from '../../../src/domain/session.ts';
import type { Setup } from '../../../src/domain/setup.ts';
import type { Recording } from '../market-data.ts';
import { calendar, recording, recordings } from '../market-data.ts';
import { inputAt, probesOf } from './contract.ts';

const everySetup = (recorded: Recording): readonly (Setup & { readonly close: number; readonly on: string })[] =>
  probesOf([recorded], 1).flatMap((probe) => {
    const input = inputAt(probe, probe.world);
    return detectors.flatMap((detector) => {
      const setup = detector.detect(input);
      return setup ? [{ ...setup, close: input.bars.at(-1)?.close ?? 0, on: probe.day.on }] : [];
    });
  });

describe('on real sessions', () => {
  const found = recordings().map((recorded) => ({ recorded, setups: everySetup(recorded) }));

  test('a liquid name sets up several times a day, not on every bar', () => {
    const perDay = found.flatMap(({ recorded, setups }) =>
      recorded.days.map((day) => setups.filter((setup) => setup.on === day.on).length),
    );
    expect(perDay).toHaveLength(28);
    expect(Math.min(...perDay)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...perDay)).toBeLessThanOrEqual(26);
  });

  test('every setup waits beyond the price, with its structure behind it, and no two share an id', () => {
    const ids = new Set<string>();
    let count = 0;
    for (const { setups } of found) {
      for (const { direction, triggerPrice, structurePrice, close, setupId, factors } of setups) {
        const sign = direction === 'long' ? 1 : -1;
        expect(sign * (triggerPrice - close)).toBeGreaterThan(0);
        expect(sign * (triggerPrice - structurePrice)).toBeGreaterThan(0);
        for (const { score } of factors) expect(Math.abs(score)).toBeLessThanOrEqual(1);
        ids.add(setupId);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(300);
    expect(ids.size).toBe(count);
  });

  test('a market upside down gives the opposite setups at the mirrored prices', () => {
    const upright = recording('IBM', '2013');
    const mirror = (bar: Bar): Bar => {
      const flip = (price: number): number => Math.round((370 - price) * 10_000) / 10_000;
      return { ...bar, open: flip(bar.open), high: flip(bar.low), low: flip(bar.high), close: flip(bar.close) };
    };
    const inverted = { ...upright, minutes: upright.minutes.map(mirror), daily: upright.daily.map(mirror) };
    const view = ({ detector, direction, detectedAt, triggerPrice }: Setup, flipped: boolean) => [
      detector,
      detectedAt,
      flipped ? (direction === 'long' ? 'short' : 'long') : direction,
      Math.round((flipped ? 370 - triggerPrice : triggerPrice) * 100),
    ];
    const ours = everySetup(upright).map((setup) => view(setup, false));
    expect(ours.length).toBeGreaterThan(50);
    expect(everySetup(inverted).map((setup) => view(setup, true))).toEqual(ours);
  });
});

const day = calendar.day('2015-12-23') as SessionDay;

/** Five-minute bars from the open on: open, high, low, close. */
const session = (rows: readonly (readonly [number, number, number, number])[]): readonly Bar[] =>
  rows.map(([open, high, low, close], index) => ({
    symbol: 'KO',
    timeframe: '5m',
    openAt: day.opensAt + index * 300_000,
    open,
    high,
    low,
    close,
    volume: 1_000,
  }));

const range: readonly Level[] = [
  { kind: 'openingRangeHigh', name: 'ORH', price: 100.5 },
  { kind: 'openingRangeLow', name: 'ORL', price: 99.5 },
];

const ask = (detector: typeof openingRangeBreakout, bars: readonly Bar[], levels = range) =>
  detector.detect({ symbol: 'KO', bars, daily: [], day, levels });

describe('opening-range breakout', () => {
  const morning: readonly (readonly [number, number, number, number])[] = [
    [100, 100.5, 99.6, 100],
    [100, 100.3, 99.5, 99.9],
    [99.9, 100.2, 99.7, 100.1],
    [100.1, 100.2, 99.8, 100],
    [100, 100.1, 99.8, 100],
  ];

  test('leans on the range high from below and waits a cent above it', () => {
    const setup = ask(openingRangeBreakout, session([...morning, [100, 100.45, 100, 100.4]]));
    expect(setup).toMatchObject({ direction: 'long', triggerPrice: 100.51, structurePrice: 99.5 });
    expect(setup?.structureReason).toBe('the range low');
  });

  test('stays silent in the middle of the range and while it keeps leaning', () => {
    expect(ask(openingRangeBreakout, session([...morning, [100, 100.1, 99.9, 100]]))).toBeUndefined();
    const leaning = session([...morning, [100, 100.45, 100, 100.4], [100.4, 100.48, 100.3, 100.42]]);
    expect(ask(openingRangeBreakout, leaning)).toBeUndefined();
  });

  test('waits above the bar that closed through', () => {
    const setup = ask(openingRangeBreakout, session([...morning, [100, 100.62, 100, 100.6]]));
    expect(setup).toMatchObject({ direction: 'long', triggerPrice: 100.63 });
  });

  test('does not chase a bar that ran away', () => {
    expect(ask(openingRangeBreakout, session([...morning, [100, 101.6, 100, 101.5]]))).toBeUndefined();
  });

  test('has nothing to say before the range is complete or after four hours', () => {
    expect(ask(openingRangeBreakout, session([...morning, [100, 100.45, 100, 100.4]]), [])).toBeUndefined();
    const late = session([
      ...Array.from({ length: 48 }, () => morning[4] ?? ([0, 0, 0, 0] as const)),
      [100, 100.45, 100, 100.4],
    ]);
    expect(ask(openingRangeBreakout, late)).toBeUndefined();
  });
});

describe('EMA pullback', () => {
  const climb = Array.from({ length: 24 }, (_, index): readonly [number, number, number, number] => {
    const open = 100 + index * 0.2;
    return [open, open + 0.3, open - 0.1, open + 0.2];
  });
  const dip: readonly (readonly [number, number, number, number])[] = [
    [104.8, 104.8, 104.2, 104.3],
    [104.3, 104.35, 103.9, 104],
  ];

  test('waits above the bar that closed back out of the band', () => {
    const bars = session([...climb, ...dip, [104, 104.6, 103.85, 104.5]]);
    const setup = ask(emaPullback, bars, []);
    expect(setup).toMatchObject({ direction: 'long', triggerPrice: 104.61, structurePrice: 103.85 });
    expect(setup?.factors.map((factor) => factor.key)).toContain('pullback_depth');
  });

  test('is silent while the dip goes on, in a flat market and in warm-up', () => {
    expect(ask(emaPullback, session([...climb, ...dip]), [])).toBeUndefined();
    const flat = session(Array.from({ length: 30 }, () => [100, 100.2, 99.8, 100.1] as const));
    expect(ask(emaPullback, flat, [])).toBeUndefined();
    expect(ask(emaPullback, session([...climb.slice(5), ...dip, [104, 104.6, 103.85, 104.5]]), [])).toBeUndefined();
  });
});
