import { commands } from '../commands/index.ts';
import { openCoach } from './app/coach.ts';
import { openStore } from './app/database.ts';
import { type LifePart, openLife } from './app/life.ts';
import { openMarket } from './app/market.ts';
import { type OnStop, present } from './app/parts.ts';
import { createRecord } from './app/record.ts';
import { boardCard } from './cards/status-card.ts';
import { welcomeCard } from './cards/welcome-card.ts';
import { type Caller, type Ctx, createInvoke } from './command.ts';
import { createBot } from './discord/bot.ts';
import { roomOf } from './discord/posts.ts';
import { createHttpServer } from './http/server.ts';
import { systemClock } from './kit/clock.ts';
import { type Env, secretsOf } from './kit/env.ts';
import type { AppError } from './kit/errors.ts';
import { createLog, type Log } from './kit/log.ts';
import { createMetrics, type Metrics } from './kit/metrics.ts';
import { createScrubber } from './kit/scrub.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { BOARD_TAG, createBoard } from './services/board.ts';
import { createGuide } from './services/guide.ts';
import { createOffers } from './services/offers.ts';
import { createOverview } from './services/overview.ts';
import { databaseFinding, discordFinding, massiveFinding, modelFinding } from './services/part-findings.ts';
import { createPlans } from './services/plans.ts';
import { createPostOnce } from './services/post-once.ts';
import type { Services } from './services/services.ts';
import { createStatus } from './services/status.ts';
import { createTrades } from './services/trades.ts';

export interface App {
  /** One line for the terminal: where to look. */
  readonly greeting: string;
  /** `http://127.0.0.1:3000` */
  readonly httpAddress: string;
  readonly sandbox: Sandbox;
  readonly metrics: Metrics;
  /** Resolves when Discord ended the connection for good: without it nobody hears the bot. */
  readonly ended: Promise<AppError>;
  stop(): Promise<void>;
}

/** Builds the house from the settings and brings it up; what fails on the way takes down what was up before it. */
export async function startApp(
  env: Env,
  log: Log = createLog({ level: env.logLevel, secrets: secretsOf(env) }),
): Promise<App> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) {
      try {
        await undo();
      } catch (err) {
        log.warn({ err }, 'a part did not stop cleanly');
      }
    }
  };
  try {
    return await build(env, log, (undo) => stops.push(undo), stop);
  } catch (err) {
    await stop();
    throw err;
  }
}

async function build(env: Env, log: Log, onStop: OnStop, stop: () => Promise<void>): Promise<App> {
  const metrics = createMetrics({ process: true, scrub: createScrubber(secretsOf(env)) });
  // the embedded store holds the data folder: nothing else may touch it before that lock is ours
  const store = await openStore(env, log, onStop);
  const sandbox = await startSandbox({
    settings: env.sandbox,
    needs: { massive: env.massive === undefined, discord: env.discord === undefined },
    dataDir: env.dataDir,
    log,
  });
  onStop(sandbox.stop);
  const clock = sandbox.control ?? systemClock;
  let life: LifePart | undefined;

  const market = await openMarket({
    env,
    sandbox,
    store,
    clock,
    log,
    metrics,
    onStop,
    onBars: (bars) => life?.onBars(bars),
    onWatchlistChange: () => life?.onWatchlistChange(),
  });
  const { provider, origin, calendar, history, members, provenance } = market;
  const sandboxLabel = env.massive ? undefined : origin.label;
  const discord = env.discord ?? present(sandbox.discord).settings;
  const ctxFor = (caller: Caller): Ctx => ({ ...services, caller, clock });
  const invoke = createInvoke({ record: createRecord(metrics, log) });
  const ended = Promise.withResolvers<AppError>();
  const bot = createBot({
    token: discord.token,
    restApiUrl: sandbox.discord?.apiUrl,
    guildId: discord.guildId,
    commands,
    invoke,
    ctxFor,
    conversation: openCoach({ env, commands, invoke, ctxFor, store, clock, log, metrics }),
    tierRules: discord,
    clock,
    log,
    metrics,
    onFatal: ended.resolve,
  });
  const plans = createPlans({ history, members, store, origin, calendar });
  const speed = (): number => sandbox.control?.state().speed ?? 1;
  const lived = openLife({ market, store, plans, bot, rooms: discord, speed, clock, log, metrics, onStop });
  life = lived;
  const status = createStatus({
    calendar,
    clock,
    probes: [
      { name: 'Market data', probe: () => massiveFinding(provider, clock, sandboxLabel) },
      { name: 'Scanner', probe: lived.scannerProbe },
      { name: 'Discord', probe: () => discordFinding(bot.isReady(), sandbox.discord !== undefined) },
      { name: 'Database', probe: () => databaseFinding(store.ping, env.supabase === undefined) },
      { name: 'Coach', probe: () => modelFinding(env.model) },
      { name: 'Data licence', probe: () => ({ state: 'ok', reason: env.dataLicense.replaceAll('_', ' ') }) },
    ],
  });
  const services: Services = {
    instruments: market.instruments,
    market: market.market,
    history,
    plans,
    offers: createOffers({ store, calendar, clock }),
    trades: createTrades({
      store,
      lives: lived.lives,
      members,
      market: market.market,
      tape: market.tape,
      origin,
      clock,
      hasRoom: discord.plansChannelId !== undefined,
    }),
    members,
    status,
    guide: createGuide(commands),
    overview: createOverview({ status, market: market.market, provenance, clock }),
    provenance,
  };
  await bot.start();
  onStop(bot.stop);

  const http = createHttpServer({
    ...env.http,
    adminKey: env.adminKey,
    log,
    metrics,
    readiness: status.components,
    commands,
    invoke,
    ctxFor,
  });
  onStop(market.feed.stop);
  market.feed.start();
  for (const part of [market.watched, market.panel]) {
    onStop(part.stop);
    await part.start();
  }
  await lived.start();
  if (discord.marketChannelId) {
    const board = createBoard({
      ...roomOf(bot, discord.marketChannelId),
      draw: async () => ({ ...boardCard(await services.overview()), tag: BOARD_TAG }),
      snapshots: store.system.snapshots,
      wall: systemClock,
      log,
    });
    onStop(board.stop);
    await board.start();
  }
  const lobbyId = sandbox.discord?.channels.welcome;
  const postOnce = createPostOnce({ snapshots: store.system.snapshots, wallNow: systemClock.now });
  if (lobbyId)
    await postOnce('welcome', (nonce) => bot.post(lobbyId, welcomeCard(origin.label, sandbox.showcase), { nonce }));
  const { address } = await http.start();
  onStop(http.stop);
  sandbox.begin();
  return {
    greeting: greetingOf(sandbox, origin.label, address),
    httpAddress: address,
    sandbox,
    metrics,
    ended: ended.promise,
    stop,
  };
}

function greetingOf(sandbox: Sandbox, source: string, httpAddress: string): string {
  const health = `health at ${httpAddress}/readyz`;
  return sandbox.discord
    ? `Trading Coach is ready: open ${sandbox.discord.url} (${source}; ${health})`
    : `Trading Coach is ready on Discord (${source}; ${health})`;
}
