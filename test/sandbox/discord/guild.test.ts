import { once } from 'node:events';
import { ChannelType, Events, type GuildMember, PermissionFlagsBits, type TextChannel } from 'discord.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditRequests } from '../../contracts/discord/audit.ts';
import { createPushedClock, type Stage, setStage } from './stage.ts';

const clock = createPushedClock();
let stage: Stage;
let channel: TextChannel;
beforeAll(async () => {
  const extra =
    PermissionFlagsBits.ManageChannels | PermissionFlagsBits.ManageNicknames | PermissionFlagsBits.ManageWebhooks;
  stage = await setStage({ extraBotPermissions: extra, clock });
});
afterAll(() => stage.stop());
beforeEach(async () => {
  channel = (await stage.client.channels.fetch(stage.discord.channels.coach)) as TextChannel;
});
const guild = () => stage.client.guilds.cache.get(stage.discord.guildId) ?? Promise.reject(new Error('no guild'));
const member = async (id: string): Promise<GuildMember> => (await guild()).members.fetch(id);
const as = (who: 'owner' | 'pro' | 'free', channelId: string, content: string) =>
  stage.discord.person.say({ as: stage.discord.users[who], channelId, content });

describe('a thread', () => {
  it('opens from a message, takes posts of the bot and of people, and tells its messages', async () => {
    const head = await channel.send('plan');
    const thread = await head.startThread({ name: 'GOOG long' });
    expect(thread.id).toBe(head.id);
    await thread.send('triggered');
    const heard = once(stage.client, Events.MessageCreate);
    as('pro', thread.id, 'why?');
    const [message] = await heard;
    expect([message.content, message.channel.isThread()]).toEqual(['why?', true]);
    expect((await head.fetch()).thread?.name).toBe('GOOG long');
    const again = stage.client.rest.post(`/channels/${channel.id}/messages/${head.id}/threads`, {
      body: { name: 'twice' },
    });
    await expect(again).rejects.toMatchObject({ code: 160004 });
  });

  it('stands under its channel on the page', async () => {
    const thread = await channel.threads.create({ name: 'free standing', autoArchiveDuration: 60 });
    const shown = stage.discord.person.state(stage.discord.users.free).channels.find((one) => one.id === thread.id);
    expect(shown).toMatchObject({ name: 'free standing', parentId: channel.id, archived: false });
  });

  it('that is archived wakes by a post but takes no other change', async () => {
    const thread = await channel.threads.create({ name: 'sleepy' });
    const first = await thread.send('x');
    await thread.setArchived(true);
    await expect(first.edit('y')).rejects.toMatchObject({ code: 50083 });
    await expect(thread.setName('z')).rejects.toMatchObject({ code: 50083 });
    const awake = stage.hear(stage.discord.users.pro, 'channel');
    as('pro', thread.id, 'hello');
    expect((await awake).channel.archived).toBe(false);
  });

  it('that was quiet for its time is found archived, until someone speaks', async () => {
    const thread = await channel.threads.create({ name: 'quiet', autoArchiveDuration: 60 });
    const first = await thread.send('x');
    clock.push(59 * 60_000);
    await first.edit('still open');
    clock.push(2 * 60_000);
    await expect(first.edit('too late')).rejects.toMatchObject({ code: 50083 });
    await thread.send('awake');
    await first.edit('open again');
  });

  it('that is locked keeps people out', async () => {
    const thread = await channel.threads.create({ name: 'locked' });
    await thread.edit({ locked: true, archived: true });
    expect(() => as('free', thread.id, 'hello')).toThrow(/locked/);
  });

  it('that is private is hidden from those who are not in it', async () => {
    const { discord } = stage;
    const thread = await channel.threads.create({ name: 'private', type: ChannelType.PrivateThread });
    const sees = () => discord.person.state(discord.users.pro).channels.some((one) => one.id === thread.id);
    expect(sees()).toBe(false);
    const shown = stage.hear(discord.users.pro, 'channel');
    await thread.members.add(discord.users.pro);
    expect((await shown).channel.id).toBe(thread.id);
    expect(sees()).toBe(true);
    expect((await thread.members.fetch()).size).toBe(2);
    await thread.members.remove(discord.users.pro);
    expect(sees()).toBe(false);
  });

  it('is listed as active or archived, and gone once deleted', async () => {
    const thread = await channel.threads.create({ name: 'listed' });
    expect((await channel.threads.fetchActive()).threads.has(thread.id)).toBe(true);
    await thread.setArchived(true);
    expect((await channel.threads.fetchArchived()).threads.has(thread.id)).toBe(true);
    await thread.delete();
    expect(() => as('pro', thread.id, 'x')).toThrow(/no such channel/);
  });

  it('with a name over 100 characters is refused', async () => {
    await expect(channel.threads.create({ name: 'x'.repeat(101) })).rejects.toMatchObject({ code: 50035 });
  });
});

describe('permissions', () => {
  it('a channel that the bot may not write in answers 50013, one that it cannot see 50001', async () => {
    const { discord } = stage;
    const rights = (await guild()).members.me;
    const deny = async (key: 'SendMessages' | 'ViewChannel') => {
      const updated = once(stage.client, Events.ChannelUpdate);
      await channel.permissionOverwrites.edit(discord.botId, { [key]: false });
      await updated;
    };
    await deny('SendMessages');
    await expect(channel.send('x')).rejects.toMatchObject({ code: 50013, status: 403 });
    expect(rights && channel.permissionsFor(rights).has('SendMessages')).toBe(false);
    await channel.permissionOverwrites.delete(discord.botId);
    await stage.client.rest.put(`/channels/${channel.id}/permissions/${discord.botId}`, {
      body: { type: 1, deny: '1024', allow: '0' },
    });
    await expect(
      stage.client.rest.post(`/channels/${channel.id}/messages`, { body: { content: 'x' } }),
    ).rejects.toMatchObject({ code: 50001 });
    expect(() => stage.discord.person.messages(discord.users.pro, channel.id)).not.toThrow();
    // what it cannot see it cannot mend either: the owner does
    await expect(
      stage.client.rest.delete(`/channels/${channel.id}/permissions/${discord.botId}`),
    ).rejects.toMatchObject({ code: 50001 });
  });

  it('roles are given only below the bot’s own', async () => {
    const { discord } = stage;
    const free = await member(discord.users.free);
    await free.roles.add(discord.roles.pro);
    expect((await free.fetch(true)).roles.cache.has(discord.roles.pro)).toBe(true);
    await free.roles.remove(discord.roles.pro);
    const staff = (await (await guild()).roles.fetch()).find((role) => role.name === 'Staff');
    await expect(free.roles.add(staff?.id ?? '')).rejects.toMatchObject({ code: 50013 });
    await expect((await member(discord.users.owner)).setNickname('x')).rejects.toMatchObject({ code: 50013 });
  });

  it('a role that a person is given shows on their next command', async () => {
    const { client, discord } = stage;
    await client.application.commands.set([{ name: 'status', description: 'x' }], discord.guildId);
    discord.person.setRole(discord.users.free, discord.roles.pro, true);
    const next = stage.nextCommand();
    discord.person.slash({
      as: discord.users.free,
      channelId: discord.channels.market,
      nonce: '',
      command: 'status',
      options: [],
    });
    const command = await next;
    expect(command.inCachedGuild() && command.member.roles.cache.has(discord.roles.pro)).toBe(true);
    discord.person.setRole(discord.users.free, discord.roles.pro, false);
    await command.reply('ok');
  });
});

describe('the rest of the guild', () => {
  it('makes, changes and removes channels and roles', async () => {
    const made = await (await guild()).channels.create({ name: 'earnings', topic: 'x' });
    expect((await made.edit({ topic: 'y' })).topic).toBe('y');
    await made.delete();
    const role = await (await guild()).roles.create({ name: 'Alerts', mentionable: true });
    expect((await role.edit({ name: 'Pings' })).name).toBe('Pings');
    await role.delete();
    await expect(
      (await guild()).roles.create({ permissions: PermissionFlagsBits.Administrator }),
    ).rejects.toMatchObject({ code: 50013 });
  });

  it('finds members by id and by name', async () => {
    const all = await stage.client.rest.get(`/guilds/${stage.discord.guildId}/members`, {
      query: new URLSearchParams({ limit: '10' }),
    });
    expect(all).toHaveLength(4);
    const found = await (await guild()).members.search({ query: 'oli' });
    expect(found.map((one) => one.displayName)).toEqual(['Olivia']);
    await expect((await guild()).members.fetch('1460000000000000001')).rejects.toMatchObject({ code: 10013 });
  });

  it('people leave and come back without their roles', async () => {
    const { person, users } = stage.discord;
    person.leave(users.pro);
    expect(() => as('pro', channel.id, 'x')).toThrow(/no such channel/);
    await expect((await guild()).members.fetch({ user: users.pro, force: true })).rejects.toMatchObject({
      code: 10007,
    });
    person.join(users.pro);
    expect((await (await guild()).members.fetch({ user: users.pro, force: true })).roles.cache.size).toBe(1);
  });

  it('a webhook posts under its own name and dies with its token', async () => {
    const market = (await stage.client.channels.fetch(stage.discord.channels.market)) as TextChannel;
    const hook = await market.createWebhook({ name: 'Mirror' });
    const sent = await hook.send('mirrored');
    expect([sent.author.username, sent.webhookId]).toEqual(['Mirror', hook.id]);
    await hook.editMessage(sent.id, 'again');
    await hook.delete();
    await expect(hook.send('x')).rejects.toMatchObject({ code: 10015 });
  });

  it('commands can be listed, changed and removed one by one', async () => {
    const { commands } = stage.client.application;
    const one = await commands.create({ name: 'levels', description: 'x' });
    expect((await commands.edit(one, { description: 'Key levels' })).description).toBe('Key levels');
    expect((await commands.fetch()).map((each) => each.name)).toEqual(['levels']);
    await commands.delete(one);
    await expect(commands.create({ name: 'Levels', description: 'x' })).rejects.toMatchObject({ code: 50035 });
  });
});

it('every call and every answer about the guild is as Discord describes it', () => {
  expect(stage.discord.requests.length).toBeGreaterThan(40);
  expect(auditRequests(stage.discord.requests)).toEqual([]);
}, 120_000);
