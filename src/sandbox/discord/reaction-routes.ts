import type { APIMessage } from 'discord-api-types/v10';
import { ApiError } from './api-error.ts';
import { INTENT, PERMISSION } from './bits.ts';
import type { Desk } from './compose.ts';
import { changeMessage, channelOf, publicMessage } from './messages.ts';
import { demand } from './permissions.ts';
import { type Call, del, get, nothing, ok, param, put, type Route } from './route.ts';
import { demandOpen } from './threads.ts';
import { iso, wireMember, wireUser } from './wire-guild.ts';
import type { Channel, StoredMessage, World } from './world.ts';

const MOST_PINS = 250;

interface Reaction {
  emoji: { id: string | null; name: string | null };
  count: number;
  count_details: { burst: number; normal: number };
  burst_colors: string[];
  me_burst: boolean;
  me: boolean;
}

/** Who reacted with what, by message: the answer of a message tells only counts. */
const reactors = new WeakMap<StoredMessage, Map<string, Set<string>>>();

function emojiOf(text: string): Reaction['emoji'] {
  const custom = /^(?:[\w~]+:)?(\d{15,20})$/.exec(text);
  return custom ? { id: custom[1] ?? null, name: text.split(':')[0] ?? null } : { id: null, name: text };
}

/** Adds or takes back one person's reaction and tells it. */
export function react(
  world: World,
  channel: Channel,
  stored: StoredMessage,
  userId: string,
  emoji: string,
  on: boolean,
): void {
  const byEmoji = reactors.get(stored) ?? new Map<string, Set<string>>();
  reactors.set(stored, byEmoji);
  const users = byEmoji.get(emoji) ?? new Set<string>();
  byEmoji.set(emoji, users);
  if (on === users.has(userId)) return;
  if (on) users.add(userId);
  else users.delete(userId);
  const reactions: Reaction[] = [...byEmoji].flatMap(([name, who]) =>
    who.size === 0
      ? []
      : [
          {
            emoji: emojiOf(name),
            count: who.size,
            count_details: { burst: 0, normal: who.size },
            burst_colors: [],
            me_burst: false,
            me: who.has(world.botId),
          },
        ],
  );
  stored.message = { ...stored.message, reactions } as unknown as APIMessage;
  world.keep('message', stored.message.id, stored);
  world.tell({ type: 'message_update', message: stored.message });
  const member = world.members.get(userId);
  world.dispatch({
    t: on ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE',
    d: {
      user_id: userId,
      channel_id: channel.id,
      message_id: stored.message.id,
      emoji: emojiOf(emoji),
      burst: false,
      type: 0,
      ...(channel.kind !== 'direct' && { guild_id: world.guildId }),
      ...(on && channel.kind !== 'direct' && member && { member: wireMember(world, member) }),
      ...(on && { message_author_id: stored.message.author.id }),
    },
    intent: channel.kind === 'direct' ? INTENT.directReactions : INTENT.guildReactions,
    channelId: channel.id,
  });
}

function pins(world: World, channel: Channel): StoredMessage[] {
  return [...(world.messages.get(channel.id)?.values() ?? [])]
    .filter((one) => one.pinnedAt !== undefined)
    .sort((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0));
}

function pin(world: World, channel: Channel, stored: StoredMessage, on: boolean): void {
  if (on === (stored.pinnedAt !== undefined)) return;
  if (on && pins(world, channel).length >= MOST_PINS) throw new ApiError(50013);
  if (on) stored.pinnedAt = world.clock.now();
  else delete stored.pinnedAt;
  changeMessage(world, channel, stored, { pinned: on });
  const last = pins(world, channel)[0]?.pinnedAt;
  world.dispatch({
    t: 'CHANNEL_PINS_UPDATE',
    d: {
      channel_id: channel.id,
      last_pin_timestamp: last === undefined ? null : iso(last),
      ...(channel.kind !== 'direct' && { guild_id: world.guildId }),
    },
    intent: channel.kind === 'direct' ? INTENT.directMessages : INTENT.guilds,
    channelId: channel.id,
  });
}

/** Reactions and the pins of 2025 and later, which have a permission of their own. */
export function reactionRoutes({ world }: Desk): Route[] {
  const found = (call: Call, needed: bigint): { channel: Channel; stored: StoredMessage } => {
    const channel = channelOf(world, param(call, 'channel'));
    demand(world, world.botId, channel, needed);
    const stored = publicMessage(world, channel.id, param(call, 'message'));
    return { channel, stored };
  };
  const mine = '/channels/:channel/messages/:message/reactions/:emoji/@me';
  const pinned = '/channels/:channel/messages/pins/:message';
  return [
    put(mine, (call) => {
      const { channel, stored } = found(call, PERMISSION.addReactions | PERMISSION.readMessageHistory);
      demandOpen(channel);
      react(world, channel, stored, world.botId, param(call, 'emoji'), true);
      return nothing;
    }),
    del(mine, (call) => {
      const { channel, stored } = found(call, 0n);
      react(world, channel, stored, world.botId, param(call, 'emoji'), false);
      return nothing;
    }),
    get('/channels/:channel/messages/:message/reactions/:emoji', (call) => {
      const { stored } = found(call, 0n);
      const users = reactors.get(stored)?.get(param(call, 'emoji')) ?? new Set<string>();
      return ok([...users].map((id) => wireUser(world, id)));
    }),
    get('/channels/:channel/messages/pins', (call) => {
      const channel = channelOf(world, param(call, 'channel'));
      demand(world, world.botId, channel, 0n);
      const limit = Number(call.query.limit ?? 50);
      const all = pins(world, channel);
      const items = all.slice(0, limit).map((one) => ({ pinned_at: iso(one.pinnedAt ?? 0), message: one.message }));
      return ok({ items, has_more: all.length > limit });
    }),
    put(pinned, (call) => {
      const { channel, stored } = found(call, PERMISSION.pinMessages);
      demandOpen(channel);
      pin(world, channel, stored, true);
      return nothing;
    }),
    del(pinned, (call) => {
      const { channel, stored } = found(call, PERMISSION.pinMessages);
      demandOpen(channel);
      pin(world, channel, stored, false);
      return nothing;
    }),
  ];
}
