import {
  ActivityType,
  Client,
  Events,
  GatewayIntentBits,
  type Message,
  Partials,
  type RESTOptions,
  type ResponseLike,
  Routes,
} from 'discord.js';
import { checkFonts } from '../cards/chart.ts';
import type { Caller, CommandDefinition, Ctx, Invoke } from '../command.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { TierRules } from './caller.ts';
import { type ConversationDeps, createConversation } from './conversation.ts';
import { createDispatcher } from './dispatcher.ts';
import { heardIn } from './heard.ts';
import { createPosts, type Posts } from './posts.ts';
import { slashCommands } from './registry.ts';
import { persist } from './send.ts';

export interface BotDeps {
  readonly token: string;
  /** Discord's own unless given: `http://127.0.0.1:4040/api`. */
  readonly restApiUrl?: string | undefined;
  /** Registers the commands in this guild, where they show at once, instead of everywhere. */
  readonly guildId?: string | undefined;
  readonly commands: readonly CommandDefinition[];
  readonly invoke: Invoke;
  readonly ctxFor: (caller: Caller) => Ctx;
  readonly tierRules: TierRules;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'gauge' | 'counter'>;
  /** Who answers questions in threads; without it a mention gets one sentence that points to the commands. */
  readonly conversation?: ConversationDeps | undefined;
  /** Called once when Discord ends the connection for good after the start. */
  readonly onFatal?: (error: AppError) => void;
  /** Wall time in which Discord must be ready. */
  readonly readyMs?: number;
}

export interface Bot extends Posts {
  /** Logs in and registers the commands; rejects with one clear sentence when Discord refuses. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The line under the bot's name. */
  setPresence(text: string): void;
  isReady(): boolean;
}

/**
 * Node's own fetch: discord.js carries another undici than ours, both share one global dispatcher, and whichever was loaded
 * first refuses the other's forms, so that a chart could be sent or not by the order of imports.
 */
const makeRequest: RESTOptions['makeRequest'] = (url, init) => fetch(url, init as RequestInit) as Promise<ResponseLike>;

const READY_MS = 30_000;

const FATAL: Readonly<Record<number, string>> = {
  4004: 'Discord refused the bot token. Put a current one in DISCORD_TOKEN (developer portal, Bot, Reset Token).',
  4010: 'Discord refused the shard number. Run one process with this token.',
  4011: 'Discord asks for shards: this bot is in too many servers for one connection.',
  4012: 'Discord does not speak this gateway version any more. Update discord.js.',
  4013: 'Discord does not know one of the intents. Update discord.js.',
  4014: 'Discord refused an intent that is not switched on. Switch on Message Content Intent: developer portal, Bot, Privileged Gateway Intents.',
};

const GUILD_ONLY = 'I work in a server, not in direct messages. Ask me there, for example with /help.';
const BY_COMMAND = 'I answer to commands: type / and pick one, or start with /help.';

/** The Discord face: one client, its commands, and the one way to post. */
export function createBot(deps: BotDeps): Bot {
  const { token, restApiUrl, guildId, commands, log, metrics, clock } = deps;
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      // without it a thread cannot be followed: only messages that name the bot have words then
      ...(deps.conversation ? [GatewayIntentBits.MessageContent] : []),
    ],
    partials: [Partials.Channel],
    allowedMentions: { parse: [] },
    // a lost answer must not become three messages: what may be repeated is repeated in one place of ours
    rest: {
      retries: 0,
      makeRequest,
      ...(restApiUrl === undefined ? {} : { api: restApiUrl, cdn: new URL(restApiUrl).origin }),
    },
  });
  const posts = createPosts({ rest: client.rest, clock, ownId: () => client.user?.id });
  const conversation =
    deps.conversation && createConversation({ ...deps.conversation, posts, ownId: () => client.user?.id, log });
  const dispatch = createDispatcher({ ...deps, conversation });
  const up = metrics.gauge('discord_up', 'Whether the gateway connection stands');
  const answered = metrics.counter('discord_interactions_total', 'Interactions received', ['kind']);
  const fatal = Promise.withResolvers<never>();
  // without a start in progress nobody waits for it
  fatal.promise.catch(() => undefined);
  let running = false;

  client.on(Events.InteractionCreate, (interaction) => {
    answered.inc({ kind: interaction.isAutocomplete() ? 'autocomplete' : interaction.isCommand() ? 'slash' : 'press' });
    void dispatch(interaction);
  });
  client.on(Events.MessageCreate, (message) => void onMessage(message));
  client.on(Events.ShardReady, () => up.set(1));
  client.on(Events.ShardResume, () => up.set(1));
  client.on(Events.ShardReconnecting, () => {
    up.set(0);
    if (running) log.warn('discord connection lost, reconnecting');
  });
  client.on(Events.ShardDisconnect, ({ code }) => end(code));
  client.on(Events.ShardError, (err) => log.warn({ err }, 'discord connection failed'));
  client.on(Events.Error, (err) => log.error({ err }, 'discord client failed'));

  function end(code: number): void {
    up.set(0);
    const error = new AppError(
      'unauthenticated',
      `${FATAL[code] ?? 'Discord ended the connection for good.'} (close code ${code})`,
    );
    fatal.reject(error);
    if (!running) return;
    log.error({ code }, 'discord ended the connection for good');
    deps.onFatal?.(error);
  }

  async function onMessage(message: Message): Promise<void> {
    try {
      // private answers of our own arrive here as direct messages
      if (message.author.bot || message.system) return;
      const me = client.user;
      if (message.guildId === null) await message.reply({ content: GUILD_ONLY, allowedMentions: { parse: [] } });
      else if (me && conversation) await conversation.hear(heardIn(message, me.id, deps.tierRules));
      else if (me && message.mentions.users.has(me.id))
        await message.reply({ content: BY_COMMAND, allowedMentions: { parse: [] } });
    } catch (err) {
      log.warn({ err, messageId: message.id }, 'message could not be answered');
    }
  }

  async function register(): Promise<void> {
    const applicationId = client.application?.id;
    if (applicationId === undefined)
      throw new AppError('unavailable', 'Discord did not say which application the bot is.');
    const route =
      guildId === undefined
        ? Routes.applicationCommands(applicationId)
        : Routes.applicationGuildCommands(applicationId, guildId);
    const body = slashCommands(commands, guildId === undefined ? 'global' : 'guild');
    await persist(() => client.rest.put(route, { body }));
  }

  async function connect(): Promise<void> {
    const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
    const late = Promise.withResolvers<never>();
    const readyMs = deps.readyMs ?? READY_MS;
    const timer = setTimeout(
      () =>
        late.reject(
          new AppError(
            'unavailable',
            `Discord was not ready after ${readyMs / 1000} s. Check the network, then start again.`,
          ),
        ),
      readyMs,
    );
    try {
      await Promise.race([client.login(token).then(() => ready), fatal.promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    ...posts,
    async start() {
      checkFonts();
      try {
        await connect();
        await register();
        running = true;
      } catch (err) {
        await client.destroy();
        throw refusal(err);
      }
    },
    async stop() {
      running = false;
      await conversation?.stop();
      up.set(0);
      await client.destroy();
    },
    setPresence(text) {
      client.user?.setPresence({ activities: [{ name: text, state: text, type: ActivityType.Custom }] });
    },
    isReady: () => client.isReady(),
  };
}

function refusal(err: unknown): AppError {
  if (err instanceof AppError) return err;
  const code = err instanceof Error && 'code' in err ? err.code : undefined;
  if (code === 'TokenInvalid')
    return new AppError('unauthenticated', `${FATAL[4004]} (close code 4004)`, { cause: err });
  const what = err instanceof Error ? err.message : String(err);
  return new AppError(
    'unavailable',
    `Discord could not be reached: ${what}. Check the network and DISCORD_GUILD_ID, then start again.`,
    { cause: err },
  );
}
