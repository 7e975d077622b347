import type { APIUser } from 'discord-api-types/v10';
import { ALL_PERMISSIONS } from './bits.ts';
import { permissionsIn } from './permissions.ts';
import type { PersonChannel } from './person-api.ts';
import type { Channel, Member, Thread, World } from './world.ts';

/** What the guild is called on both sides. */
export const GUILD_NAME = 'Trading Floor';

/** ISO 8601 as Discord writes it, with microseconds and offset. */
export const iso = (at: number): string => new Date(at).toISOString().replace('Z', '000+00:00');

/** A user as routes and events show it. */
export function wireUser(world: World, userId: string): APIUser {
  const found = world.users.get(userId);
  if (!found) throw new Error(`no user ${userId} in this guild, need one that was seeded`);
  return found;
}

/** A member with its user. */
export function wireMember(world: World, member: Member): object {
  return { ...wireMemberPart(member), user: wireUser(world, member.userId) };
}

/** A member without `user`, as messages and interactions carry it. */
export function wireMemberPart(member: Member): object {
  return {
    avatar: null,
    banner: null,
    communication_disabled_until: null,
    flags: 0,
    joined_at: iso(member.joinedAt),
    nick: member.nick,
    pending: false,
    premium_since: null,
    roles: member.roles,
    mute: false,
    deaf: false,
  };
}

/** One member of a thread. */
export function wireThreadMember(thread: Thread, userId: string): object {
  return { id: thread.id, user_id: userId, join_timestamp: iso(thread.joinedAt[userId] ?? thread.createdAt), flags: 1 };
}

function wireThread(world: World, thread: Thread): object {
  const hasBot = thread.joinedAt[world.botId] !== undefined;
  return {
    id: thread.id,
    type: thread.type,
    flags: 0,
    guild_id: world.guildId,
    name: thread.name,
    parent_id: thread.parentId,
    owner_id: thread.ownerId,
    last_message_id: thread.lastMessageId,
    rate_limit_per_user: thread.rateLimitPerUser,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: iso(thread.archiveChangedAt),
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      create_timestamp: iso(thread.createdAt),
      ...(thread.type === 12 && { invitable: true }),
    },
    message_count: thread.messageCount,
    member_count: Math.min(50, Object.keys(thread.joinedAt).length),
    total_message_sent: thread.totalSent,
    ...(hasBot && { member: wireThreadMember(thread, world.botId) }),
  };
}

/** A channel, thread or direct channel as routes and events show it. */
export function wireChannel(world: World, channel: Channel): object {
  if (channel.kind === 'thread') return wireThread(world, channel);
  if (channel.kind === 'direct')
    return {
      id: channel.id,
      type: 1,
      flags: 0,
      last_message_id: channel.lastMessageId,
      recipients: [wireUser(world, channel.userId)],
    };
  return {
    id: channel.id,
    type: 0,
    flags: 0,
    guild_id: world.guildId,
    name: channel.name,
    topic: channel.topic,
    position: channel.position,
    parent_id: null,
    permission_overwrites: channel.overwrites,
    last_message_id: channel.lastMessageId,
    rate_limit_per_user: channel.rateLimitPerUser,
    nsfw: false,
  };
}

/** The channel as the page lists it. */
export function personChannel(channel: Channel): PersonChannel {
  if (channel.kind === 'direct')
    return { id: channel.id, name: 'Trading Coach (direct)', topic: undefined, parentId: undefined, archived: false };
  if (channel.kind === 'thread')
    return {
      id: channel.id,
      name: channel.name,
      topic: undefined,
      parentId: channel.parentId,
      archived: channel.archived,
    };
  return {
    id: channel.id,
    name: channel.name,
    topic: channel.topic ?? undefined,
    parentId: undefined,
    archived: false,
  };
}

/** The guild's own fields, without channels and members. */
export function wireGuild(world: World): object {
  return {
    id: world.guildId,
    name: GUILD_NAME,
    icon: null,
    description: 'A local guild for trying the coach',
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: world.ownerId,
    application_id: null,
    region: 'us-east',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    roles: [...world.roles.values()],
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  };
}

/** GUILD_CREATE: everything a client caches at start; other members only with an intent that allows them. */
export function wireGuildCreate(world: World, allMembers: boolean): object {
  const members = [...world.members.values()].filter((one) => allMembers || one.userId === world.botId);
  const channels = [...world.channels.values()];
  return {
    ...wireGuild(world),
    joined_at: iso(world.members.get(world.botId)?.joinedAt ?? world.clock.now()),
    large: false,
    unavailable: false,
    member_count: world.members.size,
    members: members.map((one) => wireMember(world, one)),
    channels: channels.filter((one) => one.kind === 'text').map((one) => wireChannel(world, one)),
    threads: channels.filter((one) => one.kind === 'thread' && !one.archived).map((one) => wireChannel(world, one)),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** The permission string that interactions carry for a user in a channel. */
export function permissionString(world: World, userId: string, channel: Channel): string {
  return (channel.kind === 'direct' ? ALL_PERMISSIONS : permissionsIn(world, userId, channel)).toString();
}

/** READY: who the bot is and where it may resume; the guild follows by itself. */
export function wireReady(world: World, sessionId: string, resumeUrl: string): object {
  return {
    v: 10,
    user: { ...wireUser(world, world.botId), verified: true, mfa_enabled: false, email: null },
    guilds: [{ id: world.guildId, unavailable: true }],
    session_id: sessionId,
    resume_gateway_url: resumeUrl,
    session_type: 'normal',
    private_channels: [],
    relationships: [],
    shard: [0, 1],
    application: { id: world.applicationId, flags: 0 },
  };
}
