import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import type { CardAction } from '../cards/card.ts';
import { truncate } from '../cards/text.ts';
import type { CommandDefinition, Ctx } from '../command.ts';
import { encodePress, type Press } from './custom-id.ts';
import { coerced, inputFields } from './input-fields.ts';
import { LIMIT } from './limits.ts';

type Input = Record<string, string | number | boolean>;

/** True when the command asks by a form and `input` does not answer it yet. */
export function needsForm(command: CommandDefinition, input: Readonly<Input>): boolean {
  const { form } = command;
  if (!form || (form.unless !== undefined && input[form.unless] !== undefined)) return false;
  return form.fields.some(({ key }) => input[key] === undefined);
}

/** The command's form with its current values; when those take longer than `deadlineMs` or fail, the fields are empty. */
export async function formOf(
  command: CommandDefinition,
  ctx: Ctx,
  given: Readonly<Input>,
  deadlineMs: number,
): Promise<APIModalInteractionResponseCallbackData | undefined> {
  const { form } = command;
  const action: CardAction = { command: command.name, input: given };
  const id = encodePress({ mode: 'form', action });
  if (!form || id === undefined) return undefined;
  const held: Partial<Record<string, string>> = await within(deadlineMs, form.prefill(ctx, given), {});
  const fields = new Map(inputFields(command).map((field) => [field.key, field]));
  return {
    custom_id: id,
    title: truncate(form.title, LIMIT.modalTitle),
    components: form.fields.slice(0, LIMIT.modalFields).map(({ key, label, placeholder, long }) => {
      const value = truncate(String(given[key] ?? held[key] ?? ''), LIMIT.inputValue);
      const field = fields.get(key);
      return {
        type: ComponentType.Label,
        label: truncate(label, LIMIT.fieldLabel),
        component: {
          type: ComponentType.TextInput,
          custom_id: key,
          style: long ? TextInputStyle.Paragraph : TextInputStyle.Short,
          placeholder: truncate(placeholder, LIMIT.fieldPlaceholder),
          // the form only came because what may stand instead was not given
          required: field?.required === true || form.unless !== undefined,
          // Discord keeps what was typed where our refusal would lose it
          ...(field?.maxLength === undefined ? {} : { max_length: Math.min(field.maxLength, LIMIT.inputValue) }),
          ...(value === '' ? {} : { value }),
        },
      };
    }),
  };
}

/** What a sent form says, in the types that the command's input asks for; empty fields are left out. */
export function submitted(
  interaction: Pick<ModalSubmitInteraction, 'fields'>,
  command: CommandDefinition,
  press: Press,
): Input {
  const input: Input = { ...press.action.input };
  const fields = new Map(inputFields(command).map((field) => [field.key, field]));
  for (const { key } of command.form?.fields ?? []) {
    const text = interaction.fields.getTextInputValue(key).trim();
    if (text === '') delete input[key];
    else input[key] = coerced(fields.get(key), text);
  }
  return input;
}

/** The value, or `otherwise` when it fails or takes too long. */
export async function within<T>(deadlineMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(() => late.resolve(otherwise), deadlineMs);
  try {
    return await Promise.race([work.catch(() => otherwise), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
