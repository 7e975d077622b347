import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DiscordSandbox, startDiscord } from '../../../src/sandbox/discord/server.ts';
import { createPushedClock, TOKEN } from './stage.ts';

let dataDir: string;
let running: DiscordSandbox | undefined;
const warnings: string[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'discord-'));
  warnings.length = 0;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (clock = createPushedClock()): Promise<DiscordSandbox> => {
  await running?.stop();
  running = await startDiscord({
    port: 0,
    host: '127.0.0.1',
    token: TOKEN,
    rateLimits: 'wide',
    clock,
    dataDir,
    log: { warn: (_detail, text) => warnings.push(text) },
  });
  return running;
};
const rest = async (
  discord: DiscordSandbox,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, string>> => {
  const answer = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (answer.status === 204 ? {} : await answer.json()) as Record<string, string>;
};
const texts = (discord: DiscordSandbox, channelId = discord.channels.alerts): string[] =>
  discord.person.messages(discord.users.owner, channelId, 1000).map((one) => one.content);

describe('after a restart', () => {
  it('guild, channels, people and roles have the ids they had', async () => {
    const { guildId, channels, users, roles, botId } = await start();
    expect(await start()).toMatchObject({ guildId, channels, users, roles, botId });
  });

  it('messages, edits, deletions, threads, roles and commands are still there', async () => {
    const first = await start();
    const alerts = `/channels/${first.channels.alerts}/messages`;
    const kept = await rest(first, 'POST', alerts, { content: 'open' });
    const edited = await rest(first, 'POST', alerts, { content: 'soon' });
    await rest(first, 'PATCH', `${alerts}/${edited.id}`, { content: 'early close soon' });
    const gone = await rest(first, 'POST', alerts, { content: 'wrong' });
    await rest(first, 'DELETE', `${alerts}/${gone.id}`);
    const thread = await rest(first, 'POST', `${alerts}/${kept.id}/threads`, { name: 'talk' });
    await rest(first, 'POST', `/channels/${thread.id}/messages`, { content: 'inside' });
    first.person.setRole(first.users.free, first.roles.pro, true);
    await rest(first, 'PUT', `/applications/${first.applicationId}/guilds/${first.guildId}/commands`, [
      { name: 'status', description: 'x' },
    ]);

    const second = await start();
    expect(texts(second)).toEqual(['open', 'early close soon']);
    expect(texts(second, thread.id)).toEqual(['inside']);
    const state = second.person.state(second.users.owner);
    expect(state.channels.find((one) => one.id === thread.id)?.name).toBe('talk');
    expect(state.commands.map((one) => one.name)).toEqual(['status']);
    const member = await rest(second, 'GET', `/guilds/${second.guildId}/members/${second.users.free}`);
    expect(member.roles).toEqual([second.roles.pro]);
  });

  it('an alert with the same nonce is not posted again, and new ids stay above old ones', async () => {
    const body = { content: 'open', nonce: 'session-open', enforce_nonce: true };
    const first = await start();
    const before = await rest(first, 'POST', `/channels/${first.channels.alerts}/messages`, body);
    const second = await start();
    const after = await rest(second, 'POST', `/channels/${second.channels.alerts}/messages`, body);
    expect(after.id).toBe(before.id);
    const next = await rest(second, 'POST', `/channels/${second.channels.alerts}/messages`, { content: 'next' });
    expect(BigInt(next.id ?? 0)).toBeGreaterThan(BigInt(before.id ?? 0));
    expect(texts(second)).toEqual(['open', 'next']);
  });

  it('new ids stay above old ones even when the machine’s clock was set back', async () => {
    const ahead = createPushedClock();
    ahead.push(3_600_000);
    const first = await start(ahead);
    const old = first.person.say({ as: first.users.pro, channelId: first.channels.coach, content: 'from the future' });
    const second = await start();
    const next = second.person.say({ as: second.users.pro, channelId: second.channels.coach, content: 'now' });
    expect(BigInt(next.id)).toBeGreaterThan(BigInt(old.id));
  });

  it('pictures are still there, under the new port', async () => {
    const first = await start();
    const form = new FormData();
    form.set('payload_json', JSON.stringify({ content: 'chart', attachments: [{ id: 0, filename: 'a.txt' }] }));
    form.set('files[0]', new File(['hello'], 'a.txt'));
    await fetch(`${first.apiUrl}/v10/channels/${first.channels.alerts}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${TOKEN}` },
      body: form,
    });
    const second = await start();
    const [message] = second.person.messages(second.users.owner, second.channels.alerts);
    const file = await fetch(message?.attachments[0]?.url ?? '');
    expect(await file.text()).toBe('hello');
  });

  it('a torn last line is skipped with a warning and nothing else is lost', async () => {
    const first = await start();
    await rest(first, 'POST', `/channels/${first.channels.alerts}/messages`, { content: 'whole' });
    await first.stop();
    await appendFile(join(dataDir, 'journal.ndjson'), '{"kind":"message","id":"15735');
    const second = await start();
    expect(texts(second)).toEqual(['whole']);
    expect(warnings).toHaveLength(1);
    await rest(second, 'POST', `/channels/${second.channels.alerts}/messages`, { content: 'more' });
    expect(texts(await start())).toEqual(['whole', 'more']);
    expect(warnings).toHaveLength(1);
  });

  it('wherever the file is cut, every message before the cut is there', async () => {
    const first = await start();
    for (let n = 0; n < 8; n += 1)
      await rest(first, 'POST', `/channels/${first.channels.alerts}/messages`, { content: `m${n}` });
    await first.stop();
    const file = join(dataDir, 'journal.ndjson');
    const whole = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (cut) => {
        await writeFile(file, whole.subarray(0, cut));
        const lines = whole.subarray(0, cut).toString('utf8').split('\n').slice(0, -1);
        const complete = lines.filter((line) => line.includes('"kind":"message"')).length;
        const seen = texts(await start());
        expect(seen.slice(0, complete)).toEqual(Array.from({ length: complete }, (_, n) => `m${n}`));
        await running?.stop();
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('private answers are gone, as they are on the real service', async () => {
    const first = await start();
    first.person.say({ as: first.users.pro, channelId: first.channels.coach, content: 'public' });
    const journal = await readFile(join(dataDir, 'journal.ndjson'), 'utf8');
    expect(journal).toContain('public');
    expect(journal).not.toContain('ephemeralFor');
  });
});
