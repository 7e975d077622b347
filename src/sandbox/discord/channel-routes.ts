import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { INTENT, PERMISSION } from './bits.ts';
import type { Desk } from './compose.ts';
import { bits, readForm, snowflake } from './form.ts';
import { channelOf } from './messages.ts';
import { demand, demandInGuild } from './permissions.ts';
import { type Call, created, del, get, nothing, ok, param, patch, post, put, type Route } from './route.ts';
import { changeThread, removeChannel } from './threads.ts';
import { personChannel, wireChannel } from './wire-guild.ts';
import type { Overwrite, TextChannel, Thread, World } from './world.ts';

const name = z.string().min(1).max(100);
const slow = z.int().min(0).max(21_600);
const overwriteShape = {
  type: z.literal([0, 1]).nullish(),
  allow: bits.nullish(),
  deny: bits.nullish(),
};
const overwriteForm = z.object(overwriteShape);
const channelForm = z.object({
  name: name.nullish(),
  topic: z.string().max(1024).nullish(),
  position: z.int().min(0).nullish(),
  rate_limit_per_user: slow.nullish(),
  permission_overwrites: z.array(z.object({ id: snowflake, ...overwriteShape })).nullish(),
});
const newChannelForm = channelForm.extend({ name, type: z.literal(0).nullish() });
const threadForm = z.object({
  name: name.nullish(),
  archived: z.boolean().nullish(),
  locked: z.boolean().nullish(),
  auto_archive_duration: z.literal([60, 1440, 4320, 10_080]).nullish(),
  rate_limit_per_user: slow.nullish(),
});

const overwrite = (id: string, form: z.infer<typeof overwriteForm>): Overwrite => ({
  id,
  type: form.type ?? 0,
  allow: (form.allow ?? 0n).toString(),
  deny: (form.deny ?? 0n).toString(),
});

function announce(world: World, t: 'CHANNEL_CREATE' | 'CHANNEL_UPDATE', channel: TextChannel): void {
  world.keep('channel', channel.id, channel);
  world.dispatch({ t, d: wireChannel(world, channel), intent: INTENT.guilds });
  world.tell({ type: 'channel', channel: personChannel(channel) });
}

function editText(world: World, channel: TextChannel, json: unknown): void {
  demand(world, world.botId, channel, PERMISSION.manageChannels);
  const form = readForm(channelForm, json);
  if (form.name) channel.name = form.name;
  if (form.topic !== undefined) channel.topic = form.topic;
  if (form.position != null) channel.position = form.position;
  if (form.rate_limit_per_user != null) channel.rateLimitPerUser = form.rate_limit_per_user;
  if (form.permission_overwrites) channel.overwrites = form.permission_overwrites.map((one) => overwrite(one.id, one));
  announce(world, 'CHANNEL_UPDATE', channel);
}

function editThread(world: World, thread: Thread, json: unknown): void {
  const form = readForm(threadForm, json);
  if (thread.ownerId !== world.botId || form.locked != null)
    demand(world, world.botId, thread, PERMISSION.manageThreads);
  else demand(world, world.botId, thread, 0n);
  // an archived thread takes no other change than being opened again
  if (thread.archived && form.archived !== false) throw new ApiError(50083);
  changeThread(world, thread, {
    ...(form.name && { name: form.name }),
    ...(form.archived != null && { archived: form.archived }),
    ...(form.locked != null && { locked: form.locked }),
    ...(form.auto_archive_duration && { autoArchiveMinutes: form.auto_archive_duration }),
    ...(form.rate_limit_per_user != null && { rateLimitPerUser: form.rate_limit_per_user }),
  });
}

/** Channels themselves: read, make, change, remove, and who may do what in them. */
export function channelRoutes({ world }: Desk): Route[] {
  const text = (call: Call): TextChannel => {
    const channel = channelOf(world, param(call, 'channel'));
    if (channel.kind !== 'text') throw new ApiError(50024);
    return channel;
  };
  const guildOnly = (call: Call): void => {
    if (param(call, 'guild') !== world.guildId) throw new ApiError(10004);
  };
  return [
    get('/channels/:channel', (call) => {
      const channel = channelOf(world, param(call, 'channel'));
      demand(world, world.botId, channel, 0n);
      return ok(wireChannel(world, channel));
    }),
    patch('/channels/:channel', (call) => {
      const channel = channelOf(world, param(call, 'channel'));
      if (channel.kind === 'direct') throw new ApiError(50003);
      if (channel.kind === 'thread') editThread(world, channel, call.json);
      else editText(world, channel, call.json);
      return ok(wireChannel(world, channel));
    }),
    del('/channels/:channel', (call) => {
      const channel = channelOf(world, param(call, 'channel'));
      if (channel.kind === 'direct') throw new ApiError(50003);
      demand(
        world,
        world.botId,
        channel,
        channel.kind === 'thread' ? PERMISSION.manageThreads : PERMISSION.manageChannels,
      );
      const shown = wireChannel(world, channel);
      removeChannel(world, channel);
      return ok(shown);
    }),
    put('/channels/:channel/permissions/:overwrite', (call) => {
      const channel = text(call);
      demand(world, world.botId, channel, PERMISSION.manageRoles);
      const id = param(call, 'overwrite');
      const made = overwrite(id, readForm(overwriteForm, call.json));
      channel.overwrites = [...channel.overwrites.filter((one) => one.id !== id), made];
      announce(world, 'CHANNEL_UPDATE', channel);
      return nothing;
    }),
    del('/channels/:channel/permissions/:overwrite', (call) => {
      const channel = text(call);
      demand(world, world.botId, channel, PERMISSION.manageRoles);
      channel.overwrites = channel.overwrites.filter((one) => one.id !== param(call, 'overwrite'));
      announce(world, 'CHANNEL_UPDATE', channel);
      return nothing;
    }),
    get('/guilds/:guild/channels', (call) => {
      guildOnly(call);
      return ok(
        [...world.channels.values()].filter((one) => one.kind === 'text').map((one) => wireChannel(world, one)),
      );
    }),
    post('/guilds/:guild/channels', (call) => {
      guildOnly(call);
      demandInGuild(world, world.botId, PERMISSION.manageChannels);
      const form = readForm(newChannelForm, call.json);
      const channel: TextChannel = {
        kind: 'text',
        id: world.ids.next(),
        name: form.name.toLowerCase().replaceAll(' ', '-'),
        topic: form.topic ?? null,
        position: form.position ?? world.channels.size,
        overwrites: (form.permission_overwrites ?? []).map((one) => overwrite(one.id, one)),
        lastMessageId: null,
        rateLimitPerUser: form.rate_limit_per_user ?? 0,
      };
      world.channels.set(channel.id, channel);
      announce(world, 'CHANNEL_CREATE', channel);
      return created(wireChannel(world, channel));
    }),
  ];
}
