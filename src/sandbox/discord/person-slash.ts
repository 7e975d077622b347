import type { APIApplicationCommand } from 'discord-api-types/v10';
import { AppError } from '../../kit/errors.ts';
import { permissionsIn } from './permissions.ts';
import type { SlashOption } from './person-api.ts';
import { wireChannel, wireMemberPart, wireUser } from './wire-guild.ts';
import type { Channel, World } from './world.ts';

interface Declared {
  readonly type: number;
  readonly name: string;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly options?: readonly Declared[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
}

interface Resolved {
  users: Record<string, object>;
  members: Record<string, object>;
  roles: Record<string, object>;
  channels: Record<string, object>;
}

const refuse = (text: string): AppError => new AppError('invalid_input', text);
const KINDS: Record<number, string> = { 4: 'a whole number', 5: 'true or false', 10: 'a number' };

/** The command that a person means here, or a sentence why not. */
export function commandFor(
  world: World,
  name: string,
  userId: string,
  channel: Channel,
  kind = 1,
): APIApplicationCommand {
  const all = [...world.commands.values()].filter((one) => one.name === name && one.type === kind);
  const command = all.find((one) => one.guild_id) ?? all[0];
  if (!command) throw new AppError('not_found', `There is no command "${name}" here; the bot may still be starting.`);
  if (channel.kind === 'direct' && (command.guild_id || (command.contexts && !command.contexts.includes(1))))
    throw refuse(`/${name} works only in the server, not in a direct message.`);
  const needed = command.default_member_permissions;
  if (needed && (permissionsIn(world, userId, channel) & BigInt(needed)) !== BigInt(needed))
    throw refuse(`You may not use /${name} here.`);
  return command;
}

function typed(option: Declared, value: string | number | boolean): string | number | boolean {
  if (option.type === 5) {
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw refuse(`"${option.name}" needs ${KINDS[5]}.`);
  }
  if (option.type !== 4 && option.type !== 10) return String(value);
  const number = typeof value === 'number' ? value : Number(String(value).trim() || 'x');
  if (!Number.isFinite(number) || (option.type === 4 && !Number.isInteger(number)))
    throw refuse(`"${option.name}" needs ${KINDS[option.type]}.`);
  if (number < (option.min_value ?? -Infinity) || number > (option.max_value ?? Infinity))
    throw refuse(`"${option.name}" is ${number}, need ${option.min_value ?? 'any'} to ${option.max_value ?? 'any'}.`);
  return number;
}

function checkText(option: Declared, value: string): void {
  const most = option.max_length ?? 6000;
  const least = option.min_length ?? 0;
  if (value.length > most || value.length < least)
    throw refuse(`"${option.name}" has ${value.length} characters, need ${least} to ${most}.`);
}

function resolve(world: World, option: Declared, id: string, into: Resolved): void {
  const member = world.members.get(id);
  const role = world.roles.get(id);
  const channel = world.channels.get(id);
  if ((option.type === 6 || option.type === 9) && member) {
    into.users[id] = wireUser(world, id);
    into.members[id] = { ...wireMemberPart(member), permissions: '0' };
  } else if ((option.type === 8 || option.type === 9) && role) into.roles[id] = role;
  else if (option.type === 7 && channel) into.channels[id] = { ...wireChannel(world, channel), permissions: '0' };
  else throw refuse(`"${option.name}" names nobody and nothing of this server.`);
}

function leaf(world: World, option: Declared, given: SlashOption, focused: string | undefined, into: Resolved): object {
  const isFocused = focused === option.name;
  if (isFocused) return { name: option.name, type: option.type, value: String(given.value ?? ''), focused: true };
  const value = typed(option, given.value ?? '');
  if (option.choices?.length) {
    const choice = option.choices.find((one) => one.value === value || one.name === value);
    if (!choice) throw refuse(`"${option.name}" has no choice "${String(value).slice(0, 100)}".`);
    return { name: option.name, type: option.type, value: choice.value };
  }
  if (option.type === 3) checkText(option, String(value));
  if (option.type >= 6 && option.type <= 9) resolve(world, option, String(value), into);
  return { name: option.name, type: option.type, value };
}

function level(
  world: World,
  declared: readonly Declared[],
  given: readonly SlashOption[],
  focused: string | undefined,
  into: Resolved,
): object[] {
  const isTree = declared.some((one) => one.type <= 2);
  if (isTree) {
    const [first] = given;
    const branch = declared.find((one) => one.name === first?.name);
    if (!first || !branch) throw refuse(`Choose one of: ${declared.map((one) => one.name).join(', ')}.`);
    return [
      {
        name: branch.name,
        type: branch.type,
        options: level(world, branch.options ?? [], first.options ?? [], focused, into),
      },
    ];
  }
  const options = given
    .filter((one) => one.value !== undefined && (one.value !== '' || one.name === focused))
    .map((one) => {
      const option = declared.find((each) => each.name === one.name);
      if (!option) throw refuse(`There is no option "${one.name}".`);
      return leaf(world, option, one, focused, into);
    });
  const missing = declared.filter(
    (one) =>
      one.required && !given.some((each) => each.name === one.name && each.value !== undefined && each.value !== ''),
  );
  if (missing.length > 0 && focused === undefined)
    throw refuse(`Required and missing: ${missing.map((one) => one.name).join(', ')}.`);
  return options;
}

/** "plan build": the command with its group and subcommand, as the head of a reply names it. */
export function fullName(command: APIApplicationCommand, given: readonly SlashOption[]): string {
  const names = [command.name];
  let declared = (command.options ?? []) as readonly Declared[];
  let typed = given;
  for (;;) {
    const [first] = typed;
    const branch = declared.find((one) => one.type <= 2 && one.name === first?.name);
    if (!branch) return names.join(' ');
    names.push(branch.name);
    declared = branch.options ?? [];
    typed = first?.options ?? [];
  }
}

/** What Discord puts into `data` for a typed command; `focused` marks the option that is being typed. */
export function slashData(
  world: World,
  command: APIApplicationCommand,
  given: readonly SlashOption[],
  focused?: string,
): object {
  const into: Resolved = { users: {}, members: {}, roles: {}, channels: {} };
  const options = level(world, (command.options ?? []) as readonly Declared[], given, focused, into);
  const resolved = Object.fromEntries(Object.entries(into).filter(([, found]) => Object.keys(found).length > 0));
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guild_id && { guild_id: command.guild_id }),
    ...(options.length > 0 && { options }),
    ...(Object.keys(resolved).length > 0 && { resolved }),
  };
}
