import { z } from 'zod';
import { COMPONENT } from './bits.ts';
import { snowflake } from './form.ts';

const id = z.int().min(0).nullish();
const customId = z.string().min(1).max(100);
const emoji = z.object({ id: snowflake.nullish(), name: z.string().nullish(), animated: z.boolean().nullish() });
const media = z.object({ url: z.string().regex(/^(https?|attachment):\/\/\S+$/) });
const describe = z.string().max(1024).nullish();
const spoiler = z.boolean().nullish();

const issue = (code: string, message: string, path: PropertyKey[] = []) =>
  ({ code: 'custom', message, path, params: { code } }) as const;

const button = z
  .object({
    type: z.literal(COMPONENT.button),
    id,
    style: z.int().min(1).max(6),
    label: z.string().max(80).nullish(),
    emoji: emoji.nullish(),
    custom_id: customId.nullish(),
    url: z.url().max(512).nullish(),
    sku_id: snowflake.nullish(),
    disabled: z.boolean().nullish(),
  })
  .superRefine((one, ctx) => {
    if (one.style <= 4 && !one.custom_id)
      ctx.addIssue(issue('BASE_TYPE_REQUIRED', 'This field is required', ['custom_id']));
    if (one.style === 5 && !one.url) ctx.addIssue(issue('BASE_TYPE_REQUIRED', 'This field is required', ['url']));
    if (one.url && one.custom_id)
      ctx.addIssue(
        issue('BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', 'A custom id and url cannot both be specified'),
      );
    if (one.style !== 6 && !one.label && !one.emoji)
      ctx.addIssue(issue('BUTTON_COMPONENT_INVALID_LABEL', 'A label or emoji must be specified', ['label']));
  });

const selectBase = {
  id,
  custom_id: customId,
  placeholder: z.string().max(150).nullish(),
  min_values: z.int().min(0).max(25).nullish(),
  max_values: z.int().min(1).max(25).nullish(),
  disabled: z.boolean().nullish(),
  required: z.boolean().nullish(),
};

const stringSelect = z
  .object({
    type: z.literal(COMPONENT.stringSelect),
    ...selectBase,
    options: z
      .array(
        z.object({
          label: z.string().min(1).max(100),
          value: z.string().min(1).max(100),
          description: z.string().max(100).nullish(),
          emoji: emoji.nullish(),
          default: z.boolean().nullish(),
        }),
      )
      .min(1)
      .max(25),
  })
  .superRefine((one, ctx) => {
    const seen = new Set<string>();
    one.options.forEach((option, at) => {
      if (seen.has(option.value))
        ctx.addIssue(
          issue('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used', [
            'options',
            at,
            'value',
          ]),
        );
      seen.add(option.value);
    });
  });

const entitySelect = z.object({
  type: z.literal([COMPONENT.userSelect, COMPONENT.roleSelect, COMPONENT.mentionableSelect, COMPONENT.channelSelect]),
  ...selectBase,
  channel_types: z.array(z.int()).nullish(),
  default_values: z.array(z.object({ id: snowflake, type: z.string() })).nullish(),
});

const actionRow = z
  .object({
    type: z.literal(COMPONENT.row),
    id,
    components: z
      .array(z.discriminatedUnion('type', [button, stringSelect, entitySelect]))
      .min(1)
      .max(5),
  })
  .superRefine((row, ctx) => {
    const selects = row.components.filter((one) => one.type !== COMPONENT.button).length;
    if (selects > 0 && row.components.length > 1)
      ctx.addIssue(
        issue('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width', ['components']),
      );
  });

const text = z.object({ type: z.literal(COMPONENT.text), id, content: z.string().min(1).max(4000) });
const thumbnail = z.object({ type: z.literal(COMPONENT.thumbnail), id, media, description: describe, spoiler });
const section = z.object({
  type: z.literal(COMPONENT.section),
  id,
  components: z.array(text).min(1).max(3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
});
const gallery = z.object({
  type: z.literal(COMPONENT.gallery),
  id,
  items: z
    .array(z.object({ media, description: describe, spoiler }))
    .min(1)
    .max(10),
});
const file = z.object({ type: z.literal(COMPONENT.file), id, file: media, spoiler });
const separator = z.object({
  type: z.literal(COMPONENT.separator),
  id,
  divider: z.boolean().nullish(),
  spacing: z.int().min(1).max(2).nullish(),
});
const container = z.object({
  type: z.literal(COMPONENT.container),
  id,
  accent_color: z.int().min(0).max(0xffffff).nullish(),
  spoiler,
  components: z.array(z.discriminatedUnion('type', [actionRow, text, section, gallery, file, separator])).min(1),
});

/** Messages without the v2 flag: up to five action rows. */
export const plainComponents = z.array(z.discriminatedUnion('type', [actionRow])).max(5);

/** Messages with the v2 flag. */
export const v2Components = z.array(
  z.discriminatedUnion('type', [actionRow, section, text, gallery, file, separator, container]),
);

const textInput = z.object({
  type: z.literal(COMPONENT.textInput),
  id,
  custom_id: customId,
  style: z.int().min(1).max(2),
  label: z.string().min(1).max(45).nullish(),
  min_length: z.int().min(0).max(4000).nullish(),
  max_length: z.int().min(1).max(4000).nullish(),
  required: z.boolean().nullish(),
  value: z.string().max(4000).nullish(),
  placeholder: z.string().max(100).nullish(),
});
const inputRow = z.object({ type: z.literal(COMPONENT.row), id, components: z.array(textInput).length(1) });
const label = z.object({
  type: z.literal(COMPONENT.label),
  id,
  label: z.string().min(1).max(45),
  description: z.string().max(100).nullish(),
  component: z.discriminatedUnion('type', [textInput, stringSelect, entitySelect]),
});

/** What a modal opens with. */
export const modal = z.object({
  custom_id: customId,
  title: z.string().min(1).max(45),
  components: z
    .array(z.discriminatedUnion('type', [inputRow, label, text]))
    .min(1)
    .max(5),
});
