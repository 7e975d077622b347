import type { APIApplicationCommand } from 'discord-api-types/v10';
import { ApiError } from './api-error.ts';
import type { Desk } from './compose.ts';
import { readForm } from './form.ts';
import { type Call, created, del, get, nothing, ok, param, patch, post, put, type Route } from './route.ts';
import { type CommandForm, commandList, command as commandSchema } from './wire-command.ts';
import type { World } from './world.ts';

const strip = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null && one !== undefined)
      .map(([key, one]) => [key, strip(one)]),
  );
};

function dress(world: World, form: CommandForm, guildId: string | undefined, id: string): APIApplicationCommand {
  const bits = form.default_member_permissions;
  return {
    ...(strip(form) as object),
    id,
    application_id: world.applicationId,
    version: world.ids.next(),
    description: form.description ?? '',
    default_member_permissions: bits === null || bits === undefined ? null : String(bits),
    nsfw: form.nsfw ?? false,
    integration_types: form.integration_types ?? [0],
    contexts: guildId ? null : (form.contexts ?? null),
    ...(guildId
      ? { guild_id: guildId }
      : { dm_permission: form.contexts ? form.contexts.includes(1) : (form.dm_permission ?? true) }),
  } as unknown as APIApplicationCommand;
}

/** Global commands when `guildId` is undefined. */
function commandsOf(world: World, guildId: string | undefined): APIApplicationCommand[] {
  return [...world.commands.values()].filter((one) => one.guild_id === guildId);
}

function changed(world: World): void {
  world.tell({ type: 'commands', commands: [...world.commands.values()] });
}

function save(
  world: World,
  form: CommandForm,
  guildId: string | undefined,
): { command: APIApplicationCommand; isNew: boolean } {
  const known = commandsOf(world, guildId).find((one) => one.name === form.name && one.type === form.type);
  const command = dress(world, form, guildId, known?.id ?? world.ids.next());
  world.commands.set(command.id, command);
  world.keep('command', command.id, command);
  return { command, isNew: !known };
}

/** Registration of commands, global and of the guild, by the same nine routes. */
export function commandRoutes({ world }: Desk): Route[] {
  const scope = (call: Call): string | undefined => {
    if (param(call, 'app') !== world.applicationId) throw new ApiError(20012);
    const guild = call.params.guild;
    if (guild !== undefined && guild !== world.guildId) throw new ApiError(50001);
    return guild;
  };
  const one = (call: Call): APIApplicationCommand => {
    const found = commandsOf(world, scope(call)).find((command) => command.id === param(call, 'command'));
    if (!found) throw new ApiError(10063);
    return found;
  };
  const remove = (command: APIApplicationCommand): void => {
    world.commands.delete(command.id);
    world.forget('command', command.id);
  };
  return ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands'].flatMap((base) => [
    get(base, (call) => ok(commandsOf(world, scope(call)))),
    put(base, (call) => {
      const guild = scope(call);
      const forms = readForm(commandList, call.json);
      const kept = forms.map((form) => save(world, form, guild).command);
      for (const old of commandsOf(world, guild)) if (!kept.includes(old)) remove(old);
      changed(world);
      return ok(kept);
    }),
    post(base, (call) => {
      const guild = scope(call);
      const form = readForm(commandSchema, call.json);
      const others = commandsOf(world, guild).filter((other) => other.type === form.type && other.name !== form.name);
      if (others.length >= (form.type === 1 ? 100 : 15)) throw new ApiError(30032);
      const { command, isNew } = save(world, form, guild);
      changed(world);
      return isNew ? created(command) : ok(command);
    }),
    get(`${base}/:command`, (call) => ok(one(call))),
    patch(`${base}/:command`, (call) => {
      const before = one(call);
      const form = readForm(commandSchema, { ...before, ...(call.json as object) });
      const command = dress(world, form, scope(call), before.id);
      world.commands.set(command.id, command);
      world.keep('command', command.id, command);
      changed(world);
      return ok(command);
    }),
    del(`${base}/:command`, (call) => {
      remove(one(call));
      changed(world);
      return nothing;
    }),
  ]);
}
