import type { Bar } from '../domain/bar.ts';
import type { Level } from '../domain/levels.ts';
import type { Plan } from '../domain/plan.ts';
import { shortPlanId } from '../domain/plan.ts';
import { newYork } from '../domain/session.ts';
import { averageLines } from './chart-lines.ts';
import type { ChartSpec } from './chart-spec.ts';
import { dateText, newYorkClock, price } from './format.ts';

/** Enough for the slow average to be drawn, few enough for each candle to be read. */
const SHOWN_BARS = 72;

/** The last of the deciding bars with what the plan makes of them: entry zone, risk and reward as bands, its prices as tags. */
export function planChart(plan: Plan, bars: readonly Bar[], levels: readonly Level[]): ChartSpec {
  const { entry, stop, targets } = plan;
  const farthest = targets.at(-1)?.price ?? entry.limitPrice;
  const { on } = newYork(plan.decidedAt);
  const inView = bars.slice(-SHOWN_BARS);
  return {
    title: `${plan.symbol}  ${plan.direction}  ${plan.setup.title}`,
    subtitle: `${dateText(on, { weekday: true, year: true })}, decided ${newYorkClock(plan.decidedAt, false)} ET, plan ${shortPlanId(plan.planId)}`,
    bars: inView,
    lines: averageLines(bars, '5m', inView.length),
    levels: [
      { label: 'Entry', price: entry.triggerPrice, tone: 'warn' },
      { label: 'Stop', price: stop.price, tone: 'down' },
      ...targets.map((target) => ({ label: target.name, price: target.price, tone: 'up' as const })),
      ...levels.map((level) => ({ label: level.name, price: level.price, tone: 'neutral' as const })),
    ],
    bands: [
      { label: 'risk', from: stop.price, to: entry.triggerPrice, tone: 'down' },
      { label: 'entry zone', from: entry.triggerPrice, to: entry.limitPrice, tone: 'warn' },
      { label: 'reward', from: entry.limitPrice, to: farthest, tone: 'up' },
    ],
  };
}

/** The chart in one sentence, with every price of the plan. */
export function planChartAlt(plan: Plan, levels: readonly Level[]): string {
  const { symbol, direction, setup, entry, stop, targets } = plan;
  const goals = targets.map((target) => `${target.name} ${price(target.price)}`).join(', ');
  const known = levels.map((level) => `${level.name} ${price(level.price)}`).join(', ');
  return [
    `${symbol} ${setup.timeframe} bars, ${direction} ${setup.title}: last ${price(plan.referencePrice)},`,
    `entry ${price(entry.triggerPrice)} to ${price(entry.limitPrice)}, stop ${price(stop.price)}, ${goals}.`,
    known === '' ? '' : `Levels: ${known}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}
