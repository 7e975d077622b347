import { z } from 'zod';
import type { CommandDefinition } from '../command.ts';

/** One member of a command's input as Discord can ask for it. */
export interface InputField {
  readonly key: string;
  /** Discord's spelling: lower case, words joined by hyphens. */
  readonly option: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly description: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

type RawValue = string | number | boolean;

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const known = new WeakMap<object, readonly InputField[]>();

/** A command's input fields, required ones first as Discord wants them. */
export function inputFields(command: Pick<CommandDefinition, 'input'>): readonly InputField[] {
  const held = known.get(command.input);
  if (held) return held;
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([key, property]) =>
    fieldOf(key, property as Property, required.has(key)),
  );
  const sorted = fields.sort((a, b) => Number(b.required) - Number(a.required));
  known.set(command.input, sorted);
  return sorted;
}

/** The text of a form or a select in the type that the field asks for; text that does not fit stays for zod to refuse. */
export function coerced(field: InputField | undefined, text: string): RawValue {
  const trimmed = text.trim();
  if (field?.type === 'number' || field?.type === 'integer') {
    const number = Number(trimmed.replace(/[$,%\s]/g, ''));
    return trimmed === '' || Number.isNaN(number) ? trimmed : number;
  }
  if (field?.type === 'boolean' && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  return trimmed;
}

function fieldOf(key: string, property: Property, required: boolean): InputField {
  const type =
    property.type === 'number' || property.type === 'integer' || property.type === 'boolean' ? property.type : 'string';
  const choices = property.enum?.filter((value) => typeof value === 'string');
  const { minimum, maximum, minLength, maxLength } = property;
  return {
    key,
    option: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    type,
    description: property.description ?? key,
    required,
    ...(choices && choices.length > 0 ? { choices } : {}),
    ...(minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? {} : { maximum }),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}
