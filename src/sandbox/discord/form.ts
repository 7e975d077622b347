import { z } from 'zod';
import { ApiError, addFormError, type FormErrors } from './api-error.ts';

type Issue = z.core.$ZodIssue;

const lengthKinds = new Set(['string', 'array', 'map', 'set']);

function wording(issue: Issue): { code: string; message: string } {
  const params = 'params' in issue ? (issue.params as { code?: string } | undefined) : undefined;
  if (params?.code) return { code: params.code, message: issue.message };
  switch (issue.code) {
    case 'too_big':
      return lengthKinds.has(issue.origin)
        ? { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` }
        : { code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${issue.maximum}.` };
    case 'too_small':
      return lengthKinds.has(issue.origin)
        ? { code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${issue.minimum} or more in length.` }
        : { code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${issue.minimum}.` };
    case 'invalid_type':
      if (issue.message.endsWith('received undefined'))
        return { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };
      return {
        code: `${issue.expected.toUpperCase()}_TYPE_CONVERT`,
        message: `Could not read a ${issue.expected} here.`,
      };
    case 'invalid_union':
      return { code: 'UNION_TYPE_CHOICES', message: 'Value of field "type" is not one of the kinds allowed here.' };
    case 'invalid_value':
      return { code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.join(', ')}}.` };
    case 'invalid_format':
      return issue.format === 'regex'
        ? { code: 'STRING_TYPE_REGEX', message: 'String value did not match validation regex.' }
        : { code: 'URL_TYPE_INVALID_URL', message: 'Not a well formed URL.' };
    default:
      return { code: 'BASE_TYPE_BAD', message: issue.message };
  }
}

/** A field problem with a code of Discord's own, for zod's `superRefine`. */
export function complain(ctx: z.core.$RefinementCtx, path: PropertyKey[], code: string, message: string): void {
  ctx.issues.push({ code: 'custom', path, message, params: { code }, input: ctx.value });
}

/** Reads a request body by its schema; a mismatch is thrown as 50035 with Discord's `errors` tree. */
export function readForm<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const tree: FormErrors = {};
  for (const issue of parsed.error.issues) {
    const { code, message } = wording(issue);
    addFormError(tree, issue.path, code, message);
  }
  throw new ApiError(50035, tree);
}

/** An id on the wire. */
export const snowflake = z.string().regex(/^\d{1,20}$/);

/** Permission bits: a decimal string, or a number as older clients send. */
export const bits = z.union([z.string().regex(/^\d+$/), z.int().min(0)]).transform((value) => BigInt(value));
