import { AppError } from '../../kit/errors.ts';
import { INTENT } from './bits.ts';
import { setRoles } from './guild-routes.ts';
import { wireMember, wireUser } from './wire-guild.ts';
import type { World } from './world.ts';

/** Gives or takes a role as a server admin would, without the bot's limits. */
export function giveRole(world: World, userId: string, roleId: string, on: boolean): void {
  const member = world.members.get(userId);
  if (!member || !world.roles.has(roleId)) throw new AppError('not_found', 'There is no such member or role.');
  setRoles(world, member, on ? [...member.roles, roleId] : member.roles.filter((id) => id !== roleId));
}

/** Takes a person out of the guild; what they wrote stays. */
export function leaveGuild(world: World, userId: string): void {
  if (!world.members.delete(userId)) throw new AppError('conflict', 'This person is not in the server.');
  world.forget('member', userId);
  const d = { guild_id: world.guildId, user: wireUser(world, userId) };
  world.dispatch({ t: 'GUILD_MEMBER_REMOVE', d, intent: INTENT.guildMembers });
}

/** Lets a person in, without roles. */
export function joinGuild(world: World, userId: string): void {
  if (world.members.has(userId)) throw new AppError('conflict', 'This person is already in the server.');
  const member = { userId, nick: null, roles: [], joinedAt: world.clock.now() };
  world.members.set(userId, member);
  world.keep('member', userId, member);
  const d = { ...wireMember(world, member), guild_id: world.guildId };
  world.dispatch({ t: 'GUILD_MEMBER_ADD', d, intent: INTENT.guildMembers });
}
