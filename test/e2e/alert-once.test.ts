import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { sessionAlertCard } from '../../src/cards/session-alert-card.ts';
import type { Alert, SessionAlert } from '../../src/domain/alert.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createAlerts } from '../../src/services/alerts.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { type BotStage, setBotStage } from '../discord/stage.ts';
import { createPushedClock, type PushedClock } from '../sandbox/discord/stage.ts';
import { type Backend, silent, startHere } from '../store/backend.ts';

const open: SessionAlert = {
  kind: 'session',
  transition: 'open',
  on: '2015-12-23',
  at: 1_450_881_000_000,
  opensAt: 1_450_881_000_000,
  closesAt: 1_450_904_400_000,
  earlyClose: false,
};
const drawSession = (alert: Alert, lateMs: number): Card => {
  if (alert.kind !== 'session') throw new Error('only the session is told here');
  return sessionAlertCard(alert, lateMs, 'Massive');
};
const AWAY_MS = 10 * 60_000;

describe('a bot that was killed after Discord took an alert and before the database knew', () => {
  let time: PushedClock;
  let stage: BotStage;
  let backend: Backend;
  let store: Store;
  beforeEach(async () => {
    time = createPushedClock();
    stage = await setBotStage({ discord: { clock: time } });
    await stage.bot.start();
    backend = await startHere();
    store = createStore({ ...backend, log: silent });
  });
  afterEach(async () => {
    await stage.stop();
    await backend.stop();
  });

  const alertsOver = (over: { outbox?: Partial<Store['system']['outbox']>; isBlind?: boolean } = {}) => {
    return createAlerts<Card>({
      outbox: { ...store.system.outbox, ...over.outbox },
      posts: over.isBlind ? { ...stage.bot, find: async () => undefined } : stage.bot,
      rooms: stage.discord.channels,
      draw: drawSession,
      offers: store.system.offers,
      ownerId: undefined,
      clock: { now: () => open.at },
      wall: time,
      log: silent,
      metrics: createMetrics(),
    });
  };
  const inTheChannel = (): (string | undefined)[] =>
    stage.discord.person
      .messages(stage.discord.users.owner, stage.discord.channels.alerts)
      .map((message) => message.embeds[0]?.title);

  async function killBeforeSettle(): Promise<void> {
    const dead = Promise.withResolvers<void>();
    const { claim } = store.system.outbox;
    const killed = alertsOver({
      outbox: {
        // its lease is over when the next process comes
        claim: (n) => claim(n, 0),
        settle: () => {
          dead.resolve();
          return new Promise(() => {});
        },
      },
    });
    await killed.enqueue(open);
    await dead.promise;
    expect(inTheChannel()).toEqual(['Market open · 2015-12-23']);
  }

  it('leaves one message when it is back ten minutes later, after Discord forgot the nonce', async () => {
    await killBeforeSettle();
    time.push(AWAY_MS);
    await alertsOver().pump();
    expect(inTheChannel()).toEqual(['Market open · 2015-12-23']);
    expect(await store.system.outbox.claim(10, 30)).toEqual([]);
  });

  it('would leave two if it did not look into the channel first', async () => {
    await killBeforeSettle();
    time.push(AWAY_MS);
    await alertsOver({ isBlind: true }).pump();
    expect(inTheChannel()).toHaveLength(2);
  });
});
