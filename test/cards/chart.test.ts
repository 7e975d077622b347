import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFonts, drawChart } from '../../src/cards/chart.ts';
import { drawable } from '../../src/cards/chart-fonts.ts';
import { averageLines } from '../../src/cards/chart-lines.ts';
import { priceScale, priceTicks } from '../../src/cards/chart-scale.ts';
import type { ChartSpec } from '../../src/cards/chart-spec.ts';
import { placeTags, type Tag } from '../../src/cards/chart-tags.ts';
import { timeLabels } from '../../src/cards/chart-time.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { sampleBars } from './sample.ts';

const run = promisify(execFile);

function spec(bars: ChartSpec['bars'], rest: Partial<ChartSpec> = {}): ChartSpec {
  return {
    title: 'AAPL',
    subtitle: '6 Jun 2014',
    bars,
    lines: averageLines(bars, '5m'),
    levels: [],
    bands: [],
    ...rest,
  };
}

/** How many pixels of a picture are of about this colour. */
async function pixels(png: Buffer, [red, green, blue]: readonly [number, number, number]): Promise<number> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const off =
      Math.abs((data[i] ?? 0) - red) + Math.abs((data[i + 1] ?? 0) - green) + Math.abs((data[i + 2] ?? 0) - blue);
    if (off < 12) count += 1;
  }
  return count;
}

describe('a chart', () => {
  it('has the same bytes in every process, time zone and locale', async () => {
    const from = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      const { drawChart } = await import(${from('../../src/cards/chart.ts')});
      const { planChart } = await import(${from('../../src/cards/plan-chart.ts')});
      const { sampleBars, sampleLevels, samplePlan } = await import(${from('./sample.ts')});
      const { png } = await drawChart(planChart(samplePlan, sampleBars(14), sampleLevels));
      process.stdout.write((await import('node:crypto')).hash('sha256', png));
    `;
    const places = [
      { TZ: 'America/New_York', LANG: 'en_US.UTF-8' },
      { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' },
    ];
    const hashes = await Promise.all(
      places.map(
        async (env) =>
          (await run(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ...env } }))
            .stdout,
      ),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    // floating point differs between kinds of processors, and with it a pixel here and there
    if (process.arch === 'x64') await expect(hashes[0]).toMatchFileSnapshot('../../fixtures/golden/charts/plan.sha256');
  });

  it('is 1200 by 720 and draws any bars without failing', async () => {
    const cases = [
      sampleBars(0),
      sampleBars(1),
      sampleBars(2, { volume: false }),
      sampleBars(78),
      sampleBars(390, { timeframe: '1m' }),
      sampleBars(250, { timeframe: '1d', on: '2013-06-06' }),
      sampleBars(60, { start: 0.012 }),
      sampleBars(60, { start: 612_000 }),
      sampleBars(1).map((bar) => ({ ...bar, open: 10, high: 10, low: 10, close: 10, volume: 0 })),
    ];
    for (const bars of cases) {
      const { png, width, height } = await drawChart(spec(bars));
      expect([width, height]).toEqual([1200, 720]);
      expect(png.subarray(1, 4).toString()).toBe('PNG');
    }
  });

  it('shows a rising bar hollow and a falling one filled', async () => {
    const [bar] = sampleBars(1);
    if (!bar) throw new Error('no bar');
    const tall = { ...bar, open: 90, low: 90, high: 110, close: 110, volume: 1 };
    const { volume, ...falling } = { ...tall, open: 110, close: 90 };
    const { volume: _, ...rising } = tall;
    const emerald = await pixels((await drawChart(spec([rising]))).png, [0x10, 0xb9, 0x81]);
    const red = await pixels((await drawChart(spec([falling]))).png, [0xef, 0x44, 0x44]);
    expect(volume).toBe(1);
    expect(emerald).toBeGreaterThan(500);
    expect(red).toBeGreaterThan(4 * emerald);
  });

  it('refuses to start without its fonts instead of drawing charts without text', () => {
    expect(() => checkFonts()).not.toThrow();
    expect(() => checkFonts('No Such Family')).toThrow(/npm ci/);
  });

  it('draws only letters that its own fonts hold', () => {
    expect(drawable('▲ AAPL 苹果 é – “x” 😀')).toBe('AAPL é – “x”');
  });
});

describe('the lines of a chart', () => {
  it('draw the VWAP of the last session only, from its open on', () => {
    const premarket = sampleBars(1, { on: '2014-06-09' }).map((bar) => ({
      ...bar,
      openAt: atNewYork('2014-06-09', '08:00'),
    }));
    const bars = [...sampleBars(78), ...premarket, ...sampleBars(10, { on: '2014-06-09' })];
    const line = averageLines(bars, '5m').find(({ label }) => label === 'VWAP');
    const alone = averageLines(sampleBars(10, { on: '2014-06-09' }), '5m').find(({ label }) => label === 'VWAP');
    expect(line?.values.slice(0, 79)).toEqual(Array.from({ length: 79 }, () => undefined));
    expect(line?.values.slice(79)).toEqual(alone?.values);
  });

  it('have no VWAP without volume or on day bars', () => {
    const labels = (bars: ChartSpec['bars'], timeframe: '5m' | '1d'): string[] =>
      averageLines(bars, timeframe).map(({ label }) => label);
    expect(labels(sampleBars(30, { volume: false }), '5m')).toEqual(['EMA 9', 'EMA 20']);
    expect(labels(sampleBars(30, { timeframe: '1d' }), '1d')).toEqual(['EMA 9', 'EMA 20']);
  });
});

describe('scales', () => {
  it('keep far key levels out but every price of a plan in', () => {
    const bars = sampleBars(30);
    const level = (price: number, tone: 'up' | 'neutral') => ({ label: 'L', price, tone });
    const near = priceScale(spec(bars), 0, 100);
    expect(priceScale(spec(bars, { levels: [level(200, 'neutral')] }), 0, 100).high).toBe(near.high);
    expect(priceScale(spec(bars, { levels: [level(200, 'up')] }), 0, 100).high).toBeGreaterThan(200);
  });

  it('have round prices', () => {
    expect(priceTicks(93.2, 95.1, 6)).toEqual([93.5, 94, 94.5, 95]);
    expect(priceTicks(0.0112, 0.0119, 6)).toEqual([0.0112, 0.0114, 0.0116, 0.0118]);
    expect(priceTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it('name New York times and new sessions', () => {
    const two = [...sampleBars(78), ...sampleBars(78, { on: '2014-06-09' })];
    expect(timeLabels(sampleBars(78), 8).map(({ text }) => text)).toEqual([
      '10:00',
      '11:00',
      '12:00',
      '13:00',
      '14:00',
      '15:00',
    ]);
    expect(timeLabels(two, 20).map(({ text }) => text)).toEqual(['10:00', '12:00', '14:00', '9 Jun', '12:00', '14:00']);
    const winter = sampleBars(2, { on: '2015-12-23' });
    expect(winter[0]?.openAt).toBe(atNewYork('2015-12-23', '09:30'));
    expect(timeLabels([], 5)).toEqual([]);
  });

  it('never let two labels or two price tags meet', () => {
    const tag = fc.record({ y: fc.double({ min: -50, max: 650, noNaN: true }), pinned: fc.boolean() });
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 30 }), (tags) => {
        const full: Tag[] = tags.map((each, i) => ({ ...each, text: String(i), fill: '', ink: '' }));
        const placed = placeTags(full, 36, 0, 600);
        for (const [i, each] of placed.entries()) {
          const before = placed[i - 1];
          expect(each.at).toBeGreaterThanOrEqual(each.pinned ? 18 - 1e-6 : 0);
          expect(each.at).toBeLessThanOrEqual(each.pinned ? 582 + 1e-6 : 600);
          if (before) expect(each.at - before.at).toBeGreaterThanOrEqual(36 - 1e-6);
        }
        expect(placed.filter(({ pinned }) => pinned)).toHaveLength(
          Math.min(16, full.filter(({ pinned }) => pinned).length),
        );
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.double({ min: 1, max: 60, noNaN: true }), (count, minSlots) => {
        const labels = timeLabels(sampleBars(count, { timeframe: '1m' }), minSlots);
        for (const [i, label] of labels.entries())
          expect(label.index - (labels[i - 1]?.index ?? -1e9)).toBeGreaterThanOrEqual(minSlots);
      }),
    );
  });
});
