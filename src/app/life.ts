import type { Bot } from '../discord/bot.ts';
import type { Bar } from '../domain/bar.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { createAlerts } from '../services/alerts.ts';
import { createFeedWatch } from '../services/feed-watch.ts';
import { createHeads } from '../services/heads.ts';
import { createLives, type Lives } from '../services/lives.ts';
import type { Plans } from '../services/plans.ts';
import { createScanner } from '../services/scanner.ts';
import { createSessionWatch } from '../services/session-watch.ts';
import type { Component } from '../services/status.ts';
import type { Store } from '../store/store.ts';
import { createDrawings } from './drawings.ts';
import type { MarketPart } from './market.ts';
import type { OnStop } from './parts.ts';

/** Discord's ids of the rooms that the house writes in. */
interface Rooms {
  readonly alertsChannelId: string;
  readonly plansChannelId: string | undefined;
  readonly opsChannelId: string | undefined;
  readonly ownerId: string | undefined;
}

export interface LifePart {
  readonly alerts: ReturnType<typeof createAlerts>;
  readonly lives: Lives;
  /** New minutes, before anybody drew them. */
  onBars(bars: readonly Bar[]): void;
  onWatchlistChange(): void;
  scannerProbe(): Omit<Component, 'name'>;
  /** In the order in which one needs the other. */
  start(): Promise<void>;
}

const NO_ROOM = 'no setups are looked for: there is no channel for plans, set DISCORD_PLANS_CHANNEL_ID';

/** What the house does by itself: it scans, offers, follows trades, and posts every alert once. */
export function openLife(deps: {
  market: MarketPart;
  store: Store;
  plans: Plans;
  bot: Bot;
  rooms: Rooms;
  /** Market time per real time. */
  speed: () => number;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  onStop: OnStop;
}): LifePart {
  const { market, store, plans, bot, rooms, speed, clock, log, metrics, onStop } = deps;
  const { calendar, minutes, history, provenance, tape, origin } = market;
  const { system } = store;
  const lives = createLives({
    minutes,
    trades: system.trades,
    alerts: { kick: () => alerts.kick() },
    clock,
    log,
    metrics,
  });
  const drawings = createDrawings({ store: system, plans, lives, tape, origin, clock });
  const heads = createHeads({
    offers: system.offers,
    draw: drawings.head,
    edit: bot.edit,
    clock,
    wall: systemClock,
    log,
  });
  const alerts = createAlerts({
    outbox: system.outbox,
    posts: bot,
    rooms: { alerts: rooms.alertsChannelId, plans: rooms.plansChannelId, ops: rooms.opsChannelId },
    draw: drawings.alert,
    offers: system.offers,
    onPlaced: heads.changed,
    ownerId: rooms.ownerId,
    clock,
    wall: systemClock,
    speed,
    log,
    metrics,
  });
  const scanner = createScanner({
    watchlists: system.watchlists,
    openSymbols: lives.openSymbols,
    market: market.market,
    history,
    minutes,
    store: system,
    provenance,
    onOffer(planId) {
      alerts.kick();
      void lives.adopt(planId);
    },
    calendar,
    clock,
    log,
    metrics,
  });
  const feeds = createFeedWatch({
    provider: market.provider,
    openPlans: lives.openPlans,
    alerts,
    snapshots: system.snapshots,
    clock,
    log,
    metrics,
  });
  const sessions = createSessionWatch({ calendar, clock, alerts, log });
  const hasRoom = rooms.plansChannelId !== undefined;
  lives.onChange((planId) => {
    heads.changed(planId);
    scanner.refresh();
  });
  return {
    alerts,
    lives,
    onBars(bars) {
      for (const symbol of new Set(bars.map((bar) => bar.symbol))) heads.moved(symbol);
    },
    onWatchlistChange: scanner.refresh,
    scannerProbe: () => (hasRoom ? scanner.probe() : { state: 'off', reason: NO_ROOM }),
    async start() {
      for (const part of [minutes, alerts, lives, heads, sessions, feeds, ...(hasRoom ? [scanner] : [])]) {
        onStop(part.stop);
        await part.start();
      }
    },
  };
}
