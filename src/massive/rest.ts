import type { Clock } from '../kit/clock.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { TtlCache } from '../kit/ttl-cache.ts';
import type { MassiveHttp } from './client.ts';
import { createCached } from './rest/answers.ts';
import { type BarMethods, barMethods } from './rest/bars.ts';
import type { RestDeps } from './rest/deps.ts';
import { type LastMethods, lastMethods } from './rest/last.ts';
import { type ReferenceMethods, referenceMethods } from './rest/reference.ts';
import { type SnapshotMethods, snapshotMethods } from './rest/snapshots.ts';

/** The provider's REST side in the house's words; every failure is a MassiveError. */
export interface MassiveRest extends BarMethods, SnapshotMethods, LastMethods, ReferenceMethods {}

/** `clock` is the market's: it stamps what is received and says what is today; `cache` should run on it too. */
export function createMassiveRest(deps: {
  readonly http: Pick<MassiveHttp, 'get' | 'pages'>;
  readonly cache: Pick<TtlCache, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly metrics?: Pick<Metrics, 'counter'>;
}): MassiveRest {
  const dropped = deps.metrics?.counter('rows_dropped_total', 'Rows of provider answers that did not fit.', [
    'endpoint',
  ]);
  const parts: RestDeps = {
    http: deps.http,
    cached: createCached(deps.cache),
    now: () => deps.clock.now(),
    dropRows: (endpoint) => (rows) => dropped?.inc({ endpoint }, rows),
  };
  return { ...barMethods(parts), ...snapshotMethods(parts), ...lastMethods(parts), ...referenceMethods(parts) };
}
