import { once } from 'node:events';
import { Events, GatewayIntentBits } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type DiscordSandbox, startDiscord } from '../../../src/sandbox/discord/server.ts';
import { logIn, type Stage, setStage, TOKEN } from './stage.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
const set = async (...args: Parameters<typeof setStage>): Promise<Stage> => {
  const stage = await setStage(...args);
  stops.push(() => stage.stop());
  return stage;
};

function countMessages(stage: Stage): { heard: string[]; all(n: number): Promise<void> } {
  const heard: string[] = [];
  let check = (): void => {};
  stage.client.on(Events.MessageCreate, (message) => {
    heard.push(message.content);
    check();
  });
  return {
    heard,
    all: (n) =>
      new Promise((resolve) => {
        check = () => {
          if (heard.length >= n) resolve();
        };
        check();
      }),
  };
}

const say = (stage: Stage, content: string): void => {
  const { discord } = stage;
  discord.person.say({ as: discord.users.pro, channelId: discord.channels.coach, content });
};

describe('a connection that breaks', () => {
  it('loses no event when the socket is killed: the session resumes', async () => {
    const stage = await set();
    const counted = countMessages(stage);
    const resumed = once(stage.client, Events.ShardResume);
    for (let n = 0; n < 50; n += 1) {
      if (n === 20) stage.discord.faults.killSockets();
      say(stage, String(n));
    }
    await resumed;
    say(stage, '50');
    await counted.all(51);
    expect(counted.heard).toEqual(Array.from({ length: 51 }, (_, n) => String(n)));
  });

  it('loses no event when the server asks to reconnect (op 7)', async () => {
    const stage = await set();
    const counted = countMessages(stage);
    const resumed = once(stage.client, Events.ShardResume);
    stage.discord.faults.reconnect();
    for (let n = 0; n < 30; n += 1) say(stage, String(n));
    await resumed;
    await counted.all(30);
    expect(counted.heard).toHaveLength(30);
  });

  it('resumes after op 9 true', async () => {
    const stage = await set();
    const resumed = once(stage.client, Events.ShardResume);
    stage.discord.faults.invalidSession(true);
    say(stage, 'kept');
    const counted = countMessages(stage);
    await resumed;
    await counted.all(1);
    expect(counted.heard).toEqual(['kept']);
  });

  it('identifies anew after op 9 false', async () => {
    const stage = await set();
    const ready = once(stage.client, Events.ShardReady);
    stage.discord.faults.invalidSession(false);
    await ready;
    const counted = countMessages(stage);
    say(stage, 'again');
    await counted.all(1);
    expect(counted.heard).toEqual(['again']);
  });

  it('is told to the people: the bot goes offline and comes back', async () => {
    const stage = await set();
    const { discord } = stage;
    const gone = stage.hear(discord.users.owner, 'bot');
    discord.faults.killSockets();
    expect((await gone).online).toBe(false);
    const back = stage.hear(discord.users.owner, 'bot');
    expect((await back).online).toBe(true);
    expect(discord.person.state(discord.users.owner).botOnline).toBe(true);
  });
});

describe('intents', () => {
  it('without message content a bot reads only what is meant for it', async () => {
    const stage = await set({}, [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
    ]);
    const { discord } = stage;
    const counted = countMessages(stage);
    say(stage, 'secret');
    say(stage, `<@${discord.botId}> hello`);
    discord.person.say({
      as: discord.users.pro,
      channelId: discord.person.directChannelId(discord.users.pro),
      content: 'direct',
    });
    const channel = await stage.client.channels.fetch(discord.channels.coach);
    if (!channel?.isSendable()) throw new Error('no text channel');
    await channel.send('own words');
    await counted.all(4);
    expect(counted.heard).toEqual(['', `<@${discord.botId}> hello`, 'direct', 'own words']);
  });

  it('without direct messages none of them comes', async () => {
    const stage = await set({}, [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.MessageContent,
    ]);
    const { discord } = stage;
    const counted = countMessages(stage);
    discord.person.say({
      as: discord.users.pro,
      channelId: discord.person.directChannelId(discord.users.pro),
      content: 'direct',
    });
    say(stage, 'public');
    await counted.all(1);
    expect(counted.heard).toEqual(['public']);
  });

  it('that the application may not have end in 4014, a wrong token in 401', async () => {
    const discord = await startDiscord({
      port: 0,
      host: '127.0.0.1',
      token: TOKEN,
      refusedIntents: GatewayIntentBits.MessageContent,
    });
    stops.push(() => discord.stop());
    await expect(logIn(discord)).rejects.toThrow(/disallowed intents/i);
    await expect(logIn(discord, [GatewayIntentBits.Guilds], 'wrong.token.here')).rejects.toMatchObject({
      code: 'TokenInvalid',
    });
  });
});

describe('a client that misbehaves is closed with the code for it', () => {
  const closeCode = async (frames: readonly (string | object)[]): Promise<number> => {
    const discord: DiscordSandbox = await startDiscord({
      port: 0,
      host: '127.0.0.1',
      token: TOKEN,
      refusedIntents: 1 << 15,
    });
    stops.push(() => discord.stop());
    const ws = new WebSocket(`${discord.url.replace('http', 'ws')}/gateway?v=10&encoding=json`);
    await once(ws, 'open');
    const closed = once(ws, 'close');
    for (const frame of frames) ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    const [code] = await closed;
    return code as number;
  };
  const identify = (intents: unknown, token = TOKEN) => ({ op: 2, d: { token, intents, properties: {} } });

  it.each([
    ['an unknown opcode', [{ op: 99 }], 4001],
    ['no JSON', ['{'], 4002],
    ['a presence before identifying', [{ op: 3, d: {} }], 4003],
    ['a wrong token', [identify(1, 'x')], 4004],
    ['identifying twice', [identify(1), identify(1)], 4005],
    ['121 sends in a minute', Array.from({ length: 121 }, () => ({ op: 1, d: null })), 4008],
    ['intents that do not exist', [identify(1 << 30)], 4013],
    ['intents that are not granted', [identify(1 << 15)], 4014],
  ])('%s', async (_name, frames, code) => {
    expect(await closeCode(frames)).toBe(code);
  });

  it('a session that nobody knows gets op 9 false', async () => {
    const discord = await startDiscord({ port: 0, host: '127.0.0.1', token: TOKEN });
    stops.push(() => discord.stop());
    const ws = new WebSocket(`${discord.url.replace('http', 'ws')}/gateway?v=10&encoding=json`);
    await once(ws, 'open');
    ws.send(JSON.stringify({ op: 6, d: { token: TOKEN, session_id: 'x', seq: 1 } }));
    const frames: unknown[] = [];
    await new Promise<void>((resolve) => {
      ws.on('message', (raw) => {
        const frame = JSON.parse(String(raw)) as { op: number };
        frames.push(frame);
        if (frame.op === 9) resolve();
      });
    });
    expect(frames.at(-1)).toEqual({ op: 9, d: false });
    ws.terminate();
  });
});
