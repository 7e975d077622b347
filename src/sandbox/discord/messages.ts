import type { APIMessage } from 'discord-api-types/v10';
import { ApiError } from './api-error.ts';
import { filesOf } from './attachments.ts';
import { INTENT } from './bits.ts';
import { snowflakeAt } from './snowflake.ts';
import { changeThreadMembers, openThread, settleIdle } from './threads.ts';
import { wireMemberPart } from './wire-guild.ts';
import type { Channel, StoredMessage, World } from './world.ts';

const REMEMBERED_PER_CHANNEL = 2000;

/** How long a nonce is remembered: Discord says "the past few minutes". */
const NONCE_WINDOW_MS = 180_000;

const messageIntent = (channel: Channel, stored: StoredMessage): number =>
  channel.kind === 'direct' || stored.ephemeralFor ? INTENT.directMessages : INTENT.guildMessages;

const channelType = (channel: Channel): number => {
  if (channel.kind === 'direct') return 1;
  return channel.kind === 'thread' ? channel.type : 0;
};

// an ephemeral message reaches the bot as if it were a direct one: no guild, no member
function gatewayMessage(world: World, channel: Channel, stored: StoredMessage): object {
  const message = { ...stored.message, channel_type: channelType(channel) };
  if (channel.kind === 'direct' || stored.ephemeralFor) return message;
  const member = world.members.get(stored.message.author.id);
  return { ...message, guild_id: world.guildId, ...(member && { member: wireMemberPart(member) }) };
}

function announce(world: World, t: string, channel: Channel, stored: StoredMessage, nonce?: string): void {
  const d = { ...gatewayMessage(world, channel, stored), ...(nonce !== undefined && { nonce }) };
  world.dispatch({ t, d, intent: messageIntent(channel, stored), channelId: channel.id });
  const type = t === 'MESSAGE_CREATE' ? 'message' : 'message_update';
  world.tell({ type, message: stored.message }, stored.ephemeralFor);
}

function dropFiles(world: World, before: object, after: object): void {
  const kept = filesOf(after);
  for (const id of filesOf(before)) if (!kept.has(id)) world.dropFile(id);
}

function forgetOldest(world: World, list: Map<string, StoredMessage>): void {
  const oldest = list.values().next().value;
  if (list.size <= REMEMBERED_PER_CHANNEL || !oldest) return;
  list.delete(oldest.message.id);
  world.forget('message', oldest.message.id);
  dropFiles(world, oldest.message, {});
}

/** Files a finished message, wakes an archived thread, and tells everyone who may see it. */
export function addMessage(world: World, channel: Channel, stored: StoredMessage): StoredMessage {
  const { author } = stored.message;
  if (channel.kind === 'thread') {
    openThread(world, channel);
    // who speaks in a thread has joined it
    if (world.members.has(author.id)) changeThreadMembers(world, channel, [author.id], []);
  }
  const list = world.messages.get(channel.id) ?? new Map<string, StoredMessage>();
  world.messages.set(channel.id, list);
  list.set(stored.message.id, stored);
  if (!stored.ephemeralFor) {
    channel.lastMessageId = stored.message.id;
    if (channel.kind === 'thread') {
      channel.messageCount += 1;
      channel.totalSent += 1;
    }
    world.keep('message', stored.message.id, stored);
  }
  announce(world, 'MESSAGE_CREATE', channel, stored, stored.nonce);
  forgetOldest(world, list);
  return stored;
}

/** Takes over the changed fields of a message and tells it. */
export function changeMessage(
  world: World,
  channel: Channel,
  stored: StoredMessage,
  changes: Partial<APIMessage>,
): void {
  const before = stored.message;
  stored.message = { ...before, ...changes };
  dropFiles(world, before, stored.message);
  if (!stored.ephemeralFor) world.keep('message', stored.message.id, stored);
  announce(world, 'MESSAGE_UPDATE', channel, stored);
}

/** Removes messages and tells it, in one event when there are several. */
export function removeMessages(world: World, channel: Channel, list: readonly StoredMessage[]): void {
  for (const stored of list) {
    stored.deleted = true;
    dropFiles(world, stored.message, {});
    world.messages.get(channel.id)?.delete(stored.message.id);
    if (channel.kind === 'thread' && !stored.ephemeralFor) channel.messageCount = Math.max(0, channel.messageCount - 1);
    world.forget('message', stored.message.id);
    world.tell({ type: 'message_delete', channelId: channel.id, id: stored.message.id }, stored.ephemeralFor);
  }
  const [first] = list;
  if (!first) return;
  const place = { channel_id: channel.id, ...(channel.kind !== 'direct' && { guild_id: world.guildId }) };
  const intent = messageIntent(channel, first);
  if (list.length === 1)
    world.dispatch({ t: 'MESSAGE_DELETE', d: { id: first.message.id, ...place }, intent, channelId: channel.id });
  else
    world.dispatch({
      t: 'MESSAGE_DELETE_BULK',
      d: { ids: list.map((one) => one.message.id), ...place },
      intent,
      channelId: channel.id,
    });
}

/** A message of a channel; ephemeral ones do not exist for channel routes (10008). */
export function publicMessage(world: World, channelId: string, messageId: string): StoredMessage {
  const stored = world.messages.get(channelId)?.get(messageId);
  if (!stored || stored.ephemeralFor) throw new ApiError(10008);
  return stored;
}

/** The channel of an id, or 10003. */
export function channelOf(world: World, channelId: string): Channel {
  const channel = world.channels.get(channelId);
  if (!channel) throw new ApiError(10003);
  settleIdle(world, channel);
  return channel;
}

/** The earlier message with this nonce by this author in this channel, while the window lasts. */
export function messageByNonce(
  world: World,
  channelId: string,
  authorId: string,
  nonce: string,
): StoredMessage | undefined {
  const since = world.clock.now() - NONCE_WINDOW_MS;
  for (const stored of [...(world.messages.get(channelId)?.values() ?? [])].reverse()) {
    if (snowflakeAt(stored.message.id) < since) return undefined;
    if (stored.nonce === nonce && stored.message.author.id === authorId) return stored;
  }
  return undefined;
}
