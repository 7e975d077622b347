import { join } from 'node:path';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { AppError } from '../../kit/errors.ts';
import type { FaultMenu } from '../fault-menu.ts';
import type { MarketControl } from '../market-control.ts';
import { type AttachmentStore, createAttachmentStore, filesOf, typeOf } from './attachments.ts';
import { bootRoutes } from './boot-routes.ts';
import { callbackRoute } from './callback-route.ts';
import { channelRoutes } from './channel-routes.ts';
import { commandRoutes } from './command-routes.ts';
import { createFaults, type Faults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { guildRoutes } from './guild-routes.ts';
import { interactionWebhook } from './interaction-webhook-routes.ts';
import { createInteractions } from './interactions.ts';
import { type Journal, openJournal } from './journal.ts';
import { isLocal } from './local-only.ts';
import { messageRoutes } from './message-routes.ts';
import { createModals } from './modals.ts';
import { createPerson, type PersonSide } from './person.ts';
import { mountPerson } from './person-http.ts';
import { createListeners } from './person-listeners.ts';
import { createRateLimits } from './rate-limits.ts';
import { reactionRoutes } from './reaction-routes.ts';
import { mountRest, type RecordedRequest } from './rest.ts';
import { restore } from './restore.ts';
import { type ChannelKey, createWorld, PEOPLE, TEXT_CHANNELS } from './seed.ts';
import { threadRoutes } from './thread-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';
import type { World } from './world.ts';

/** How to start it; the rest has defaults that behave like the real service. */
export interface DiscordOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: '127.0.0.1';
  /** The bot token that this server accepts. */
  readonly token: string;
  /** The replayed market's clock, shown and turned on the page. */
  readonly control?: MarketControl;
  /** Makes the page's faults menu, with this server's own faults among them. */
  readonly faultMenu?: (own: Faults) => FaultMenu;
  /** The page's files: `/`, `/page/main.ts`. */
  readonly pageFiles?: (
    path: string,
  ) => Promise<{ type: string; body: Buffer; headers?: Readonly<Record<string, string>> } | undefined>;
  /** Messages, threads and roles survive a restart in this folder. */
  readonly dataDir?: string;
  /** `real`: five messages in five seconds per channel, 50 requests a second over all. */
  readonly rateLimits?: 'real' | 'wide';
  /** Real time, not the market's. */
  readonly clock?: Clock;
  /** Text channels besides the six of every sandbox. */
  readonly extraChannels?: readonly string[];
  /** Rights beyond what the bot's invite asks for. */
  readonly extraBotPermissions?: bigint;
  /** Gateway intents that end in close 4014. */
  readonly refusedIntents?: number;
  /** How often a client must show life; a test shortens it. */
  readonly heartbeatMs?: number;
  /** 1000 unless said. */
  readonly rememberedRequests?: number;
  readonly log?: { warn(detail: object, text: string): void };
}

/** A running embedded Discord. */
export interface DiscordSandbox {
  /** `http://127.0.0.1:4040`, where the page is. */
  readonly url: string;
  /** For discord.js: `rest: { api }`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly guildId: string;
  readonly channels: Readonly<Record<ChannelKey, string>>;
  readonly roles: { readonly pro: string };
  readonly users: { readonly owner: string; readonly pro: string; readonly free: string };
  readonly person: PersonSide;
  readonly faults: Faults;
  /** The newest REST calls. */
  readonly requests: readonly RecordedRequest[];
  stop(): Promise<void>;
}

async function listen(app: FastifyInstance, options: DiscordOptions): Promise<string> {
  try {
    return await app.listen({ port: options.port, host: options.host });
  } catch (err) {
    if ((err as { code?: string }).code !== 'EADDRINUSE') throw err;
    throw new AppError(
      'unavailable',
      `Port ${options.port} is already in use, the sandbox page needs a free one: set SANDBOX_PORT to another port or stop the other program.`,
      { cause: err },
    );
  }
}

function serveFiles(app: FastifyInstance, store: AttachmentStore, pageFiles: DiscordOptions['pageFiles']): void {
  app.get('/attachments/:channel/:id/:name', async (request, reply) => {
    const { id, name } = request.params as { id: string; name: string };
    const bytes = /^\d+$/.test(id) ? await store.get(id) : undefined;
    if (!bytes) return reply.code(404).send({ error: 'There is no such file.' });
    return reply.type(typeOf(name)).send(bytes);
  });
  app.get('/*', async (request, reply) => {
    const file = await pageFiles?.(request.url.split('?')[0] ?? '/');
    if (!file) return reply.code(404).send({ error: 'There is no such page.' });
    return reply
      .type(file.type)
      .header('cache-control', 'no-cache')
      .headers({ ...file.headers })
      .send(file.body);
  });
}

/** Starts a Discord on loopback that an unmodified discord.js cannot tell from the real one, with its people's side. */
export async function startDiscord(options: DiscordOptions): Promise<DiscordSandbox> {
  const clock = options.clock ?? systemClock;
  const warn = (detail: object, text: string): void => options.log?.warn(detail, text);
  let journal: Journal | undefined;
  const world: World = createWorld({
    clock,
    token: options.token,
    extraChannels: options.extraChannels ?? [],
    extraBotPermissions: options.extraBotPermissions ?? 0n,
    refusedIntents: options.refusedIntents ?? 0,
    keep: (kind, id, value) => journal?.keep(kind, id, value),
    forget: (kind, id) => journal?.forget(kind, id),
  });
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 400 } });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('x-frame-options', 'DENY');
    if (!isLocal(request.headers)) await reply.code(403).send({ error: 'This server answers only to this machine.' });
  });
  app.setErrorHandler((err: FastifyError, _request, reply) => {
    const status = err.statusCode ?? 500;
    if (status >= 500) warn({ err }, 'embedded discord request failed');
    const message = status === 413 ? 'Request entity too large' : status < 500 ? err.message : 'The server failed.';
    return reply.code(status).send({ message, code: status === 413 ? 40005 : 0, error: message });
  });

  const store = createAttachmentStore(options.dataDir && join(options.dataDir, 'attachments'));
  const desk = { world, store };
  const gateway = new Gateway(world, app.server, options.heartbeatMs ?? 41_250);
  const faults = createFaults(gateway);
  const interactions = createInteractions(world);
  const modals = createModals(world, interactions);
  const listeners = createListeners(world);
  const faultMenu = options.faultMenu?.(faults);
  const person = createPerson({
    world,
    interactions,
    modals,
    control: options.control,
    faultMenu,
    listen: listeners.listen,
  });
  world.dispatch = (event) => gateway.dispatch(event);
  world.tell = listeners.tell;
  world.dropFile = store.drop;

  const requests: RecordedRequest[] = [];
  mountRest(app, {
    routes: [
      ...bootRoutes(desk, gateway),
      ...commandRoutes(desk),
      ...messageRoutes(desk),
      ...reactionRoutes(desk),
      ...threadRoutes(desk),
      ...channelRoutes(desk),
      ...guildRoutes(desk),
      callbackRoute(desk, interactions, modals),
      ...webhookRoutes(desk, interactionWebhook(desk, interactions)),
    ],
    token: options.token,
    limits: createRateLimits(options.rateLimits ?? 'real', () => clock.now()),
    faults,
    requests,
    remembered: options.rememberedRequests ?? 1000,
    now: () => clock.now(),
    warn,
  });
  mountPerson(app, person);
  serveFiles(app, store, options.pageFiles);

  world.origin = await listen(app, options);
  try {
    if (options.dataDir) {
      journal = openJournal(options.dataDir, world.origin, warn);
      restore(world, journal.found);
      store.keepOnly(filesOf(journal.found));
    }
  } catch (err) {
    await app.close();
    throw err;
  }
  const quiet = [
    options.control?.onChange((market) => world.tell({ type: 'market', market })),
    faultMenu?.onChange((list) => world.tell({ type: 'faults', faults: list })),
  ];

  const names = Object.keys(TEXT_CHANNELS) as ChannelKey[];
  const ids = [...world.channels.values()].filter((one) => one.kind === 'text').map((one) => one.id);
  return {
    url: world.origin,
    apiUrl: `${world.origin}/api`,
    token: options.token,
    applicationId: world.applicationId,
    botId: world.botId,
    guildId: world.guildId,
    channels: Object.fromEntries(names.map((name, at) => [name, ids[at] ?? ''])) as Record<ChannelKey, string>,
    roles: { pro: world.proRoleId },
    users: PEOPLE,
    person,
    faults,
    requests,
    async stop() {
      for (const hush of quiet) hush?.();
      await gateway.stop();
      await app.close();
      journal?.close();
    },
  };
}
