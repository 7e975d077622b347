import type { Metrics } from '../kit/metrics.ts';
import { delayOf, type Kept } from './outgoing.ts';

const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/** Measures alerts that were posted: how long after the event each was seen, decided and delivered. */
export function createAlertTimes(
  metrics: Pick<Metrics, 'histogram' | 'counter'>,
  speed: () => number,
): { posted(kept: Kept, wallAt: number): void } {
  const latency = metrics.histogram(
    'alert_latency_seconds',
    'Time from an event until its alert was seen, decided and delivered.',
    ['kind', 'stage'],
    BUCKETS,
  );
  const posted = metrics.counter('alerts_posted_total', 'Alerts that stand in their channel.', ['kind']);
  return {
    posted(kept, wallAt) {
      const { kind } = kept.alert;
      posted.inc({ kind });
      const stages = { seen: kept.seenWallAt, decided: kept.decidedWallAt, delivered: wallAt };
      for (const [stage, at] of Object.entries(stages))
        latency.observe({ kind, stage }, delayOf(kept, at, speed()) / 1000);
    },
  };
}
