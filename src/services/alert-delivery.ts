import { LRUCache } from 'lru-cache';
import { type Alert, alertTagOf, type OfferAlert } from '../domain/alert.ts';
import { shortPlanId } from '../domain/plan.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Offer } from '../store/offers.ts';
import type { ClaimedAlert } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { createHolds, type HoldChange, isRefusal, type Outcome } from './alert-holds.ts';
import { delayOf, type Kept } from './outgoing.ts';

/** The part of Discord that alerts need. */
export interface AlertPosts<C> {
  post(
    channelId: string,
    card: C,
    options: { readonly nonce: string; readonly mentions?: readonly string[] },
  ): Promise<{ readonly messageId: string }>;
  /** The message in that channel whose last line holds this tag, posted since then (epoch ms). */
  find(channelId: string, tag: string, since: number): Promise<string | undefined>;
  startThread(channelId: string, messageId: string, name: string): Promise<{ readonly threadId: string }>;
  openPrivateThread(
    channelId: string,
    name: string,
    memberId: string,
    options: { readonly mayExist: boolean },
  ): Promise<{ readonly threadId: string }>;
}

/** Discord's ids of the rooms; undefined where none is set. */
interface AlertRooms {
  readonly alerts: string;
  readonly plans: string | undefined;
  readonly ops: string | undefined;
}

export interface DeliveryDeps<C> {
  readonly posts: AlertPosts<C>;
  readonly rooms: AlertRooms;
  /** The card of an alert; an offer's is its head card as it stands now. */
  readonly draw: (alert: Alert, lateMs: number) => Promise<C> | C;
  readonly offers: Pick<Store['system']['offers'], 'get' | 'place'>;
  /** What the house is told of a room that is lost or found again. */
  readonly tellRoom: (room: LostRoom, since: number, refusal: AppError | undefined) => Promise<void>;
  /** A plan's head card and its thread stand. */
  readonly onPlaced?: (planId: string) => void;
  readonly wall: Pick<Clock, 'now'>;
  /** Market time per real time; 1 unless given. */
  readonly speed?: () => number;
}

/** A place that took no message. */
export interface LostRoom {
  /** In words: `#plans`, `thread of plan 7f3a9c`. */
  readonly name: string;
  readonly channelId: string;
  /** A deleted thread never comes back; a channel may. */
  readonly isForGood: boolean;
}

/** Discord forgets a nonce after a few minutes: an older alert is looked for in the channel first. */
const NONCE_SURE_MS = 2 * 60_000;
/** The database's clock and Discord's: by this much at most. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
const PLANS_HELD = 500;
const MESSAGES_HELD = 1000;

/** Brings one alert to its place; may be repeated after a crash at any point and leaves one message, in one thread. */
export function createDelivery<C>(deps: DeliveryDeps<C>): (row: ClaimedAlert) => Promise<Outcome> {
  const { posts, rooms, draw, offers, tellRoom, onPlaced, wall, speed = () => 1 } = deps;
  const holds = createHolds(wall);
  /** Message ids of alerts that stand in a channel while the outbox does not know it yet. */
  const standing = new LRUCache<string, string>({ max: MESSAGES_HELD });
  const threads = new LRUCache<string, { readonly channelId: string; readonly decidedAt: number }>({ max: PLANS_HELD });
  const lost = new LRUCache<string, true>({ max: PLANS_HELD });

  const drawn = async (alert: Alert, lateMs: number): Promise<C> => {
    try {
      return await draw(alert, lateMs);
    } catch (cause) {
      // what a card needs and does not get is no refusal of the channel
      if (isRefusal(cause)) throw new Error('The card could not be drawn.', { cause });
      throw cause;
    }
  };

  /** The id of the alert's message, which is posted only when nobody has done so. */
  const messageIn = async (channelId: string, row: ClaimedAlert, { alert, ...seen }: Kept): Promise<string> => {
    const mayStand = row.attempts > 1 || wall.now() - row.createdAt > NONCE_SURE_MS;
    const stands = (): Promise<string | undefined> =>
      posts.find(channelId, alertTagOf(row.alertId), row.createdAt - CLOCKS_DIFFER_MS);
    const known = standing.get(row.alertId) ?? (mayStand ? await stands() : undefined);
    if (known !== undefined) return keep(row, known);
    const lateMs = delayOf({ alert, ...seen }, wall.now(), speed());
    const mentions = alert.kind === 'step' ? { mentions: alert.mentions } : {};
    const card = await drawn(alert, lateMs);
    return keep(row, (await posts.post(channelId, card, { nonce: row.nonce, ...mentions })).messageId);
  };

  const keep = (row: ClaimedAlert, messageId: string): string => {
    standing.set(row.alertId, messageId);
    return messageId;
  };

  const changes = (room: LostRoom, { alert }: Kept): HoldChange => ({
    at: alert.at,
    down: (since, refusal) => tellRoom(room, since, refusal),
    up: (since) => tellRoom(room, since, undefined),
  });

  const toRoom = (row: ClaimedAlert, kept: Kept, room: 'alerts' | 'ops'): Promise<Outcome> => {
    const channelId = (room === 'ops' ? rooms.ops : undefined) ?? rooms.alerts;
    const call = async (): Promise<Outcome> => ({ kind: 'sent', messageId: await messageIn(channelId, row, kept) });
    return holds.through(channelId, call, changes({ name: `#${room}`, channelId, isForGood: false }, kept));
  };

  const threadOf = async (planId: string) => {
    const known = threads.get(planId);
    if (known) return known;
    const offer = await offers.get(planId);
    if (offer?.threadId === undefined) return undefined;
    const found = { channelId: offer.threadId, decidedAt: offer.plan.decidedAt };
    threads.set(planId, found);
    return found;
  };

  const toThread = async (row: ClaimedAlert, kept: Kept, planId: string): Promise<Outcome> => {
    const name = `thread of plan ${shortPlanId(planId)}`;
    const gone: Outcome = { kind: 'bury', reason: `the ${name} was deleted` };
    if (lost.has(planId)) return gone;
    const thread = await threadOf(planId);
    if (!thread) return { kind: 'bury', reason: `there is no ${name}` };
    const { channelId, decidedAt } = thread;
    const call = async (): Promise<Outcome> => {
      try {
        return { kind: 'sent', messageId: await messageIn(channelId, row, kept) };
      } catch (err) {
        if (!(err instanceof AppError && err.code === 'not_found')) throw err;
        // one word for all that is lost with it, also after a restart: its time is the plan's own
        await tellRoom({ name, channelId, isForGood: true }, decidedAt, err);
        lost.set(planId, true);
        return gone;
      }
    };
    return holds.through(channelId, call, changes({ name, channelId, isForGood: false }, kept));
  };

  const place = async (planId: string, at: Parameters<typeof offers.place>[1]): Promise<Outcome> => {
    await offers.place(planId, at);
    onPlaced?.(planId);
    return { kind: 'sent', messageId: at.messageId };
  };

  const offerInPublic = async (row: ClaimedAlert, kept: Kept, { plan }: Offer, plans: string): Promise<Outcome> => {
    const messageId = await messageIn(plans, row, kept);
    const name = `${plan.symbol} ${plan.direction} · ${plan.setup.title} · ${shortPlanId(plan.planId)}`;
    const { threadId } = await posts.startThread(plans, messageId, name);
    return place(plan.planId, { channelId: plans, messageId, threadId });
  };

  const offerInPrivate = async (row: ClaimedAlert, kept: Kept, offer: Offer, plans: string): Promise<Outcome> => {
    const { plan, memberId } = offer;
    const name = `${plan.symbol} ${plan.direction} ${shortPlanId(plan.planId)}`;
    const mayExist = row.attempts > 1;
    const { threadId } = await posts.openPrivateThread(plans, name, memberId ?? '', { mayExist });
    const messageId = await messageIn(threadId, row, kept);
    return place(plan.planId, { channelId: threadId, messageId, threadId });
  };

  const toPlans = async (row: ClaimedAlert, kept: Kept, { planId }: OfferAlert): Promise<Outcome> => {
    const { plans } = rooms;
    if (plans === undefined) return { kind: 'bury', reason: 'there is no channel for plans: set one' };
    const offer = await offers.get(planId);
    if (!offer) return { kind: 'bury', reason: `there is no plan ${shortPlanId(planId)}` };
    if (offer.messageId !== undefined && offer.threadId !== undefined)
      return { kind: 'sent', messageId: offer.messageId };
    const isPrivate = offer.memberId !== null;
    const deliver = isPrivate ? offerInPrivate : offerInPublic;
    // a bot that may not open private threads still posts the offers of all
    const door = isPrivate ? `private ${plans}` : plans;
    const room = { name: isPrivate ? 'private threads of #plans' : '#plans', channelId: plans, isForGood: false };
    return holds.through(door, () => deliver(row, kept, offer, plans), changes(room, kept));
  };

  return async (row) => {
    const kept = row.payload as Kept;
    const { alert } = kept;
    if (alert.kind === 'offer') return toPlans(row, kept, alert);
    if (alert.kind === 'step') return toThread(row, kept, alert.planId);
    if (alert.kind === 'health' && alert.planId !== undefined) return toThread(row, kept, alert.planId);
    return toRoom(row, kept, alert.kind === 'session' ? 'alerts' : 'ops');
  };
}
