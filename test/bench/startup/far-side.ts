import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDiscord } from '../../../src/sandbox/discord/server.ts';
import { loadReplayMarket } from '../../../src/sandbox/massive/replay-market.ts';
import { startMassive } from '../../../src/sandbox/massive/start.ts';
import { createReplayClock } from '../../../src/sandbox/replay-clock.ts';
import { startEmbedded } from '../../../src/store/embedded/embedded.ts';
import { tellStarter } from '../part.ts';

/** The settings that put a live process on this machine's Massive, Discord and Supabase. */
export type LiveSettings = Readonly<Record<string, string>>;

const SESSION = '2015-12-23';
const SPEED = 600;
const KEY = 'bench-key-of-the-other-process';
const TOKEN = `bench.${'token-of-the-other-process-'.repeat(2)}`;

/** The three services of a live bot in one process that is not the bot: Massive, Discord and PostgREST on loopback. */
export async function playFarSide(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'coach-far-side-'));
  const quiet = { info() {}, warn() {}, error() {} };
  const market = loadReplayMarket(SESSION);
  const [first] = market.sessions;
  if (!first) throw new Error(`the replay ${SESSION} has no session`);
  const control = createReplayClock({ sessions: market.sessions, startAt: first.opensAt, speed: SPEED, paused: true });
  const massive = await startMassive({ scenario: market, control, apiKey: KEY });
  const discord = await startDiscord({ port: 0, host: '127.0.0.1', token: TOKEN, rateLimits: 'real' });
  const database = await startEmbedded({ dataDir, log: quiet });
  const postgrest = await served(database.fetch, database.url);

  process.on('disconnect', () => {
    void database
      .stop()
      .then(() => rm(dataDir, { recursive: true, force: true }))
      .finally(() => process.exit());
  });
  process.on('message', ({ market: order }: { market: 'run' | 'pause' }) => {
    if (order === 'run') control.resume();
    else control.pause();
  });
  tellStarter({
    MASSIVE_API_KEY: KEY,
    MASSIVE_BASE_URL: massive.restUrl,
    MASSIVE_WS_BASE: massive.wsUrl,
    DISCORD_TOKEN: TOKEN,
    DISCORD_GUILD_ID: discord.guildId,
    DISCORD_ALERTS_CHANNEL_ID: discord.channels.alerts,
    DISCORD_MARKET_CHANNEL_ID: discord.channels.market,
    BENCH_DISCORD_API: discord.apiUrl,
    SUPABASE_URL: `http://127.0.0.1:${(postgrest.address() as AddressInfo).port}`,
    SUPABASE_SERVICE_KEY: database.serviceKey,
    SUPABASE_ANON_KEY: database.anonKey,
    SUPABASE_JWT_SECRET: database.jwtSecret,
  } satisfies LiveSettings);
}

/** The embedded database's requests over a real socket. */
async function served(fetch: typeof globalThis.fetch, url: string): Promise<Server> {
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(url + request.url, {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 ? { body } : {}),
    });
    reply.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
