import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Card } from '../../src/cards/card.ts';
import type { Posts } from '../../src/discord/posts.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Kept } from '../../src/services/outgoing.ts';
import type { OutgoingAlert } from '../../src/store/outbox.ts';
import type { Store } from '../../src/store/store.ts';
import type { Design } from './task.ts';

/** The parts of a bot that a design puts together otherwise. */
export interface Parts {
  readonly trades: Store['system']['trades'];
  readonly posts: Posts;
}

const THREAD_LOOK_MS = 10;

/** The parts as the design wants them; `house` leaves them alone. */
export function designed(
  design: Design,
  parts: Parts,
  by: { readonly offers: Store['system']['offers']; readonly draw: (alert: Alert) => Card },
): Parts {
  const { trades, posts } = parts;
  const noLook: Posts = { ...posts, find: async () => undefined };
  const noNonce: Posts = {
    ...noLook,
    post: (channelId, card, options) => posts.post(channelId, card, { ...options, nonce: randomUUID().slice(0, 25) }),
  };

  const threadOf = async (planId: string): Promise<string> => {
    for (;;) {
      const threadId = (await by.offers.get(planId))?.threadId;
      if (threadId !== undefined) return threadId;
      await wait(THREAD_LOOK_MS);
    }
  };
  const postAll = async (alerts: readonly OutgoingAlert[]): Promise<void> => {
    for (const { payload, nonce } of alerts) {
      const { alert } = payload as Kept;
      if (alert.kind !== 'step') continue;
      await noNonce.post(await threadOf(alert.planId), by.draw(alert), { nonce, mentions: alert.mentions });
    }
  };

  switch (design) {
    case 'house':
      return parts;
    case 'outbox, nonce, no look':
      return { trades, posts: noLook };
    case 'outbox, no nonce, no look':
      return { trades, posts: noNonce };
    case 'post, mark':
      return {
        posts,
        trades: {
          ...trades,
          async apply(changes, alerts) {
            await postAll(alerts);
            return trades.apply(changes, []);
          },
        },
      };
    case 'mark, post':
      return {
        posts,
        trades: {
          ...trades,
          async apply(changes, alerts) {
            const isDone = await trades.apply(changes, []);
            if (isDone) await postAll(alerts);
            return isDone;
          },
        },
      };
  }
}
