import { once } from 'node:events';
import { type ChatInputCommandInteraction, Client, Events, GatewayIntentBits, Partials } from 'discord.js';
import type { Clock } from '../../../src/kit/clock.ts';
import type { PersonEvent } from '../../../src/sandbox/discord/person-api.ts';
import { type DiscordOptions, type DiscordSandbox, startDiscord } from '../../../src/sandbox/discord/server.ts';

/** Not a real token; discord.js reads the application id from its first part. */
export const TOKEN = 'sandbox.discord.token-for-tests';

/** A clock that runs with the machine's and can be pushed ahead. */
export interface PushedClock extends Clock {
  push(ms: number): void;
}

export function createPushedClock(): PushedClock {
  let ahead = 0;
  const waiting = new Set<{ at: number; fn: () => void; timer: NodeJS.Timeout }>();
  const now = (): number => Date.now() + ahead;
  return {
    now,
    at(at, fn) {
      const run = (): void => {
        waiting.delete(entry);
        fn();
      };
      const entry = { at, fn: run, timer: setTimeout(run, Math.max(0, at - now())) };
      waiting.add(entry);
      return () => {
        clearTimeout(entry.timer);
        waiting.delete(entry);
      };
    },
    push(ms) {
      ahead += ms;
      for (const entry of [...waiting]) {
        if (entry.at > now()) continue;
        clearTimeout(entry.timer);
        entry.fn();
      }
    },
  };
}

export interface Stage {
  readonly discord: DiscordSandbox;
  readonly client: Client<true>;
  /** The next event of a kind that a person hears. */
  hear<T extends PersonEvent['type']>(as: string, type: T): Promise<Extract<PersonEvent, { type: T }>>;
  /** The bot's next slash command. */
  nextCommand(): Promise<ChatInputCommandInteraction>;
  stop(): Promise<void>;
}

const DEFAULT_INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.MessageContent,
];

/** Logs a real discord.js client into a server. */
export async function logIn(
  discord: Pick<DiscordSandbox, 'apiUrl' | 'url'>,
  intents: readonly GatewayIntentBits[] = DEFAULT_INTENTS,
  token = TOKEN,
): Promise<Client<true>> {
  const client = new Client({
    intents: [...intents],
    partials: [Partials.Channel],
    rest: { api: discord.apiUrl, cdn: discord.url, offset: 0 },
  });
  const ready = once(client, Events.ClientReady);
  await client.login(token);
  await ready;
  return client as Client<true>;
}

/** A server and a real client on it. */
export async function setStage(
  options: Partial<DiscordOptions> = {},
  intents: readonly GatewayIntentBits[] = DEFAULT_INTENTS,
): Promise<Stage> {
  const discord = await startDiscord({ port: 0, host: '127.0.0.1', token: TOKEN, rateLimits: 'wide', ...options });
  const client = await logIn(discord, intents);
  return {
    discord,
    client,
    hear: (as, type) =>
      new Promise((resolve) => {
        const stop = discord.person.listen(as, (event) => {
          if (event.type !== type) return;
          stop();
          resolve(event as never);
        });
      }),
    async nextCommand() {
      const [interaction] = (await once(client, Events.InteractionCreate)) as [ChatInputCommandInteraction];
      return interaction;
    },
    async stop() {
      await client.destroy();
      await discord.stop();
    },
  };
}
