import type { APIMessage } from 'discord-api-types/v10';
import { type Caller, type CommandDefinition, type Ctx, createInvoke } from '../../src/command.ts';
import { type Bot, type BotDeps, createBot } from '../../src/discord/bot.ts';
import type { Log } from '../../src/kit/log.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import type { PersonEvent } from '../../src/sandbox/discord/person-api.ts';
import { type DiscordOptions, type DiscordSandbox, startDiscord } from '../../src/sandbox/discord/server.ts';
import { DECIDED_AT } from '../cards/sample.ts';
import { stubCommands } from './stub-commands.ts';

const TOKEN = 'sandbox.discord.token-for-tests';
const THINKING = 128;
const EPHEMERAL = 64;

interface LogLine {
  readonly level: string;
  readonly detail: object | string;
  readonly phrase: string;
}

export interface BotStage {
  readonly discord: DiscordSandbox;
  readonly bot: Bot;
  readonly logged: LogLine[];
  /** Everything that the bot was asked for, newest last. */
  readonly callers: Caller[];
  /** The first finished message of the bot that this person sees after `act`; a "thinking" one is not finished. */
  answer(as: string, act: () => unknown, wanted?: (message: APIMessage) => boolean): Promise<APIMessage>;
  /** The next event that fits. */
  hear<E extends PersonEvent>(as: string, act: () => unknown, fits: (event: PersonEvent) => event is E): Promise<E>;
  /** Ends the bot and starts another on the same Discord, which knows nothing of before. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

function createListLog(logged: LogLine[]): Log {
  const at =
    (level: string) =>
    (detail: object | string, phrase = ''): void => {
      logged.push({ level, detail, phrase });
    };
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return log;
}

/** The real bot with the real discord.js on the embedded Discord, with small commands. */
export async function setBotStage({
  bot: botDeps = {},
  discord: options = {},
}: {
  bot?: Partial<BotDeps>;
  discord?: Partial<DiscordOptions>;
} = {}): Promise<BotStage> {
  const discord = await startDiscord({ port: 0, host: '127.0.0.1', token: TOKEN, rateLimits: 'wide', ...options });
  const logged: LogLine[] = [];
  const callers: Caller[] = [];
  const build = (): Bot =>
    createBot({
      token: TOKEN,
      restApiUrl: discord.apiUrl,
      guildId: discord.guildId,
      commands: stubCommands as readonly CommandDefinition[],
      invoke: createInvoke({ record: () => undefined }),
      ctxFor: (caller) => {
        callers.push(caller);
        return { caller, clock: { now: () => DECIDED_AT, at: () => () => undefined } } as unknown as Ctx;
      },
      tierRules: { proRoleId: discord.roles.pro },
      clock: { now: () => DECIDED_AT },
      log: createListLog(logged),
      metrics: createMetrics(),
      ...botDeps,
    });
  let bot = build();
  const hear: BotStage['hear'] = (as, act, fits) =>
    new Promise((resolve, reject) => {
      const stop = discord.person.listen(as, (event) => {
        if (!fits(event)) return;
        stop();
        resolve(event);
      });
      Promise.resolve(act()).catch(reject);
    });
  return {
    discord,
    get bot() {
      return bot;
    },
    async restart() {
      await bot.stop();
      bot = build();
      await bot.start();
    },
    logged,
    callers,
    hear,
    async answer(as, act, wanted = () => true) {
      const event = await hear(
        as,
        act,
        (each): each is Extract<PersonEvent, { message: APIMessage }> =>
          (each.type === 'message' || each.type === 'message_update') &&
          each.message.author.id === discord.botId &&
          ((each.message.flags ?? 0) & THINKING) === 0 &&
          wanted(each.message),
      );
      return event.message;
    },
    async stop() {
      await bot.stop();
      await discord.stop();
    },
  };
}

export function isEphemeral(message: APIMessage): boolean {
  return ((message.flags ?? 0) & EPHEMERAL) !== 0;
}

/** The id of the control with this label anywhere in a message. */
export function controlId(message: APIMessage, label: string): string {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (
      'custom_id' in value &&
      (('label' in value && value.label === label) || ('placeholder' in value && value.placeholder === label))
    ) {
      found.push(String(value.custom_id));
    }
    Object.values(value).forEach(visit);
  };
  visit(message.components);
  const [first] = found;
  if (first === undefined) throw new Error(`no control "${label}"`);
  return first;
}
