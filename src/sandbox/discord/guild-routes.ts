import type { APIRole } from 'discord-api-types/v10';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { INTENT, PERMISSION } from './bits.ts';
import type { Desk } from './compose.ts';
import { bits, readForm, snowflake } from './form.ts';
import { demandInGuild, guildPermissions, rank } from './permissions.ts';
import { type Call, del, get, nothing, ok, param, patch, post, put, type Route } from './route.ts';
import { wireGuild, wireMember } from './wire-guild.ts';
import type { Member, World } from './world.ts';

const roleForm = z.object({
  name: z.string().max(100).nullish(),
  permissions: bits.nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  hoist: z.boolean().nullish(),
  mentionable: z.boolean().nullish(),
});
const memberForm = z.object({ nick: z.string().max(32).nullish(), roles: z.array(snowflake).nullish() });

function tellRole(world: World, t: 'GUILD_ROLE_CREATE' | 'GUILD_ROLE_UPDATE', role: APIRole): void {
  world.keep('role', role.id, role);
  world.dispatch({ t, d: { guild_id: world.guildId, role }, intent: INTENT.guilds });
}

/** Gives a member exactly these roles and tells it. */
export function setRoles(world: World, member: Member, roles: readonly string[]): void {
  member.roles = [...new Set(roles)];
  world.keep('member', member.userId, member);
  const d = { ...wireMember(world, member), guild_id: world.guildId };
  // a bot hears of its own member without the members intent
  const intent = member.userId === world.botId ? INTENT.guilds : INTENT.guildMembers;
  world.dispatch({ t: 'GUILD_MEMBER_UPDATE', d, intent });
}

// a bot moves only roles below its own highest one, and hands out only rights that it has
function demandRoleBelow(world: World, roleId: string): APIRole {
  demandInGuild(world, world.botId, PERMISSION.manageRoles);
  const role = world.roles.get(roleId);
  if (!role) throw new ApiError(10011);
  if (role.managed || role.id === world.guildId || role.position >= rank(world, world.botId)) throw new ApiError(50013);
  return role;
}

function applyRole(world: World, role: APIRole, form: z.infer<typeof roleForm>): APIRole {
  const granted = form.permissions ?? BigInt(role.permissions);
  if ((granted & ~guildPermissions(world, world.botId)) !== 0n) throw new ApiError(50013);
  const color = form.color ?? role.color;
  return {
    ...role,
    name: form.name ?? role.name,
    permissions: granted.toString(),
    color,
    colors: { primary_color: color, secondary_color: null, tertiary_color: null },
    hoist: form.hoist ?? role.hoist,
    mentionable: form.mentionable ?? role.mentionable,
  };
}

/** The guild, its roles and its members. */
export function guildRoutes({ world }: Desk): Route[] {
  const here = (call: Call): void => {
    if (param(call, 'guild') !== world.guildId) throw new ApiError(10004);
  };
  const member = (call: Call): Member => {
    here(call);
    const found = world.members.get(param(call, 'user'));
    if (!found) throw new ApiError(world.users.has(param(call, 'user')) ? 10007 : 10013);
    return found;
  };
  const listed = (match: (one: Member) => boolean, call: Call): object[] => {
    here(call);
    const limit = Number(call.query.limit ?? 1);
    return [...world.members.values()]
      .filter(match)
      .slice(0, limit)
      .map((one) => wireMember(world, one));
  };
  const changeRole = (call: Call, on: boolean): typeof nothing => {
    const one = member(call);
    const role = demandRoleBelow(world, param(call, 'role'));
    setRoles(world, one, on ? [...one.roles, role.id] : one.roles.filter((id) => id !== role.id));
    return nothing;
  };

  return [
    get('/guilds/:guild', (call) => {
      here(call);
      const counts = { approximate_member_count: world.members.size, approximate_presence_count: world.members.size };
      return ok({ ...wireGuild(world), ...(call.query.with_counts === 'true' && counts) });
    }),
    get('/guilds/:guild/roles', (call) => {
      here(call);
      return ok([...world.roles.values()]);
    }),
    post('/guilds/:guild/roles', (call) => {
      here(call);
      demandInGuild(world, world.botId, PERMISSION.manageRoles);
      const blank = {
        ...world.roles.get(world.guildId),
        id: world.ids.next(),
        name: 'new role',
        position: 1,
        permissions: '0',
      };
      const role = applyRole(world, blank as APIRole, readForm(roleForm, call.json ?? {}));
      world.roles.set(role.id, role);
      tellRole(world, 'GUILD_ROLE_CREATE', role);
      return ok(role);
    }),
    patch('/guilds/:guild/roles/:role', (call) => {
      here(call);
      const role = applyRole(world, demandRoleBelow(world, param(call, 'role')), readForm(roleForm, call.json));
      world.roles.set(role.id, role);
      tellRole(world, 'GUILD_ROLE_UPDATE', role);
      return ok(role);
    }),
    del('/guilds/:guild/roles/:role', (call) => {
      here(call);
      const role = demandRoleBelow(world, param(call, 'role'));
      world.roles.delete(role.id);
      world.forget('role', role.id);
      for (const one of world.members.values())
        if (one.roles.includes(role.id))
          setRoles(
            world,
            one,
            one.roles.filter((id) => id !== role.id),
          );
      world.dispatch({
        t: 'GUILD_ROLE_DELETE',
        d: { guild_id: world.guildId, role_id: role.id },
        intent: INTENT.guilds,
      });
      return nothing;
    }),
    get('/guilds/:guild/members', (call) => ok(listed(() => true, call))),
    get('/guilds/:guild/members/search', (call) => {
      const wanted = (call.query.query ?? '').toLowerCase();
      return ok(listed((one) => (world.users.get(one.userId)?.username ?? '').startsWith(wanted), call));
    }),
    get('/guilds/:guild/members/:user', (call) => ok(wireMember(world, member(call)))),
    patch('/guilds/:guild/members/:user', (call) => {
      if (param(call, 'user') === '@me') {
        here(call);
        const me = world.members.get(world.botId);
        if (!me) throw new ApiError(10007);
        me.nick = readForm(memberForm, call.json).nick ?? null;
        setRoles(world, me, me.roles);
        return ok(wireMember(world, me));
      }
      const one = member(call);
      const form = readForm(memberForm, call.json);
      if (form.nick !== undefined) {
        demandInGuild(world, world.botId, PERMISSION.manageNicknames);
        if (rank(world, one.userId) >= rank(world, world.botId)) throw new ApiError(50013);
        one.nick = form.nick || null;
      }
      const roles = form.roles ?? one.roles;
      for (const id of new Set([...roles, ...one.roles]))
        if (roles.includes(id) !== one.roles.includes(id)) demandRoleBelow(world, id);
      setRoles(world, one, roles);
      return ok(wireMember(world, one));
    }),
    put('/guilds/:guild/members/:user/roles/:role', (call) => changeRole(call, true)),
    del('/guilds/:guild/members/:user/roles/:role', (call) => changeRole(call, false)),
  ];
}
