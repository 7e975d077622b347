import { monitorEventLoopDelay } from 'node:perf_hooks';
import { drawChart } from '../../src/cards/chart.ts';
import { planChart } from '../../src/cards/plan-chart.ts';
import { sampleBars, sampleLevels, samplePlan } from '../cards/sample.ts';
import { type Row, row } from './row.ts';

const CANDLES = 120;
const WARM_UP = 20;
const ALONE = 40;
const AT_ONCE = 20;
const CROWDS = 5;

const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

/** What a chart costs alone, and how long twenty at once hold up the event loop. */
export async function measureCharts(): Promise<Row[]> {
  const spec = planChart(samplePlan, sampleBars(CANDLES), sampleLevels);
  for (let count = 0; count < WARM_UP; count += 1) await drawChart(spec);

  const alone = { wall: [] as number[], thread: [] as number[], process: [] as number[], kilobytes: [] as number[] };
  for (let count = 0; count < ALONE; count += 1) {
    const startedAt = performance.now();
    const thread = process.threadCpuUsage();
    const whole = process.cpuUsage();
    const { png } = await drawChart(spec);
    alone.wall.push(performance.now() - startedAt);
    alone.thread.push(milliseconds(process.threadCpuUsage(thread)));
    alone.process.push(milliseconds(process.cpuUsage(whole)));
    alone.kilobytes.push(png.byteLength / 1_024);
  }

  const crowd = { block: [] as number[], wall: [] as number[] };
  for (let count = 0; count < CROWDS; count += 1) {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    // its first interval must have begun, or the block goes unseen
    await new Promise((resolve) => setTimeout(resolve, 20));
    loop.reset();
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, () => drawChart(spec)));
    crowd.wall.push(performance.now() - startedAt);
    loop.disable();
    crowd.block.push(loop.max / 1e6);
  }
  return [
    row('one chart, wall time', 'ms', alone.wall),
    row('one chart, CPU of the main thread', 'ms', alone.thread),
    row('one chart, CPU of all threads (the encoder too)', 'ms', alone.process),
    row('size of the PNG', 'KB', [alone.kilobytes[0] ?? Number.NaN]),
    row(`${AT_ONCE} at once, longest event-loop block`, 'ms', crowd.block),
    row(`${AT_ONCE} at once, until the last is there`, 'ms', crowd.wall),
  ];
}
