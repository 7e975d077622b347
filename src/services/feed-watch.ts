import { z } from 'zod';
import type { HealthAlert } from '../domain/alert.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { Store } from '../store/store.ts';
import type { Alerts } from './alerts.ts';
import { type PartNow, partsOf, planDataOf, type Watched } from './feed-parts.ts';
import { createPartMoods } from './part-moods.ts';

/** A plan whose thread is told when its minutes do not come. */
export interface OpenPlan {
  readonly planId: string;
  readonly symbol: string;
}

const LOOK_MS = 5_000;
const KEY = 'health told';
const BACK = 'It works again.';
const MISSED = 'Minutes that were missed are read and judged in order; what happened in them is told, marked LATE.';

const kept = z.object({
  moments: z.array(z.number()),
  told: z.array(
    z.object({
      kind: z.literal('health'),
      part: z.string(),
      state: z.literal('down'),
      since: z.number(),
      at: z.number(),
      reason: z.string(),
      works: z.string(),
      planId: z.string().optional(),
    }),
  ),
});

/** Tells `#ops`, and the threads of open plans, of a data provider that fails and of its return; once each, also across a restart. */
export function createFeedWatch(deps: {
  readonly provider: Watched;
  /** Plans with open trades. */
  readonly openPlans: () => Promise<readonly OpenPlan[]> | readonly OpenPlan[];
  readonly alerts: Pick<Alerts, 'enqueue'>;
  readonly snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time; the machine's own unless given. */
  readonly wall?: Pick<Clock, 'now' | 'at'>;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics: Pick<Metrics, 'gauge'>;
}): { start(): Promise<void>; stop(): void } {
  const { provider, openPlans, alerts, snapshots, clock, wall = systemClock, log } = deps;
  const downGauge = deps.metrics.gauge('part_down', 'Whether this part of the data provider is down.', ['part']);
  let moods = createPartMoods(clock, wall);
  /** What was told to be down and not yet to be back, by `keyOf`. */
  const told = new Map<string, HealthAlert>();
  let isRunning = false;
  let isBusy = false;
  let isWantedAgain = false;
  let isAway = false;
  let cancelNext: () => void = () => {};
  let leave: () => void = () => {};

  /** Everybody who must know that this part is down; undefined for `#ops`. */
  const tellDown = async (now: PartNow, since: number, planIds: readonly (string | undefined)[]): Promise<void> => {
    for (const planId of planIds) {
      const key = keyOf(now.part, planId);
      if (told.has(key) || now.mood !== 'bad') continue;
      const { part, reason, works } = now;
      const to = planId === undefined ? {} : { planId };
      const alert: HealthAlert = { kind: 'health', part, state: 'down', since, at: clock.now(), reason, works, ...to };
      await alerts.enqueue(alert);
      told.set(key, alert);
      await remember();
    }
  };

  const tellUp = async (part: string): Promise<void> => {
    for (const [key, down] of told) {
      if (down.part !== part) continue;
      const works = down.planId === undefined ? BACK : MISSED;
      await alerts.enqueue({ ...down, state: 'up', at: clock.now(), works });
      told.delete(key);
      await remember();
    }
  };

  const remember = async (): Promise<void> => {
    await snapshots.save(KEY, wall.now(), { moments: moods.moments(), told: [...told.values()] });
  };

  const look = async (): Promise<void> => {
    for (const now of partsOf(provider)) {
      const since = moods.see(now);
      downGauge.set({ part: now.part }, since === undefined ? 0 : 1);
      if (since === undefined) await tellUp(now.part);
      else await tellDown(now, since, [undefined]);
    }
    let plans: readonly OpenPlan[] | undefined;
    for (const { now, carries } of planDataOf(provider)) {
      const since = moods.see(now);
      if (since === undefined) await tellUp(now.part);
      else {
        plans ??= await openPlans();
        const planIds = plans.filter(({ symbol }) => carries(symbol)).map(({ planId }) => planId);
        await tellDown(now, since, planIds);
      }
    }
  };

  /** One look at a time; whatever could not be told is told by a later one. */
  const lookNow = async (): Promise<void> => {
    isWantedAgain = isBusy;
    if (isBusy) return;
    isBusy = true;
    cancelNext();
    try {
      await look();
      isAway = false;
    } catch (err) {
      if (!isAway) log.warn({ err }, 'health news not kept, tried again until they are');
      isAway = true;
    }
    isBusy = false;
    if (!isRunning) return;
    cancelNext = wall.at(wall.now() + (isWantedAgain ? 0 : LOOK_MS), () => void lookNow());
  };

  return {
    async start() {
      isRunning = true;
      await recall();
      leave = provider.feed.onState(() => void lookNow());
      await lookNow();
    },
    stop() {
      isRunning = false;
      leave();
      cancelNext();
    },
  };

  async function recall(): Promise<void> {
    try {
      const { success, data } = kept.safeParse((await snapshots.load(KEY))?.body);
      if (!success) return;
      moods = createPartMoods(clock, wall, data.moments);
      for (const { planId, ...alert } of data.told) {
        told.set(keyOf(alert.part, planId), planId === undefined ? alert : { ...alert, planId });
        moods.wasDown(alert.part, alert.since);
      }
    } catch (err) {
      log.warn({ err }, 'earlier health news not read');
    }
  }
}

function keyOf(part: string, planId: string | undefined): string {
  return planId === undefined ? part : `${part} ${planId}`;
}
