import { z } from 'zod';
import type { CommandDefinition } from '../command.ts';

/** A function that the model may call, in the strict dialect: every key required, what may be missing is null. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly command: CommandDefinition;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly [key: string]: unknown;
}

/** The reading commands that have a name for the model; throws for an input that is not flat. */
export function toolsOf(commands: readonly CommandDefinition[]): Tool[] {
  return commands.flatMap((command) =>
    command.effect === 'read' && command.tool !== undefined ? [toolOf(command, command.tool)] : [],
  );
}

function toolOf(command: CommandDefinition, name: string): Tool {
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const required = new Set(schema.required ?? []);
  const properties = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const optional = !required.has(key) || property.default !== undefined;
    return [key, strictProperty(command, key, property, optional)] as const;
  });
  return {
    name,
    description: `${command.summary}. ${command.guidance}`,
    parameters: {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: properties.map(([key]) => key),
      additionalProperties: false,
    },
    command,
  };
}

const KEPT = ['description', 'minimum', 'maximum', 'pattern'] as const;

function strictProperty(command: CommandDefinition, key: string, property: JsonSchema, optional: boolean): object {
  const type = property.type ?? typeOfCoerced(command, key);
  if (typeof type !== 'string' || type === 'object' || type === 'array') {
    throw new TypeError(`${command.name}: the model takes only flat inputs, and "${key}" is not`);
  }
  const choices = property.enum ?? (property.const === undefined ? undefined : [property.const]);
  return {
    type: optional ? [type, 'null'] : type,
    ...Object.fromEntries(KEPT.flatMap((word) => (property[word] === undefined ? [] : [[word, property[word]]]))),
    ...(choices === undefined ? {} : { enum: optional ? [...choices, null] : [...choices] }),
  };
}

/** A coerced input has no type of its own in the schema of what it takes; the schema of what it gives has. */
function typeOfCoerced(command: CommandDefinition, key: string): string | undefined {
  const given = z.toJSONSchema(command.input, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const type = given.properties?.[key]?.type;
  return typeof type === 'string' ? type : undefined;
}

type Arguments =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string };

const LONGEST_ARGUMENTS = 2_000;

/** The input that a call means: null is absent; foreign keys are refused, since they may name somebody else. */
export function argumentsOf(tool: Pick<Tool, 'name' | 'parameters'>, json: string): Arguments {
  if (json.length > LONGEST_ARGUMENTS) return refused(`found ${json.length} characters of arguments, fewer are needed`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json === '' ? '{}' : json);
  } catch {
    return refused('the arguments are no JSON; send one JSON object');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refused('the arguments are no object; send one JSON object');
  }
  const taken = Object.keys((tool.parameters.properties ?? {}) as object);
  const foreign = Object.keys(parsed).filter((key) => !taken.includes(key));
  if (foreign.length > 0) {
    const known = taken.length === 0 ? 'nothing' : taken.join(', ');
    return refused(`${tool.name} takes ${known}; found "${foreign[0]?.slice(0, 40)}"`);
  }
  const present = Object.entries(parsed).filter(([, value]) => value !== null && value !== undefined);
  return { ok: true, input: Object.fromEntries(present) };
}

const refused = (reason: string): Arguments => ({ ok: false, reason });
