import { AppError } from '../../kit/errors.ts';
import { COMPONENT } from './bits.ts';
import { findByCustomId, type Node } from './component-walk.ts';
import { wireChannel, wireMemberPart, wireUser } from './wire-guild.ts';
import type { StoredMessage, World } from './world.ts';

const refuse = (text: string): AppError => new AppError('invalid_input', text);

function living(stored: StoredMessage, customId: string): Node {
  const node = findByCustomId(stored.message.components ?? [], customId);
  if (!node) throw new AppError('not_found', 'That control is no longer on the message.');
  if (node.disabled) throw refuse('That control is switched off.');
  return node;
}

/** What Discord puts into `data` when a button is pressed. */
export function pressData(stored: StoredMessage, customId: string): object {
  const node = living(stored, customId);
  if (node.type !== COMPONENT.button) throw refuse('That control is no button.');
  return { custom_id: customId, component_type: node.type, id: node.id };
}

function resolveAll(world: World, kind: number, values: readonly string[]): object {
  const users: Record<string, object> = {};
  const members: Record<string, object> = {};
  const roles: Record<string, object> = {};
  const channels: Record<string, object> = {};
  for (const id of values) {
    const member =
      kind === COMPONENT.userSelect || kind === COMPONENT.mentionableSelect ? world.members.get(id) : undefined;
    const role =
      kind === COMPONENT.roleSelect || kind === COMPONENT.mentionableSelect ? world.roles.get(id) : undefined;
    const channel = kind === COMPONENT.channelSelect ? world.channels.get(id) : undefined;
    if (member) {
      users[id] = wireUser(world, id);
      members[id] = { ...wireMemberPart(member), permissions: '0' };
    } else if (role) roles[id] = role;
    else if (channel) channels[id] = { ...wireChannel(world, channel), permissions: '0' };
    else throw refuse('The choice names nobody and nothing of this server.');
  }
  const found = { users, members, roles, channels };
  return Object.fromEntries(Object.entries(found).filter(([, one]) => Object.keys(one).length > 0));
}

/** What Discord puts into `data` when a choice is made. */
export function selectData(world: World, stored: StoredMessage, customId: string, values: readonly string[]): object {
  const node = living(stored, customId);
  if (node.type === COMPONENT.button) throw refuse('That control is a button, nothing can be chosen on it.');
  const least = Number(node.min_values ?? 1);
  const most = Number(node.max_values ?? 1);
  if (values.length < least || values.length > most)
    throw refuse(`${values.length} chosen, need ${least === most ? least : `${least} to ${most}`}.`);
  const base = { custom_id: customId, component_type: node.type, id: node.id, values };
  if (node.type !== COMPONENT.stringSelect) return { ...base, resolved: resolveAll(world, node.type, values) };
  const options = (node.options ?? []) as readonly { value: string }[];
  if (values.some((value) => !options.some((option) => option.value === value)))
    throw refuse('That choice is not on the list.');
  return base;
}
