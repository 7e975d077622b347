import { commands } from '../commands/index.ts';
import { sessionAlertCard } from './cards/session-alert-card.ts';
import { boardCard } from './cards/status-card.ts';
import { welcomeCard } from './cards/welcome-card.ts';
import { type Caller, type Ctx, createInvoke, type InvokeRecord } from './command.ts';
import { createBot } from './discord/bot.ts';
import { roomOf } from './discord/posts.ts';
import { createCalendar } from './domain/session.ts';
import { createHttpServer } from './http/server.ts';
import { systemClock } from './kit/clock.ts';
import { type Env, secretsOf } from './kit/env.ts';
import { AppError } from './kit/errors.ts';
import { createLog, type Log } from './kit/log.ts';
import { createMetrics, type Metrics } from './kit/metrics.ts';
import { createScrubber } from './kit/scrub.ts';
import { createProvider } from './massive/provider.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { createAlerts } from './services/alerts.ts';
import { BOARD_TAG, createBoard } from './services/board.ts';
import { createGuide } from './services/guide.ts';
import { createHistory } from './services/history.ts';
import { holidaysOrNone } from './services/holidays.ts';
import { createInstruments } from './services/instruments.ts';
import { createMarket } from './services/market.ts';
import { createMembers } from './services/members.ts';
import { provenanceOf } from './services/origin.ts';
import { createOverview } from './services/overview.ts';
import { createPanel } from './services/panel.ts';
import { databaseFinding, discordFinding, massiveFinding } from './services/part-findings.ts';
import { createPlans } from './services/plans.ts';
import { createPostOnce } from './services/post-once.ts';
import type { Services } from './services/services.ts';
import { createSessionWatch } from './services/session-watch.ts';
import { createStatus } from './services/status.ts';
import { createTape } from './services/tape.ts';
import { createWatched } from './services/watched.ts';
import { startEmbedded } from './store/embedded/embedded.ts';
import { createStore, type Store } from './store/store.ts';

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

async function build(
  env: Env,
  log: Log,
  onStop: (undo: () => unknown) => void,
  stop: () => Promise<void>,
): Promise<App> {
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

  const tape = createTape(metrics);
  const provider = createProvider({
    settings: env.massive ?? present(sandbox.massive).account,
    clock,
    sink: (events) => void tape.apply(events),
    log,
    metrics,
  });
  onStop(provider.stop);
  const { rest, feed } = provider;
  const origin = sandbox.massive?.origin ?? { label: 'Massive', noteFor: () => undefined };
  const calendar = createCalendar(await holidaysOrNone(rest, log));
  const watched = createWatched({ watchlists: store.system.watchlists, feed, log });
  const members = createMembers({ store, onWatchlistChange: watched.refresh });
  const history = createHistory({ rest, calendar, clock });
  const panel = createPanel({
    rest,
    snapshots: store.system.snapshots,
    calendar,
    clock,
    wall: systemClock,
    ratePerMinute: env.massive?.ratePerMinute,
    log,
    metrics,
  });
  const sandboxLabel = env.massive ? undefined : origin.label;
  const status = createStatus({
    calendar,
    clock,
    probes: [
      { name: 'Market data', probe: () => massiveFinding(provider, clock, sandboxLabel) },
      { name: 'Discord', probe: () => discordFinding(bot.isReady(), sandbox.discord !== undefined) },
      { name: 'Database', probe: () => databaseFinding(store.ping, env.supabase === undefined) },
      { name: 'Data licence', probe: () => ({ state: 'ok', reason: env.dataLicense.replaceAll('_', ' ') }) },
    ],
  });
  const market = createMarket({ rest, tape, panel });
  const provenance: Services['provenance'] = (answer, symbols, bars) => provenanceOf(origin, answer, symbols, bars);
  const services: Services = {
    instruments: createInstruments({ rest }),
    market,
    history,
    plans: createPlans({ history, members, store, origin, calendar }),
    members,
    status,
    guide: createGuide(commands),
    overview: createOverview({ status, market, provenance, clock }),
    provenance,
  };
  const ctxFor = (caller: Caller): Ctx => ({ ...services, caller, clock });
  const invoke = createInvoke({ record: recorder(metrics, log) });

  const ended = Promise.withResolvers<AppError>();
  const discord = env.discord ?? present(sandbox.discord).settings;
  const bot = createBot({
    token: discord.token,
    restApiUrl: sandbox.discord?.apiUrl,
    guildId: discord.guildId,
    commands,
    invoke,
    ctxFor,
    tierRules: discord,
    clock,
    log,
    metrics,
    onFatal: ended.resolve,
  });
  await bot.start();
  onStop(bot.stop);

  const room = roomOf(bot, discord.alertsChannelId);
  const alerts = createAlerts({
    outbox: store.system.outbox,
    post: ({ alert, nonce, lateMs }) => room.post(sessionAlertCard(alert, lateMs, origin.label), nonce),
    find: room.find,
    clock,
    wallNow: systemClock.now,
    log,
  });
  const sessions = createSessionWatch({ calendar, clock, alerts, log });
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
  onStop(feed.stop);
  feed.start();
  for (const part of [watched, panel, alerts, sessions]) {
    onStop(part.stop);
    await part.start();
  }
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

/** The sandbox was asked for every part that has no key. */
function present<T>(part: T | undefined): T {
  if (part === undefined) throw new AppError('internal', 'A part has neither a key nor a sandbox.');
  return part;
}

async function openStore(env: Env, log: Log, onStop: (undo: () => unknown) => void): Promise<Store> {
  if (env.supabase) {
    const store = createStore({ ...env.supabase, log });
    await store.ping();
    return store;
  }
  const embedded = await startEmbedded({ dataDir: env.dataDir, log });
  onStop(embedded.stop);
  return createStore({ ...embedded, log });
}

function recorder(metrics: Metrics, log: Log): (entry: InvokeRecord) => void {
  const seconds = metrics.histogram('command_seconds', 'Time of one command.', ['command', 'outcome']);
  return ({ command, memberId, outcome, tookMs, err }) => {
    seconds.observe({ command, outcome }, tookMs / 1000);
    const entry = { command, memberId, outcome, tookMs: Math.round(tookMs) };
    if (err === undefined) log.info(entry, 'command done');
    else log.error({ ...entry, err }, 'command failed');
  };
}

function greetingOf(sandbox: Sandbox, source: string, httpAddress: string): string {
  const health = `health at ${httpAddress}/readyz`;
  return sandbox.discord
    ? `Trading Coach is ready: open ${sandbox.discord.url} (${source}; ${health})`
    : `Trading Coach is ready on Discord (${source}; ${health})`;
}
