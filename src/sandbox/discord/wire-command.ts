import { z } from 'zod';
import { complain } from './form.ts';

const LARGEST_COMMAND = 8000;

const slashName = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u)
  .refine((name) => name === name.toLowerCase(), {
    message: 'Command name is invalid',
    params: { code: 'APPLICATION_COMMAND_INVALID_NAME' },
  });
const anyName = z.string().min(1).max(32);
const words = z.record(z.string(), z.string().max(100)).nullish();

const choice = z.object({
  name: z.string().min(1).max(100),
  name_localizations: words,
  value: z.union([z.string().max(100), z.number()]),
});

const leaf = z
  .object({
    type: z.int().min(3).max(11),
    name: slashName,
    name_localizations: words,
    description: z.string().min(1).max(100),
    description_localizations: words,
    required: z.boolean().nullish(),
    autocomplete: z.boolean().nullish(),
    choices: z.array(choice).max(25).nullish(),
    min_value: z.number().nullish(),
    max_value: z.number().nullish(),
    min_length: z.int().min(0).max(6000).nullish(),
    max_length: z.int().min(1).max(6000).nullish(),
    channel_types: z.array(z.int()).nullish(),
  })
  .superRefine((option, ctx) => {
    if (option.autocomplete && option.choices?.length)
      complain(
        ctx,
        ['autocomplete'],
        'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES',
        'Autocomplete and choices exclude each other',
      );
  });

type Ordered = { name: string; required?: boolean | null | undefined };

function checkOptions(options: readonly Ordered[] | null | undefined, ctx: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  let sawOptional = false;
  for (const [at, option] of (options ?? []).entries()) {
    if (seen.has(option.name))
      complain(
        ctx,
        ['options', at],
        'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
        'Option name already exists in these options',
      );
    if (option.required && sawOptional)
      complain(
        ctx,
        ['options', at],
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    seen.add(option.name);
    sawOptional ||= !option.required;
  }
}

const branch = {
  name: slashName,
  name_localizations: words,
  description: z.string().min(1).max(100),
  description_localizations: words,
};
const sub = z
  .object({ type: z.literal(1), ...branch, options: z.array(leaf).max(25).nullish() })
  .superRefine((one, ctx) => checkOptions(one.options, ctx));
const group = z.object({ type: z.literal(2), ...branch, options: z.array(sub).min(1).max(25) });

const shared = {
  name_localizations: words,
  description_localizations: words,
  default_member_permissions: z.union([z.string().regex(/^\d+$/), z.number()]).nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: z.array(z.int().min(0).max(2)).min(1).nullish(),
  integration_types: z.array(z.int().min(0).max(1)).min(1).nullish(),
  nsfw: z.boolean().nullish(),
};

function weight(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = ['name', 'description', 'value'].reduce((sum, key) => {
    const text = (value as Record<string, unknown>)[key];
    return sum + (typeof text === 'string' ? text.length : 0);
  }, 0);
  return (
    own +
    ['options', 'choices']
      .flatMap((key) => (value as Record<string, unknown[]>)[key] ?? [])
      .reduce<number>((sum, one) => sum + weight(one), 0)
  );
}

const slash = z
  .object({
    type: z.literal(1).default(1),
    name: slashName,
    description: z.string().min(1).max(100),
    options: z
      .array(z.union([leaf, sub, group]))
      .max(25)
      .nullish(),
    ...shared,
  })
  .superRefine((one, ctx) => {
    checkOptions(one.options as Ordered[] | null | undefined, ctx);
    if (weight(one) > LARGEST_COMMAND)
      complain(ctx, [], 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${LARGEST_COMMAND})`);
  });

const menu = z.object({ type: z.literal([2, 3]), name: anyName, description: z.literal('').nullish(), ...shared });

/** One command as a registration may spell it. */
export const command = z.union([slash, menu]);

/** A whole registration: at most 100 slash, 15 user and 15 message commands, each name once per kind. */
export const commandList = z.array(command).superRefine((list, ctx) => {
  const most: Record<number, number> = { 1: 100, 2: 15, 3: 15 };
  const seen = new Set<string>();
  const count: Record<number, number> = {};
  for (const [at, one] of list.entries()) {
    const key = `${one.type} ${one.name}`;
    if (seen.has(key))
      complain(ctx, [at], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
    seen.add(key);
    count[one.type] = (count[one.type] ?? 0) + 1;
    if (count[one.type] === (most[one.type] ?? 0) + 1)
      complain(
        ctx,
        [at],
        'APPLICATION_COMMANDS_MAX_EXCEEDED',
        `Maximum number of application commands reached (${most[one.type]})`,
      );
  }
});

/** A command as it was read. */
export type CommandForm = z.infer<typeof command>;
