import type { Bar } from '../../../src/domain/bar.ts';
import { detectors } from '../../../src/domain/detectors/all.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { planFor } from '../../../src/domain/plan.ts';
import { advanceAll } from '../../../src/domain/trade/advance.ts';
import type { Step } from '../../../src/domain/trade.ts';
import { openTrade } from '../../../src/domain/trade.ts';
import { risk } from '../ask.ts';
import { calendar, type Recording, recordings } from '../market-data.ts';
import { barEvents } from './table.ts';

const MINUTE_MS = 60_000;

/** A plan of a recorded day with the minutes that came after it. */
export interface RealLife {
  readonly plan: Plan;
  readonly bars: readonly Bar[];
}

/** Every plan that recordings, all of them unless given, give when asked each five minutes, with its market until the evening of the next session. */
export function realLives(recorded: readonly Recording[] = recordings()): readonly RealLife[] {
  const lives = new Map<string, RealLife>();
  for (const { symbol, days, daily, minutes } of recorded) {
    for (const [index, day] of days.entries()) {
      const until = (days[index + 1] ?? day).closesAt + 60 * MINUTE_MS;
      for (let asOf = day.opensAt + 15 * MINUTE_MS; asOf < day.closesAt; asOf += 5 * MINUTE_MS) {
        const result = planFor({ symbol, calendar, day, asOf, daily, minutes, risk, detectors });
        if (!result.ok || lives.has(result.plan.planId)) continue;
        const { plan } = result;
        lives.set(plan.planId, {
          plan,
          bars: minutes.filter((bar) => bar.openAt >= plan.decidedAt && bar.openAt < until),
        });
      }
    }
  }
  return [...lives.values()];
}

/** Something that tells the life of a plan from a tape. */
export type Teller = (plan: Plan, bars: readonly Bar[]) => readonly Step[];

/** The trade machine, with the plan's own size, taken at once. */
export const honest: Teller = (plan, bars) =>
  advanceAll(openTrade(plan, { memberId: '1', shares: plan.size.shares, takenAt: plan.decidedAt }), barEvents(bars))
    .steps;

/** What is wrong with a teller on one tape: told later what it did not know then, a price nobody paid, or doubt read in its favour. */
export function breachesOf(teller: Teller, { plan, bars }: RealLife): readonly string[] {
  const told = teller(plan, bars);
  return [...changedPast(teller, plan, bars, told), ...unpaid(bars, told), ...flattering(plan, bars, told)];
}

function changedPast(teller: Teller, plan: Plan, bars: readonly Bar[], told: readonly Step[]): string[] {
  const breaches: string[] = [];
  for (const step of told) {
    // what could be known when the minute after the step had closed
    const then = teller(
      plan,
      bars.filter((bar) => bar.openAt <= step.at),
    );
    const same = told.slice(0, then.length).every((one, index) => one.stepId === then[index]?.stepId);
    if (!same || then.length <= step.seq) breaches.push(`${step.kind} was told otherwise at its time`);
  }
  // every half hour the story so far must be how the whole story begins
  for (let cut = 0; cut < Math.min(bars.length, 390); cut += 30) {
    const then = teller(plan, bars.slice(0, cut));
    if (!then.every((one, index) => one.stepId === told[index]?.stepId))
      breaches.push(`minute ${cut} changed the past`);
  }
  return breaches;
}

function unpaid(bars: readonly Bar[], told: readonly Step[]): string[] {
  const endedBy = new Map(bars.map((bar) => [bar.openAt + MINUTE_MS, bar]));
  return told.flatMap(({ kind, price, at, shares }) => {
    const bar = endedBy.get(at);
    if (price === undefined || shares === 0 || !bar) return [];
    return price >= bar.low && price <= bar.high ? [] : [`${kind} at ${price}, traded ${bar.low} to ${bar.high}`];
  });
}

function flattering(plan: Plan, bars: readonly Bar[], told: readonly Step[]): string[] {
  const sign = plan.direction === 'long' ? 1 : -1;
  const endedBy = new Map(bars.map((bar) => [bar.openAt + MINUTE_MS, bar]));
  return told.flatMap((step, index) => {
    const bar = endedBy.get(step.at);
    const before = told[index - 1];
    if (!bar || !before) return step.kind === 'triggered' && bar ? cheap(plan, bar, step) : [];
    const back = sign === 1 ? bar.low : bar.high;
    const doubt = before.stopAfter !== undefined && before.at < step.at && sign * (back - before.stopAfter) <= 0;
    const atOpen = step.price === bar.open;
    const isFirst = step.target === 'T1' && before.at < step.at && !atOpen;
    const atMoved = step.stopAfter !== undefined && sign * (back - step.stopAfter) <= 0;
    if (isFirst && atMoved && told[index + 1]?.at !== step.at)
      return ['kept its rest in a minute that traded at break-even'];
    return step.kind === 'target' && doubt && !atOpen ? [`${step.target} paid in a minute that reached the stop`] : [];
  });
}

/** A breakout is not bought below its trigger. */
function cheap(plan: Plan, bar: Bar, { price = Number.NaN }: Step): string[] {
  const sign = plan.direction === 'long' ? 1 : -1;
  const least = sign * Math.max(sign * plan.entry.triggerPrice, -Number.MAX_VALUE);
  return sign * (price - least) >= 0
    ? []
    : [`filled at ${price} by ${bar.low} to ${bar.high}, better than the trigger`];
}
