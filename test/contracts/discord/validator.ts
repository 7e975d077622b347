import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { extraProblems } from './extra-limits.ts';
import type { Problem } from './problem.ts';
import { readSpec, type Schema } from './spec.ts';
import { unknownProperties } from './unknown-properties.ts';

/** Both directions of one API. */
export interface DiscordValidator {
  /** What Discord would refuse or drop of this request; `path` with or without `/api/v10`. */
  request(method: string, path: string, body: unknown): Problem[];
  /** Where an answer differs from what Discord describes. */
  response(method: string, path: string, status: number, body: unknown): Problem[];
}

const MOST_PROBLEMS = 8;
const BIT_SETS = new Set(['allow', 'deny', 'permissions', 'default_member_permissions']);

// what discord.js sends of its own accord where Discord knows no such name
const SURPLUS: Readonly<Record<string, readonly string[]>> = {
  'POST /channels/{channel_id}/messages/{message_id}/threads': ['/type'],
  'PUT /channels/{channel_id}/permissions/{overwrite_id}': ['/id'],
  'PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}': ['/username', '/avatar_url'],
};

// the file says integer where every client sends, and Discord takes, a decimal string
function bitSetsAsNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bitSetsAsNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      BIT_SETS.has(key) && typeof one === 'string' && /^\d+$/.test(one) ? Number(one) : bitSetsAsNumbers(one),
    ]),
  );
}

// "must be null" and "must match one" say nothing beside what the chosen kind itself complains of
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  const own = errors.filter((one) => !['oneOf', 'anyOf', 'if'].includes(one.keyword) && one.params.type !== 'null');
  return (own.length > 0 ? own : [...errors]).sort((a, b) => b.instancePath.length - a.instancePath.length);
}

/** Judges payloads by Discord's OpenAPI file and by the limits that the file leaves out. */
export function createDiscordValidator(): DiscordValidator {
  const spec = readSpec();
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat('uri', /^[a-z][a-z0-9+.-]*:\S+$/i);
  ajv.addFormat('snowflake', /^\d{1,20}$/);
  ajv.addSchema(spec.components);
  const compiled = new Map<string, ValidateFunction>();

  const check = (key: string, schema: Schema, body: unknown): Problem[] => {
    const validate = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, validate);
    if (validate(body)) return [];
    const problems = telling(validate.errors ?? []);
    return problems
      .slice(0, MOST_PROBLEMS)
      .map((one) => ({ where: one.instancePath, message: one.message ?? one.keyword }));
  };
  return {
    request(method, path, body) {
      const operation = spec.operation(method, path);
      if (!operation) return [{ where: '', message: `${method} ${path} is no route of Discord's` }];
      if (!operation.request || body === undefined) return [];
      const value = bitSetsAsNumbers(body);
      return [
        ...check(`> ${operation.name}`, operation.request, value),
        ...unknownProperties(operation.request, value, spec.resolve).filter(
          ({ where }) => !SURPLUS[operation.name]?.includes(where),
        ),
        ...extraProblems(operation.name, body),
      ];
    },
    response(method, path, status, body) {
      const operation = spec.operation(method, path);
      if (!operation) return [{ where: '', message: `${method} ${path} is no route of Discord's` }];
      if (status === 204) return body === undefined ? [] : [{ where: '', message: 'has a body, 204 has none' }];
      const schema = operation.responses[String(status)] ?? operation.responses[`${String(status)[0]}XX`];
      if (!schema) return status < 400 ? [{ where: '', message: `${operation.name} never answers ${status}` }] : [];
      return check(`< ${operation.name} ${status}`, schema, body);
    },
  };
}
