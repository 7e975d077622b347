import type { APIRole, APIUser } from 'discord-api-types/v10';
import type { Clock } from '../../kit/clock.ts';
import { PERMISSION } from './bits.ts';
import { createSnowflakes, fixedId } from './snowflake.ts';
import type { Channel, World } from './world.ts';

/** The guild's text channels with their topics, in display order. */
export const TEXT_CHANNELS = {
  welcome: 'What this bot does, and one button to begin',
  market: 'The session, the indices and the breadth, edited in place',
  alerts: 'Session transitions and market alerts',
  plans: 'Plans that the scanner offers',
  coach: 'Ask the coach; each conversation gets a thread',
  ops: 'Health of the feeds and the alerts',
} as const;

/** The name of a channel that every sandbox has. */
export type ChannelKey = keyof typeof TEXT_CHANNELS;

const everyonePermissions =
  PERMISSION.viewChannel |
  PERMISSION.sendMessages |
  PERMISSION.sendMessagesInThreads |
  PERMISSION.createPublicThreads |
  PERMISSION.embedLinks |
  PERMISSION.attachFiles |
  PERMISSION.readMessageHistory |
  PERMISSION.addReactions |
  PERMISSION.useExternalEmojis |
  PERMISSION.useApplicationCommands |
  PERMISSION.changeNickname;

/** What the invite link of this bot asks for. */
const invitedPermissions =
  everyonePermissions |
  PERMISSION.createPrivateThreads |
  PERMISSION.manageThreads |
  PERMISSION.manageMessages |
  PERMISSION.pinMessages |
  PERMISSION.manageRoles;

function user(id: string, username: string, name: string, bot = false): APIUser {
  return {
    id,
    username,
    global_name: bot ? null : name,
    discriminator: bot ? '4040' : '0',
    avatar: null,
    bot,
    public_flags: 0,
    flags: 0,
    primary_guild: null,
  } as unknown as APIUser;
}

function role(id: string, name: string, position: number, permissions: bigint, managedBy?: string): APIRole {
  return {
    id,
    name,
    position,
    permissions: permissions.toString(),
    color: name === 'Pro' ? 0x10b981 : 0,
    colors: { primary_color: name === 'Pro' ? 0x10b981 : 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: managedBy !== undefined,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(managedBy && { tags: { bot_id: managedBy } }),
  } as unknown as APIRole;
}

/** People of every sandbox, by what the page calls them. */
export const PEOPLE = { owner: fixedId(11), pro: fixedId(12), free: fixedId(13) } as const;

/** The guild as it is before anything happened: same ids in every run. */
export function createWorld(deps: {
  clock: Clock;
  token: string;
  extraChannels: readonly string[];
  extraBotPermissions: bigint;
  refusedIntents: number;
  keep: World['keep'];
  forget: World['forget'];
}): World {
  const guildId = fixedId(1);
  const applicationId = fixedId(2);
  const botRoleId = fixedId(21);
  const proRoleId = fixedId(22);
  const staffRoleId = fixedId(23);
  const users = [
    user(applicationId, 'Trading Coach', 'Trading Coach', true),
    user(PEOPLE.owner, 'olivia', 'Olivia'),
    user(PEOPLE.pro, 'peter', 'Peter'),
    user(PEOPLE.free, 'fran', 'Fran'),
  ];
  const joinedAt = Date.UTC(2026, 0, 5, 15, 0);
  const memberRoles: Record<string, string[]> = {
    [applicationId]: [botRoleId],
    [PEOPLE.owner]: [staffRoleId],
    [PEOPLE.pro]: [proRoleId],
    [PEOPLE.free]: [],
  };
  const roles = [
    role(guildId, '@everyone', 0, everyonePermissions),
    role(proRoleId, 'Pro', 1, 0n),
    role(botRoleId, 'Trading Coach', 2, invitedPermissions | deps.extraBotPermissions, applicationId),
    role(staffRoleId, 'Staff', 3, PERMISSION.manageMessages),
  ];
  const topics = [...Object.entries(TEXT_CHANNELS), ...deps.extraChannels.map((name) => [name, ''] as const)];
  const channels: Channel[] = topics.map(([name, topic], position) => ({
    kind: 'text',
    id: fixedId(31 + position),
    name,
    topic: topic || null,
    position,
    overwrites: [],
    lastMessageId: null,
    rateLimitPerUser: 0,
  }));
  for (const [n, userId] of Object.values(PEOPLE).entries())
    channels.push({ kind: 'direct', id: fixedId(91 + n), userId, lastMessageId: null });

  return {
    origin: '',
    clock: deps.clock,
    ids: createSnowflakes(() => deps.clock.now()),
    token: deps.token,
    applicationId,
    botId: applicationId,
    guildId,
    ownerId: PEOPLE.owner,
    proRoleId,
    botRoleId,
    users: new Map(users.map((one) => [one.id, one])),
    members: new Map(
      users.map((one) => [one.id, { userId: one.id, nick: null, roles: memberRoles[one.id] ?? [], joinedAt }]),
    ),
    roles: new Map(roles.map((one) => [one.id, one])),
    channels: new Map(channels.map((one) => [one.id, one])),
    messages: new Map(),
    commands: new Map(),
    webhooks: new Map(),
    refusedIntents: deps.refusedIntents,
    bot: { online: false, presence: undefined },
    dispatch: () => {},
    tell: () => {},
    keep: deps.keep,
    forget: deps.forget,
    dropFile: () => {},
  };
}
