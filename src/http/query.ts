import { z } from 'zod';
import type { CommandDefinition } from '../command.ts';
import { AppError } from '../kit/errors.ts';

export interface Parameter {
  readonly name: string;
  /** JSON Schema's word: `string`, `number`, `integer`, `boolean`. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly anyOf?: readonly PropertySchema[];
}

/** What may stand in the query string of this command's route, taken from its input schema. */
export function parametersOf(command: Pick<CommandDefinition, 'input'>): readonly Parameter[] {
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { type, description = '', anyOf = [] } = property as PropertySchema;
    const types = [type, ...anyOf.map((option) => option.type)].flat();
    const filled = types.find((one) => one !== undefined && one !== 'null');
    return { name, type: filled ?? 'string', required: required.has(name), description };
  });
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** A command's raw input from a query string: texts become the numbers and flags that the schema asks for; throws invalid_input. */
export function rawInput(parameters: readonly Parameter[], query: Readonly<Record<string, unknown>>): object {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return Object.fromEntries(
    given.map(([name, value]) => {
      const parameter = parameters.find((known) => known.name === name);
      if (!parameter) {
        const known = parameters.map((one) => one.name).join(', ') || 'none';
        throw new AppError('invalid_input', `Found a parameter that this route does not know. It knows: ${known}.`);
      }
      if (typeof value !== 'string') {
        throw new AppError('invalid_input', `${name} was given more than once. Give it once.`);
      }
      return [name, typed(parameter, value)];
    }),
  );
}

function typed({ name, type }: Parameter, text: string): unknown {
  if (type === 'boolean') {
    if (!Object.hasOwn(BOOLEANS, text)) throw new AppError('invalid_input', `${name} must be true or false.`);
    return BOOLEANS[text];
  }
  if (type !== 'number' && type !== 'integer') return text;
  const number = /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new AppError('invalid_input', `${name} must be a number, such as 25 or 0.5.`);
  return number;
}
