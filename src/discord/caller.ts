import { GuildMember, type Interaction, type Message } from 'discord.js';
import type { Caller, Tier } from '../command.ts';

/** Which members are pro and who owns the bot; without `proRoleId` everybody is pro, as on one's own server. */
export interface TierRules {
  readonly proRoleId?: string | undefined;
  readonly ownerId?: string | undefined;
}

/** Who acts, from the interaction alone. */
export function callerOf(interaction: Interaction, rules: TierRules): Caller {
  const { user, guildId, channelId, member } = interaction;
  const nick = member instanceof GuildMember ? member.displayName : member?.nick;
  return {
    memberId: user.id,
    name: nick ?? user.displayName,
    ...(guildId === null ? {} : { guildId }),
    ...(channelId === null ? {} : { channelId }),
    tier: tierOf(user.id, interaction.guild?.ownerId, rolesOf(member), rules),
  };
}

/** Who wrote a message, as Discord says it. */
export function authorOf(message: Message, rules: TierRules): Caller {
  const { author, guildId, channelId, member, guild } = message;
  return {
    memberId: author.id,
    name: member?.displayName ?? author.displayName,
    ...(guildId === null ? {} : { guildId }),
    channelId,
    tier: tierOf(author.id, guild?.ownerId, rolesOf(member), rules),
  };
}

function tierOf(memberId: string, guildOwnerId: string | undefined, roles: readonly string[], rules: TierRules): Tier {
  if (memberId === rules.ownerId || memberId === guildOwnerId) return 'owner';
  return rules.proRoleId === undefined || roles.includes(rules.proRoleId) ? 'pro' : 'free';
}

function rolesOf(member: Interaction['member']): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}
