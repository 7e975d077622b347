import { type Channel, ChannelType, type Message } from 'discord.js';
import { authorOf, type TierRules } from './caller.ts';
import type { Heard } from './conversation.ts';
import type { Place } from './places.ts';
import { isMentioned } from './thread-memory.ts';

/** A message as the conversation takes it. */
export function heardIn(message: Message, botId: string, rules: TierRules): Heard {
  const isMention = isMentioned(message, botId);
  const others = message.mentions.users.some(({ id }) => id !== botId);
  return {
    id: message.id,
    text: message.content,
    caller: authorOf(message, rules),
    place: placeOf(message.channel, message.channelId, botId),
    isMention,
    toOthers: others && !isMention && message.mentions.repliedUser?.id !== botId,
    hasFiles: message.attachments.size > 0 || message.stickers.size > 0,
  };
}

/** Where an interaction or a message stands. */
export function placeOf(channel: Channel | null, channelId: string, botId: string): Place {
  if (!channel?.isThread() || channel.parentId === null) return { channelId };
  return {
    channelId,
    thread: {
      id: channel.id,
      parentId: channel.parentId,
      isPrivate: channel.type === ChannelType.PrivateThread,
      isOurs: channel.ownerId === botId,
    },
  };
}
