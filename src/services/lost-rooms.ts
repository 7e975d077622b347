import { type Alert, alertIdOf, type HealthAlert, nonceOf } from '../domain/alert.ts';
import type { Clock } from '../kit/clock.ts';
import type { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { LostRoom } from './alert-delivery.ts';

const WAITS =
  'Everything else is posted as before. What belongs there waits and comes later in order; the bot tries again every 5 minutes.';
const GONE = 'Everything else is posted as before. What happens to that plan is not told any more; the trades live on.';

/** Tells of a room that takes no messages, once, and when it takes them again; by direct message when that room is `#ops`. */
export function createLostRooms<C>(deps: {
  enqueue: (alert: Alert) => Promise<void>;
  post: (channelId: string, card: C, options: { readonly nonce: string }) => Promise<unknown>;
  openDirect: (memberId: string) => Promise<{ readonly channelId: string }>;
  draw: (alert: Alert, lateMs: number) => Promise<C> | C;
  opsChannelId: string;
  ownerId: string | undefined;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn' | 'error'>;
}): (room: LostRoom, since: number, refusal: AppError | undefined) => Promise<void> {
  const { enqueue, post, openDirect, draw, opsChannelId, ownerId, clock, log } = deps;

  const tellOwner = async (alert: HealthAlert): Promise<void> => {
    if (ownerId === undefined) return;
    try {
      const { channelId } = await openDirect(ownerId);
      await post(channelId, await draw(alert, 0), { nonce: nonceOf(alertIdOf(alert)) });
    } catch (err) {
      log.error({ err }, 'owner not told of the lost channel');
    }
  };

  return async ({ name, channelId, isForGood }, since, refusal) => {
    const alert: HealthAlert = {
      kind: 'health',
      part: `channel: ${name}`,
      state: refusal ? 'down' : 'up',
      since,
      at: clock.now(),
      reason: refusal?.message ?? `The bot may write in ${name} again.`,
      works: refusal ? (isForGood ? GONE : WAITS) : 'What waited is being posted, oldest first.',
    };
    if (refusal) log.warn({ channelId, err: refusal }, 'channel refuses the bot');
    await enqueue(alert);
    if (!refusal || channelId !== opsChannelId) return;
    log.error({ channelId, err: refusal }, 'channel for health news refuses the bot');
    await tellOwner(alert);
  };
}
