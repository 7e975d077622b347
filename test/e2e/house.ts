import { rm } from 'node:fs/promises';
import type { APIMessage } from 'discord-api-types/v10';
import { type App, startApp } from '../../src/app.ts';
import { readEnv } from '../../src/kit/env.ts';
import { createLog } from '../../src/kit/log.ts';
import type { SlashOption } from '../../src/sandbox/discord/person-api.ts';
import type { DiscordSandbox } from '../../src/sandbox/discord/server.ts';
import type { MarketControl } from '../../src/sandbox/market-control.ts';
import { freshFolder } from '../store/backend.ts';
import { auditSaid } from './said.ts';

export { textOf } from './text-of.ts';

export type Who = 'owner' | 'pro' | 'free';
type Room = keyof DiscordSandbox['channels'];

/** The whole product on loopback, its market's clock in the test's hand, with the people's side to talk to it. */
export interface House {
  readonly app: App;
  readonly discord: DiscordSandbox;
  readonly control: MarketControl;
  readonly dataDir: string;
  /** Types a slash command and waits for the finished answer. */
  slash(text: string, options?: readonly SlashOption[], at?: { as?: Who; room?: Room }): Promise<APIMessage>;
  press(message: APIMessage, label: string, as?: Who): Promise<APIMessage>;
  /** Presses a button that opens a form, sends the form as it is filled, with `values` over it, and waits for the answer. */
  fill(message: APIMessage, label: string, values: Readonly<Record<string, string>>, as?: Who): Promise<APIMessage>;
  choose(message: APIMessage, value: string, as?: Who): Promise<APIMessage>;
  /** Lets market time run to `at` (epoch ms) and stand still there. */
  runTo(at: number): Promise<void>;
  stop(): Promise<void>;
}

const LOADING = 1 << 7;
const WAIT_MS = 15_000;

export async function openHouse(
  over: {
    readonly dataDir?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly logLevel?: 'silent' | 'warn';
  } = {},
): Promise<House> {
  const dataDir = over.dataDir ?? (await freshFolder());
  const env = readEnv({ DATA_DIR: dataDir, SANDBOX_PORT: '0', HTTP_PORT: '0', SANDBOX_PAUSED: 'true', ...over.env });
  const app = await startApp(env, createLog({ level: over.logLevel ?? 'silent', secrets: [] }));
  const { discord, control } = app.sandbox;
  if (!discord || !control) throw new Error('the house under test runs on the sandbox');

  const answerAfter = (as: Who, room: string, act: () => void): Promise<APIMessage> => {
    const who = discord.users[as];
    const done = Promise.withResolvers<APIMessage>();
    let place: string | undefined;
    const stop = discord.person.listen(who, (event) => {
      if (event.type === 'interaction_failed') done.reject(new Error(`the bot did not answer: ${event.reason}`));
      if (event.type !== 'message' && event.type !== 'message_update') return;
      const { message } = event;
      if (message.channel_id !== room || message.author.id !== discord.botId) return;
      if (event.type === 'message' && message.interaction_metadata) place = message.id;
      const finished = ((message.flags ?? 0) & LOADING) === 0;
      if (finished && (message.id === place || message.interaction_metadata)) done.resolve(message);
    });
    const timer = setTimeout(() => done.reject(new Error('no answer within 15 s')), WAIT_MS);
    act();
    return done.promise.finally(() => {
      clearTimeout(timer);
      stop();
    });
  };

  return {
    app,
    discord,
    control,
    dataDir,
    slash(text, options = [], { as = 'owner', room = 'coach' } = {}) {
      const [command = '', sub] = text.split(' ');
      const typed = sub === undefined ? options : [{ name: sub, options }];
      const channelId = discord.channels[room];
      return answerAfter(as, channelId, () =>
        discord.person.slash({ as: discord.users[as], channelId, nonce: nonce(), command, options: typed }),
      );
    },
    press(message, label, as = 'owner') {
      const customId = controlsOf(message).find((one) => one.label === label)?.custom_id;
      if (customId === undefined) throw new Error(`no button "${label}"`);
      const { channel_id: channelId, id: messageId } = message;
      return answerAfter(as, channelId, () =>
        discord.person.press({ as: discord.users[as], channelId, messageId, customId, nonce: nonce() }),
      );
    },
    async fill(message, label, values, as = 'owner') {
      const customId = controlsOf(message).find((one) => one.label === label)?.custom_id;
      if (customId === undefined) throw new Error(`no button "${label}"`);
      const { channel_id: channelId, id: messageId } = message;
      const who = discord.users[as];
      const opened = Promise.withResolvers<{ modalId: string; modal: unknown }>();
      const stop = discord.person.listen(who, (event) => {
        if (event.type === 'modal') opened.resolve(event);
        if (event.type === 'interaction_failed') opened.reject(new Error(`no form: ${event.reason}`));
      });
      discord.person.press({ as: who, channelId, messageId, customId, nonce: nonce() });
      const { modalId, modal } = await opened.promise.finally(stop);
      return answerAfter(as, channelId, () =>
        discord.person.submitModal({
          as: who,
          modalId,
          values: { ...prefilledIn(modal), ...values },
          nonce: nonce(),
        }),
      );
    },
    choose(message, value, as = 'owner') {
      const customId = controlsOf(message).find((one) => one.type === 3)?.custom_id;
      if (customId === undefined) throw new Error('no select menu');
      const { channel_id: channelId, id: messageId } = message;
      return answerAfter(as, channelId, () =>
        discord.person.select({
          as: discord.users[as],
          channelId,
          messageId,
          customId,
          values: [value],
          nonce: nonce(),
        }),
      );
    },
    async runTo(at) {
      const there = Promise.withResolvers<void>();
      control.at(at, () => {
        control.pause();
        there.resolve();
      });
      control.setSpeed(600);
      control.resume();
      await there.promise;
    },
    async stop() {
      await app.stop();
      const problems = auditSaid(discord.requests);
      if (problems.length > 0) throw new Error(`the bot said what it must not:\n${problems.slice(0, 20).join('\n')}`);
      if (over.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

let counter = 0;
const nonce = (): string => `e2e-${++counter}`;

interface Control {
  readonly type: number;
  readonly label?: string;
  readonly custom_id?: string;
}

/** Buttons and menus of a message, at any depth. */
function controlsOf(message: Pick<APIMessage, 'components'>): Control[] {
  const found: Control[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) walk(inner);
    if (typeof node !== 'object' || node === null) return;
    if ('custom_id' in node && 'type' in node) found.push(node as Control);
    if ('components' in node) walk(node.components);
    if ('accessory' in node) walk(node.accessory);
  };
  walk(message.components);
  return found;
}

/** What stands in a form's fields when it opens. */
function prefilledIn(modal: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) walk(inner);
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 4 && 'custom_id' in node)
      found[String(node.custom_id)] = 'value' in node ? String(node.value) : '';
    if ('components' in node) walk(node.components);
    if ('component' in node) walk(node.component);
  };
  walk(modal);
  return found;
}
