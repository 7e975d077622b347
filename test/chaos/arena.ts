import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type DiscordSandbox, startDiscord } from '../../src/sandbox/discord/server.ts';
import { createPushedClock, TOKEN } from '../sandbox/discord/stage.ts';
import { freshFolder, startHere } from '../store/backend.ts';
import type { StoreOf, Task } from './task.ts';

/** Everything that outlives the bot: Discord, and a database that is reached over the network. */
export interface Arena {
  readonly discord: DiscordSandbox;
  readonly access: Task['discord'];
  readonly hosted: StoreOf;
  /** A data folder for a bot with its own database. */
  folder(): Promise<StoreOf>;
  /** Discord remembers no nonce any more. */
  forgetNonces(): void;
  stop(): Promise<void>;
}

/** Discord keeps a nonce for minutes. */
const AWAY_MS = 10 * 60_000;

export async function openArena(): Promise<Arena> {
  const clock = createPushedClock();
  const discord = await startDiscord({ port: 0, host: '127.0.0.1', token: TOKEN, rateLimits: 'wide', clock });
  const backend = await startHere();
  const folders: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await buffer(incoming);
      const answer = await backend.fetch(new URL(incoming.url ?? '/', backend.url), {
        method: incoming.method ?? 'GET',
        headers: new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
        ...(body.length > 0 ? { body } : {}),
      });
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(await answer.text());
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const { serviceKey, anonKey, jwtSecret } = backend;
  const { plans, alerts, ops } = discord.channels;
  return {
    discord,
    access: { apiUrl: discord.apiUrl, token: TOKEN, botId: discord.botId, plans, alerts, ops },
    hosted: { kind: 'hosted', url: `http://127.0.0.1:${port}`, serviceKey, anonKey, jwtSecret },
    async folder() {
      const dataDir = await freshFolder();
      folders.push(dataDir);
      return { kind: 'embedded', dataDir };
    },
    forgetNonces: () => clock.push(AWAY_MS),
    async stop() {
      server.closeAllConnections();
      server.close();
      await backend.stop();
      await discord.stop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}
