import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import { AppError } from '../../kit/errors.ts';
import { formError } from './api-error.ts';
import { COMPONENT, INTERACTION } from './bits.ts';
import { customIds, type Node, walk } from './component-walk.ts';
import { readForm } from './form.ts';
import type { Interaction, Interactions } from './interactions.ts';
import { modal as modalSchema } from './wire-component.ts';
import type { World } from './world.ts';

interface OpenModal {
  readonly modal: APIModalInteractionResponseCallbackData;
  readonly from: Interaction;
}

/** Forms that are open on someone's page. */
export interface Modals {
  /** Opens the bot's modal on the asker's page. */
  show(interaction: Interaction, data: unknown): void;
  /** Sends the filled form to the bot. */
  submit(userId: string, modalId: string, values: Readonly<Record<string, string>>, nonce: string): Interaction;
}

const REMEMBERED = 200;

function answerOf(field: Node, value: string | undefined): object {
  const text = value ?? (typeof field.value === 'string' ? field.value : '');
  const id = typeof field.id === 'number' ? field.id : 1;
  if (field.type === COMPONENT.textInput) {
    const min = Number(field.min_length ?? 0);
    const max = Number(field.max_length ?? 4000);
    if (field.required !== false && text === '')
      throw new AppError('invalid_input', `"${field.custom_id}" is empty, this field is required.`);
    if (text !== '' && (text.length < min || text.length > max))
      throw new AppError('invalid_input', `"${field.custom_id}" has ${text.length} characters, need ${min} to ${max}.`);
    return { type: field.type, id, custom_id: field.custom_id, value: text };
  }
  const options = Array.isArray(field.options) ? (field.options as { value: string }[]) : [];
  const values = text === '' ? [] : options.some((one) => one.value === text) ? [text] : text.split(',');
  if (field.required !== false && values.length === 0)
    throw new AppError('invalid_input', `"${field.custom_id}" has no choice, this field is required.`);
  if (options.length > 0 && values.some((one) => !options.some((option) => option.value === one)))
    throw new AppError('invalid_input', `"${field.custom_id}" has a choice that this form does not offer.`);
  return { type: field.type, id, custom_id: field.custom_id, values };
}

function filled(node: Node, values: Readonly<Record<string, string>>): object {
  const read = (field: Node): object => answerOf(field, values[field.custom_id ?? '']);
  const id = typeof node.id === 'number' ? node.id : 1;
  if (node.type === COMPONENT.row) return { type: node.type, id, components: (node.components ?? []).map(read) };
  if (node.type === COMPONENT.label && node.component) return { type: node.type, id, component: read(node.component) };
  return { type: node.type, id };
}

function numbered(list: readonly unknown[]): Node[] {
  const copy = structuredClone(list) as Node[];
  let last = 0;
  for (const { node } of walk(copy)) {
    last += 1;
    node.id = typeof node.id === 'number' && node.id > 0 ? node.id : last;
  }
  return copy;
}

/** Modals that bots opened and people have not sent yet. */
export function createModals(world: World, interactions: Interactions): Modals {
  const open = new Map<string, OpenModal>();
  return {
    show(interaction, data) {
      const form = readForm(modalSchema, data ?? {});
      const ids = customIds(form.components).map((one) => one.id);
      if (new Set(ids).size < ids.length)
        throw formError(['components'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
      const modal = {
        ...form,
        components: numbered(form.components),
      } as unknown as APIModalInteractionResponseCallbackData;
      open.set(interaction.id, { modal, from: interaction });
      const oldest = open.keys().next().value;
      if (open.size > REMEMBERED && oldest) open.delete(oldest);
      world.tell({ type: 'modal', modalId: interaction.id, modal }, interaction.userId);
    },
    submit(userId, modalId, values, nonce) {
      const found = open.get(modalId);
      if (!found || found.from.userId !== userId)
        throw new AppError('not_found', 'This form is not open any more, need one that the bot has just shown.');
      const list = found.modal.components as unknown as Node[];
      const components = list.map((node) => filled(node, values));
      open.delete(modalId);
      const { from } = found;
      return interactions.open({
        kind: INTERACTION.modal,
        userId,
        channel: from.channel,
        nonce,
        data: { custom_id: found.modal.custom_id, components },
        trigger: from.metadata,
        ...(from.source && { source: from.source }),
      });
    },
  };
}
