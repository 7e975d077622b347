import { z } from 'zod';
import { MESSAGE_FLAG } from './bits.ts';
import { countComponents, customIds, textLength } from './component-walk.ts';
import { complain, snowflake } from './form.ts';
import { plainComponents, v2Components } from './wire-component.ts';
import { embeds } from './wire-embed.ts';

const LEGACY = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2';

const allowedMentions = z
  .object({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
    users: z.array(snowflake).max(100).nullish(),
    roles: z.array(snowflake).max(100).nullish(),
    replied_user: z.boolean().nullish(),
  })
  .superRefine((value, ctx) => {
    for (const kind of ['users', 'roles'] as const)
      if (value.parse?.includes(kind) && value[kind]?.length)
        complain(
          ctx,
          [],
          'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        );
  });

const attachment = z.object({
  id: z.union([z.string(), z.int()]).transform(String),
  filename: z.string().max(1024).nullish(),
  description: z.string().max(1024).nullish(),
});

const fields = {
  content: z.string().max(2000).nullish(),
  embeds: embeds.nullish(),
  allowed_mentions: allowedMentions.nullish(),
  attachments: z.array(attachment).max(10).nullish(),
  flags: z.int().min(0).nullish(),
};

const create = {
  ...fields,
  tts: z.boolean().nullish(),
  nonce: z.union([z.string().max(25), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .object({
      type: z.int().min(0).max(1).nullish(),
      message_id: snowflake.nullish(),
      channel_id: snowflake.nullish(),
      guild_id: snowflake.nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
  sticker_ids: z.array(snowflake).max(3).nullish(),
};

type Parts = { components?: readonly unknown[] | null | undefined } & Record<string, unknown>;

function checkComponents(body: Parts, ctx: z.core.$RefinementCtx, v2: boolean): void {
  const list = body.components ?? [];
  const seen = new Set<string>();
  for (const { id, path } of customIds(list)) {
    if (seen.has(id))
      complain(
        ctx,
        ['components', ...path, 'custom_id'],
        'COMPONENT_CUSTOM_ID_DUPLICATED',
        'Component custom id cannot be duplicated',
      );
    seen.add(id);
  }
  if (!v2) return;
  if (countComponents(list) > 40)
    complain(
      ctx,
      ['components'],
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      'The maximum number of components in a message is 40',
    );
  if (textLength(list) > 4000)
    complain(
      ctx,
      ['components'],
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      'The total displayable text size is larger than 4000',
    );
}

const plain = (shape: z.ZodRawShape) =>
  z
    .object({ ...shape, components: plainComponents.nullish() })
    .superRefine((body, ctx) => checkComponents(body, ctx, false));

const v2 = (shape: z.ZodRawShape) =>
  z.object({ ...shape, components: v2Components.nullish() }).superRefine((body, ctx) => {
    for (const field of ['content', 'embeds', 'sticker_ids', 'poll']) {
      const value = (body as Record<string, unknown>)[field];
      if (value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
        complain(ctx, [field], LEGACY, `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`);
    }
    checkComponents(body, ctx, true);
  });

const createFields = z.object(create);
const editFields = z.object(fields);

/** A message as a request may spell it, every limit already held. */
export type MessageForm = Partial<z.infer<typeof createFields>> & {
  components?: z.infer<typeof v2Components> | null | undefined;
};
/** The same for an edit: `undefined` leaves a part alone, `null` clears it. */
export type EditForm = Partial<z.infer<typeof editFields>> & {
  components?: z.infer<typeof v2Components> | null | undefined;
};

const plainCreate = plain({ ...create });
const v2Create = v2({ ...create, poll: z.unknown().optional() });
const plainEdit = plain({ ...fields });
const v2Edit = v2({ ...fields, poll: z.unknown().optional() });

/** The schema for a new message; the v2 flag decides which components and parts are allowed. */
export function createSchema(flags: unknown): z.ZodType<MessageForm> {
  const isV2 = typeof flags === 'number' && (flags & MESSAGE_FLAG.componentsV2) !== 0;
  return (isV2 ? v2Create : plainCreate) as unknown as z.ZodType<MessageForm>;
}

/** The schema for an edit of a message that has, or by this edit gets, the v2 flag. */
export function editSchema(isV2: boolean): z.ZodType<EditForm> {
  return (isV2 ? v2Edit : plainEdit) as unknown as z.ZodType<EditForm>;
}
