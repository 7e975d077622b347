import type { APIMessage } from 'discord-api-types/v10';
import { ApiError } from './api-error.ts';
import { INTENT } from './bits.ts';
import { snowflakeAt } from './snowflake.ts';
import { personChannel, wireChannel, wireMember, wireThreadMember } from './wire-guild.ts';
import type { Channel, Thread, World } from './world.ts';

function announce(world: World, t: 'THREAD_CREATE' | 'THREAD_UPDATE', thread: Thread): void {
  world.keep('channel', thread.id, thread);
  const head = world.messages.get(thread.parentId)?.get(thread.id);
  if (head?.message.thread) {
    head.message = { ...head.message, thread: wireChannel(world, thread) } as unknown as APIMessage;
    world.keep('message', thread.id, head);
  }
  const d = { ...wireChannel(world, thread), ...(t === 'THREAD_CREATE' && { newly_created: true }) };
  world.dispatch({ t, d, intent: INTENT.guilds, channelId: thread.id });
  world.tell({ type: 'channel', channel: personChannel(thread) });
}

/** Opens a thread; from a message it takes the message's id. */
export function startThread(
  world: World,
  parent: Channel,
  spec: {
    id?: string;
    name: string;
    type: 11 | 12;
    ownerId: string;
    autoArchiveMinutes?: number;
    rateLimitPerUser?: number;
  },
): Thread {
  if (parent.kind !== 'text') throw new ApiError(50024);
  const at = world.clock.now();
  const thread: Thread = {
    kind: 'thread',
    id: spec.id ?? world.ids.next(),
    type: spec.type,
    name: spec.name,
    parentId: parent.id,
    ownerId: spec.ownerId,
    archived: false,
    locked: false,
    archiveChangedAt: at,
    autoArchiveMinutes: spec.autoArchiveMinutes ?? 4320,
    createdAt: at,
    joinedAt: { [spec.ownerId]: at },
    messageCount: 0,
    totalSent: 0,
    lastMessageId: null,
    rateLimitPerUser: spec.rateLimitPerUser ?? 0,
  };
  world.channels.set(thread.id, thread);
  announce(world, 'THREAD_CREATE', thread);
  return thread;
}

/** Changes a thread and tells it. */
export function changeThread(world: World, thread: Thread, changes: Partial<Thread>): void {
  const flips = changes.archived !== undefined && changes.archived !== thread.archived;
  Object.assign(thread, changes, flips && { archiveChangedAt: world.clock.now() });
  announce(world, 'THREAD_UPDATE', thread);
}

/** A post into an archived thread opens it again; into a locked one it is refused. */
export function openThread(world: World, thread: Thread): void {
  if (thread.archived) changeThread(world, thread, { archived: false });
}

/** Archives a thread that was quiet for its time; called whenever someone looks at it. */
export function settleIdle(world: World, channel: Channel): void {
  if (channel.kind !== 'thread' || channel.archived) return;
  const spokeAt = channel.lastMessageId ? snowflakeAt(channel.lastMessageId) : channel.createdAt;
  const quietSince = Math.max(spokeAt, channel.archiveChangedAt);
  if (world.clock.now() > quietSince + channel.autoArchiveMinutes * 60_000)
    changeThread(world, channel, { archived: true });
}

/** Removes a channel or thread with its messages and tells it. */
export function removeChannel(world: World, channel: Channel): void {
  world.channels.delete(channel.id);
  world.messages.delete(channel.id);
  world.forget('channel', channel.id);
  const isThread = channel.kind === 'thread';
  const d = isThread
    ? { id: channel.id, guild_id: world.guildId, parent_id: channel.parentId, type: channel.type }
    : wireChannel(world, channel);
  world.dispatch({ t: isThread ? 'THREAD_DELETE' : 'CHANNEL_DELETE', d, intent: INTENT.guilds });
  world.tell({ type: 'channel_delete', id: channel.id });
}

/** Adds people to a thread or takes them out, and tells it. */
export function changeThreadMembers(
  world: World,
  thread: Thread,
  added: readonly string[],
  removed: readonly string[],
): void {
  const at = world.clock.now();
  const fresh = added.filter((id) => thread.joinedAt[id] === undefined);
  const gone = removed.filter((id) => thread.joinedAt[id] !== undefined);
  if (fresh.length === 0 && gone.length === 0) return;
  for (const id of fresh) thread.joinedAt[id] = at;
  for (const id of gone) delete thread.joinedAt[id];
  world.keep('channel', thread.id, thread);
  if (thread.type === 12) {
    for (const id of fresh) world.tell({ type: 'channel', channel: personChannel(thread) }, id);
    for (const id of gone) world.tell({ type: 'channel_delete', id: thread.id }, id);
  }
  const d = {
    id: thread.id,
    guild_id: world.guildId,
    member_count: Object.keys(thread.joinedAt).length,
    added_members: fresh.map((id) => {
      const member = world.members.get(id);
      return { ...wireThreadMember(thread, id), ...(member && { member: wireMember(world, member) }), presence: null };
    }),
    removed_member_ids: gone,
  };
  const touchesBot = [...fresh, ...gone].includes(world.botId);
  world.dispatch({ t: 'THREAD_MEMBERS_UPDATE', d, intent: touchesBot ? INTENT.guilds : INTENT.guildMembers });
}

/** Refuses whatever an archived thread refuses. */
export function demandOpen(channel: Channel): void {
  if (channel.kind === 'thread' && channel.archived) throw new ApiError(50083);
}
