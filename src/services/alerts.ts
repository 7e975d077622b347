import type { Alert } from '../domain/alert.ts';
import { shortPlanId } from '../domain/plan.ts';
import { fullJitter } from '../kit/backoff.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { StoreError } from '../store/errors.ts';
import type { ClaimedAlert, OutgoingAlert } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { type AlertPosts, createDelivery, type DeliveryDeps } from './alert-delivery.ts';
import type { Outcome } from './alert-holds.ts';
import { createPump } from './alert-pump.ts';
import { createAlertTimes } from './alert-times.ts';
import { createLostRooms } from './lost-rooms.ts';
import { type Kept, outgoing } from './outgoing.ts';

/** Posts what the outbox holds: enqueue is idempotent, and the nonce makes a repeated post the same message. */
export interface Alerts {
  enqueue(alert: Alert): Promise<void>;
  /** The row of an alert that is seen and decided now; whoever writes it says `kick` afterwards. */
  outgoing(alert: Alert): OutgoingAlert;
  /** Posts everything that is due; resolves when the outbox has nothing more to give. */
  pump(): Promise<void>;
  /** The same for somebody who does not wait. */
  kick(): void;
  start(): void;
  stop(): Promise<void>;
}

export interface AlertsDeps<C> extends Omit<DeliveryDeps<C>, 'tellRoom' | 'posts'> {
  readonly outbox: Pick<Store['system']['outbox'], 'enqueue' | 'claim' | 'settle' | 'fail' | 'depth'>;
  readonly posts: AlertPosts<C> & { openDirect(memberId: string): Promise<{ readonly channelId: string }> };
  /** Hears by direct message when the room for such news is the lost one. */
  readonly ownerId: string | undefined;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time. */
  readonly wall: Pick<Clock, 'now' | 'at'>;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'histogram' | 'gauge' | 'counter'>;
  readonly random?: () => number;
}

type NotSent = Exclude<Outcome, { readonly kind: 'sent' }>;

const LEASE_SECONDS = 30;
const MEASURE_EVERY_MS = 5_000;
const BACKOFF = { baseMs: 1_000, capMs: 20_000 };
/** Refused as it is: another try sends the same. */
const HOPELESS_AFTER = 5;
/** An unknown failure. */
const DOUBTFUL_AFTER = 20;

export function createAlerts<C>(deps: AlertsDeps<C>): Alerts {
  const { outbox, posts, rooms, draw, ownerId, clock, wall, log, metrics, speed = () => 1 } = deps;
  const { random = Math.random } = deps;
  const times = createAlertTimes(metrics, speed);
  const depth = metrics.gauge('outbox_depth', 'Alerts that wait to be posted.');
  /** Tries that went wrong, by alert; waiting for a channel is not one. */
  const failures = new Map<string, number>();

  const stamped = (alert: Alert): OutgoingAlert => {
    const wallAt = wall.now();
    return outgoing(alert, { seenAt: clock.now(), seenWallAt: wallAt, decidedWallAt: wallAt });
  };
  const enqueue = async (alert: Alert): Promise<void> => {
    await outbox.enqueue(stamped(alert));
    kick();
  };
  const opsChannelId = rooms.ops ?? rooms.alerts;
  const tellRoom = createLostRooms({ ...posts, enqueue, draw, opsChannelId, ownerId, clock, log });
  const bring = createDelivery({ ...deps, tellRoom });

  const failed = (row: ClaimedAlert, err: unknown): NotSent => {
    const count = (failures.get(row.alertId) ?? 0) + 1;
    failures.set(row.alertId, count);
    const isOver = count >= patienceFor(err);
    const reason = err instanceof Error ? err.message : String(err);
    log[isOver ? 'error' : 'warn']({ alertId: row.alertId, attempts: row.attempts, err }, 'alert not posted');
    if (isOver) return { kind: 'bury', reason };
    const seconds = Math.max(1, Math.ceil(fullJitter(count, { ...BACKOFF, random }) / 1000));
    return { kind: 'wait', seconds, reason };
  };

  /** With its offer a plan loses its thread, and every step of it. */
  const tellOfLostPlan = async ({ alert }: Kept, reason: string): Promise<void> => {
    if (alert.kind !== 'offer') return;
    const name = `thread of plan ${shortPlanId(alert.planId)}`;
    await tellRoom(
      { name, channelId: rooms.plans ?? name, isForGood: true },
      alert.at,
      new AppError('conflict', reason),
    );
  };

  const giveBack = async (row: ClaimedAlert, outcome: NotSent, fence: number) => {
    const isDead = outcome.kind === 'bury';
    if (isDead) failures.delete(row.alertId);
    if (isDead) log.error({ alertId: row.alertId, reason: outcome.reason }, 'alert given up');
    if (isDead) await tellOfLostPlan(row.payload as Kept, outcome.reason);
    const retryInSeconds = isDead ? 0 : outcome.seconds;
    await outbox.fail(row.alertId, outcome.reason, { dead: isDead, retryInSeconds, fence });
    return isDead ? undefined : retryInSeconds;
  };

  const deliver = async (row: ClaimedAlert, fence: () => number): Promise<number | undefined> => {
    try {
      const outcome = await bring(row);
      if (outcome.kind !== 'sent') return await giveBack(row, outcome, fence());
      // false: somebody else holds it, finds the message standing and settles it
      if (await outbox.settle(row.alertId, outcome.messageId, fence())) times.posted(row.payload as Kept, wall.now());
      failures.delete(row.alertId);
      return undefined;
    } catch (err) {
      return await giveBack(row, failed(row, err), fence()).catch((away: unknown) => {
        log.warn({ alertId: row.alertId, err: away }, 'alert not given back');
        return LEASE_SECONDS;
      });
    }
  };

  let measuredAt = Number.NEGATIVE_INFINITY;
  const measure = async (): Promise<void> => {
    if (wall.now() - measuredAt < MEASURE_EVERY_MS) return;
    measuredAt = wall.now();
    depth.set(await outbox.depth());
  };

  const { pump, kick, start, stop } = createPump({
    claim: async (n, maxPriority) => {
      await measure();
      return outbox.claim(n, LEASE_SECONDS, maxPriority);
    },
    deliver,
    wall,
    log,
  });

  return { enqueue, outgoing: stamped, pump, kick, start, stop };
}

/** How many failed tries a failure of this kind is worth. */
function patienceFor(err: unknown): number {
  if (err instanceof StoreError) return Number.POSITIVE_INFINITY;
  if (!(err instanceof AppError)) return DOUBTFUL_AFTER;
  return err.code === 'internal' || err.code === 'conflict' ? HOPELESS_AFTER : Number.POSITIVE_INFINITY;
}
