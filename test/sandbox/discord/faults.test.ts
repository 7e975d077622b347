import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Events } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});
const CREATE = /^POST \/channels\/:channel\/messages$/;

const sendable = async (of: Stage) => {
  const channel = await of.client.channels.fetch(of.discord.channels.alerts);
  if (!channel?.isSendable()) throw new Error('no text channel');
  return channel;
};

describe('a planned failure', () => {
  it('before the call leaves no trace, after it leaves the message', async () => {
    stage = await setStage();
    const { discord } = stage;
    const send = () =>
      fetch(`${discord.apiUrl}/v10/channels/${discord.channels.alerts}/messages`, {
        method: 'POST',
        headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
        body: '{"content":"x"}',
      });
    const count = () => discord.person.messages(discord.users.owner, discord.channels.alerts).length;
    discord.faults.failNext(CREATE, 503);
    expect([(await send()).status, count()]).toEqual([503, 0]);
    discord.faults.failNext(CREATE, 502, { after: 'accepted' });
    expect([(await send()).status, count()]).toEqual([502, 1]);
    discord.faults.failNext(CREATE, 'reset', { after: 'accepted' });
    await expect(send()).rejects.toThrow();
    expect(count()).toBe(2);
    discord.faults.failNext(CREATE, 500, { times: 2 });
    discord.faults.clear();
    expect((await send()).status).toBe(200);
  });

  it('of a server error is retried by discord.js by itself', async () => {
    stage = await setStage();
    stage.discord.faults.failNext(CREATE, 500);
    expect((await (await sendable(stage)).send('x')).content).toBe('x');
  });
});

describe('a connection that only seems alive', () => {
  it('is noticed by the missing heartbeat answer and resumed', async () => {
    stage = await setStage({ heartbeatMs: 300 });
    const resumed = once(stage.client, Events.ShardResume);
    stage.discord.faults.muteHeartbeats(true);
    await once(stage.client, Events.ShardReconnecting);
    stage.discord.faults.muteHeartbeats(false);
    await resumed;
  });
});

describe('a card whose chart is replaced again and again', () => {
  it('leaves only the newest file behind', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'discord-'));
    stage = await setStage({ dataDir });
    const sent = await (await sendable(stage)).send({ files: [{ attachment: Buffer.from('0'), name: 'chart.txt' }] });
    for (const n of ['1', '2', '3'])
      await sent.edit({ attachments: [], files: [{ attachment: Buffer.from(n), name: 'chart.txt' }] });
    const files = () => readdir(join(dataDir, 'attachments'));
    await expect.poll(files).toHaveLength(1);
    const [shown] = stage.discord.person.messages(stage.discord.users.owner, stage.discord.channels.alerts);
    expect(await (await fetch(shown?.attachments[0]?.url ?? '')).text()).toBe('3');
    await sent.delete();
    await expect.poll(files).toHaveLength(0);
    await rm(dataDir, { recursive: true, force: true });
  });
});
