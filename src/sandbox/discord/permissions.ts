import { ApiError } from './api-error.ts';
import { ALL_PERMISSIONS, PERMISSION } from './bits.ts';
import type { Channel, Member, TextChannel, World } from './world.ts';

type Guild = Pick<World, 'members' | 'roles' | 'channels' | 'guildId' | 'ownerId' | 'botId'>;

/** A member's permissions in the whole guild, before any channel's overwrites. */
export function guildPermissions(world: Guild, userId: string): bigint {
  if (userId === world.ownerId) return ALL_PERMISSIONS;
  const member = world.members.get(userId);
  if (!member) return 0n;
  const base = [world.guildId, ...member.roles].reduce(
    (sum, id) => sum | BigInt(world.roles.get(id)?.permissions ?? 0),
    0n,
  );
  return base & PERMISSION.administrator ? ALL_PERMISSIONS : base;
}

function withOverwrites(world: Guild, member: Member, base: bigint, channel: TextChannel): bigint {
  const apply = (bits: bigint, match: (one: { id: string; type: number }) => boolean): bigint => {
    const hits = channel.overwrites.filter(match);
    const deny = hits.reduce((sum, one) => sum | BigInt(one.deny), 0n);
    const allow = hits.reduce((sum, one) => sum | BigInt(one.allow), 0n);
    return (bits & ~deny) | allow;
  };
  const forEveryone = apply(base, (one) => one.id === world.guildId);
  const forRoles = apply(
    forEveryone,
    (one) => one.type === 0 && one.id !== world.guildId && member.roles.includes(one.id),
  );
  return apply(forRoles, (one) => one.type === 1 && one.id === member.userId);
}

/** A member's permissions in one channel; threads follow their parent, direct channels allow their two people all. */
export function permissionsIn(world: Guild, userId: string, channel: Channel): bigint {
  if (channel.kind === 'direct') return userId === channel.userId || userId === world.botId ? ALL_PERMISSIONS : 0n;
  const base = guildPermissions(world, userId);
  if (base === ALL_PERMISSIONS) return base;
  const member = world.members.get(userId);
  const home = channel.kind === 'thread' ? world.channels.get(channel.parentId) : channel;
  if (!member || home?.kind !== 'text') return 0n;
  const bits = withOverwrites(world, member, base, home);
  if (!(bits & PERMISSION.viewChannel)) return 0n;
  const isHidden =
    channel.kind === 'thread' &&
    channel.type === 12 &&
    channel.joinedAt[userId] === undefined &&
    !(bits & PERMISSION.manageThreads);
  return isHidden ? 0n : bits;
}

/** Whether this person or bot may see the channel at all. */
export function canSee(world: Guild, userId: string, channel: Channel): boolean {
  return (permissionsIn(world, userId, channel) & PERMISSION.viewChannel) !== 0n;
}

/** Throws 50001 when the channel cannot be seen and 50013 when a named permission is missing. */
export function demand(world: Guild, userId: string, channel: Channel, needed: bigint): void {
  const bits = permissionsIn(world, userId, channel);
  if (!(bits & PERMISSION.viewChannel)) throw new ApiError(50001);
  if ((bits & needed) !== needed) throw new ApiError(50013);
}

/** Throws 50013 when a guild-wide permission is missing. */
export function demandInGuild(world: Guild, userId: string, needed: bigint): void {
  if ((guildPermissions(world, userId) & needed) !== needed) throw new ApiError(50013);
}

/** The position of a member's highest role; the owner stands above all. */
export function rank(world: Guild, userId: string): number {
  if (userId === world.ownerId) return Number.POSITIVE_INFINITY;
  const positions = (world.members.get(userId)?.roles ?? []).map((id) => world.roles.get(id)?.position ?? 0);
  return Math.max(0, ...positions);
}
