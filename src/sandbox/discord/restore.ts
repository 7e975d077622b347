import type { APIApplicationCommand, APIRole } from 'discord-api-types/v10';
import type { Journal } from './journal.ts';
import { isSnowflake } from './snowflake.ts';
import type { Channel, Member, StoredMessage, Webhook, World } from './world.ts';

/** Puts back what the journal holds; later ids stay above all that was ever given out. */
export function restore(world: World, found: Journal['found']): void {
  for (const { kind, id, value } of found) {
    if (isSnowflake(id)) world.ids.after(id);
    switch (kind) {
      case 'channel':
        world.channels.set(id, value as Channel);
        break;
      case 'message':
        restoreMessage(world, value as StoredMessage);
        break;
      case 'member':
        world.members.set(id, value as Member);
        break;
      case 'role':
        world.roles.set(id, value as APIRole);
        break;
      case 'command':
        world.commands.set(id, value as APIApplicationCommand);
        break;
      case 'webhook':
        world.webhooks.set(id, value as Webhook);
        break;
      default:
    }
  }
  // a thread's own record is older than its newest messages
  for (const thread of world.channels.values()) {
    if (thread.kind !== 'thread') continue;
    thread.messageCount = world.messages.get(thread.id)?.size ?? 0;
    thread.totalSent = Math.max(thread.totalSent, thread.messageCount);
  }
}

function restoreMessage(world: World, stored: StoredMessage): void {
  const { id, channel_id: channelId } = stored.message;
  const channel = world.channels.get(channelId);
  if (!channel) return;
  const list = world.messages.get(channelId) ?? new Map<string, StoredMessage>();
  world.messages.set(channelId, list);
  list.set(id, stored);
  if (!channel.lastMessageId || BigInt(id) > BigInt(channel.lastMessageId)) channel.lastMessageId = id;
}
