import { createHash } from 'node:crypto';
import { drawChart } from '../../src/cards/chart.ts';
import { planChart } from '../../src/cards/plan-chart.ts';
import { sampleBars, sampleLevels, samplePlan } from './sample.ts';

const { png } = await drawChart(planChart(samplePlan, sampleBars(14), sampleLevels));
process.stdout.write(createHash('sha256').update(png).digest('hex'));
