import { describe, expect, it } from 'vitest';
import { averageLines } from '../../src/cards/chart-lines.ts';
import { planChart } from '../../src/cards/plan-chart.ts';
import { symbolChart } from '../../src/cards/symbol-chart.ts';
import { keyLevels, levelPrice } from '../../src/domain/levels.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { calendar, recording } from '../domain/market-data.ts';
import { historyAt } from '../services/recorded-history.ts';
import { sampleBars, samplePlan } from './sample.ts';

const MOMENTS = [
  ['SPY', '2013', '2013-10-10'],
  ['IBM', '2013', '2013-10-08'],
  ['SPY', '2020', '2020-12-17'],
  ['GOOG', '2015', '2015-12-24'],
] as const;
const TIMES = ['09:35', '09:50', '11:00', '12:45', '14:00', '15:55', '16:00'];

const lastVwap = (lines: ReturnType<typeof averageLines>): number | undefined =>
  lines.find(({ label }) => label === 'VWAP')?.values.at(-1);

describe('the VWAP of a chart', () => {
  it('is the VWAP of /levels at the same moment, on charts of 1, 5 and 15 minutes and on a plan', async () => {
    let compared = 0;
    for (const [symbol, year, on] of MOMENTS) {
      const recorded = recording(symbol, year);
      const day = calendar.day(on);
      if (!day) throw new Error(`${on} has no session`);
      for (const time of TIMES) {
        const asOf = atNewYork(on, time);
        if (asOf > day.closesAt) continue;
        const { daily, minutes } = recorded;
        const level = levelPrice(keyLevels({ daily, minutes, day, asOf }), 'vwap');
        for (const timeframe of ['1m', '5m', '15m'] as const) {
          if (timeframe === '15m' && (asOf - day.opensAt) % 900_000 !== 0) continue;
          const { value: bars } = await historyAt(recorded, asOf + 15_000).bars(symbol, timeframe);
          const { chart } = symbolChart({ symbol, timeframe, bars, levels: [] });
          expect(chart.bars.length).toBeLessThanOrEqual(120);
          expect(chart.lines.every(({ values }) => values.length === chart.bars.length)).toBe(true);
          expect(lastVwap([...chart.lines])).toBeCloseTo(level ?? Number.NaN, 2);
          if (timeframe === '5m')
            expect(lastVwap([...planChart(samplePlan, bars, []).lines])).toBeCloseTo(level ?? 0, 2);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('is left out where an hour mixes the pre-market in', async () => {
    const { value: bars } = await historyAt(recording('SPY', '2013'), atNewYork('2013-10-10', '14:00')).bars(
      'SPY',
      '1h',
    );
    const labels = averageLines(bars, '1h').map(({ label }) => label);
    expect(labels).toEqual(['EMA 9', 'EMA 20']);
  });

  it('is left out where the open of its session is not there', () => {
    const labels = averageLines(sampleBars(40).slice(3), '5m').map(({ label }) => label);
    expect(labels).toEqual(['EMA 9', 'EMA 20']);
  });

  it('begins with the first trade of a stock that opens late', () => {
    const yesterday = sampleBars(5);
    const late = sampleBars(12, { on: '2014-06-09' }).slice(2);
    const line = averageLines([...yesterday, ...late], '5m').find(({ label }) => label === 'VWAP');
    expect(line?.values.map(Number.isFinite)).toEqual([...yesterday.map(() => false), ...late.map(() => true)]);
  });
});
