import type { APIUser } from 'discord-api-types/v10';
import { PERMISSION } from './bits.ts';
import { permissionsIn } from './permissions.ts';
import type { Channel, World } from './world.ts';

/** A request's `allowed_mentions`. */
export interface AllowedMentions {
  readonly parse?: readonly string[] | null | undefined;
  readonly users?: readonly string[] | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
}

/** Whom a message really pings. */
export interface Mentions {
  readonly mentions: APIUser[];
  readonly mention_roles: string[];
  readonly mention_everyone: boolean;
}

const ids = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap((match) => (match[1] ? [match[1]] : []))),
];

/** Who a text pings after `allowed_mentions` (left out: all that the author may). */
export function mentionsIn(
  world: World,
  authorId: string,
  channel: Channel,
  text: string,
  allowed: AllowedMentions | null | undefined,
): Mentions {
  const may = (kind: 'users' | 'roles', id: string): boolean =>
    !allowed || (allowed.parse?.includes(kind) ?? false) || (allowed[kind]?.includes(id) ?? false);
  const mayPingAll = (permissionsIn(world, authorId, channel) & PERMISSION.mentionEveryone) !== 0n;
  const mentions = ids(text, /<@!?(\d+)>/g).flatMap((id) => {
    const user = world.users.get(id);
    return user && may('users', id) ? [user] : [];
  });
  const mentionRoles = ids(text, /<@&(\d+)>/g).filter((id) => {
    const role = world.roles.get(id);
    return role !== undefined && (role.mentionable || mayPingAll) && may('roles', id);
  });
  const everyone =
    mayPingAll && /@(everyone|here)\b/.test(text) && (!allowed || (allowed.parse?.includes('everyone') ?? false));
  return { mentions, mention_roles: mentionRoles, mention_everyone: everyone };
}
