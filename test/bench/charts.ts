import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { drawChart } from '../../src/cards/chart.ts';
import { planChart } from '../../src/cards/plan-chart.ts';
import { sampleBars, sampleLevels, samplePlan } from '../cards/sample.ts';
import { threadMs } from './cpu.ts';
import { type Row, row } from './row.ts';

const CANDLES = 120;
const WARM_UP = 20;
const ROUNDS = 8;
const IN_A_ROW = 10;
const AT_ONCE = 20;
const CROWDS = 5;

/** What a chart costs alone, and how long twenty at once hold up the event loop. */
export async function measureCharts(): Promise<Row[]> {
  const spec = planChart(samplePlan, sampleBars(CANDLES), sampleLevels);
  for (let count = 0; count < WARM_UP; count += 1) await drawChart(spec);

  const { png } = await drawChart(spec);
  const alone = { wall: [] as number[], thread: [] as number[], process: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const thread = process.threadCpuUsage();
    const whole = process.cpuUsage();
    for (let count = 0; count < IN_A_ROW; count += 1) {
      const startedAt = performance.now();
      await drawChart(spec);
      alone.wall.push(performance.now() - startedAt);
    }
    const { user, system } = process.cpuUsage(whole);
    alone.process.push((user + system) / 1_000 / IN_A_ROW);
    alone.thread.push(threadMs(thread) / IN_A_ROW);
  }

  const crowd = { block: [] as number[], wall: [] as number[] };
  for (let count = 0; count < CROWDS; count += 1) {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    // a block before its first tick goes unseen
    await pause(20);
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
    row('size of the PNG', 'KB', [png.byteLength / 1_024]),
    row(`${AT_ONCE} at once, longest event-loop block`, 'ms', crowd.block),
    row(`${AT_ONCE} at once, until the last is there`, 'ms', crowd.wall),
  ];
}
