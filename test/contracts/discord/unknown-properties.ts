import type { Problem } from './problem.ts';
import type { Schema } from './spec.ts';

type Resolve = (ref: string) => Schema;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown): Schema[] => (Array.isArray(value) ? (value as Schema[]) : []);

// `if` of a union only asks for the kind; what may be there stands in `then` and `else`
const branchesOf = (schema: Schema): Schema[] => [
  ...[schema.oneOf, schema.anyOf, schema.allOf].flatMap(list),
  ...[schema.then, schema.else].flatMap((one) => (isObject(one) ? [one as Schema] : [])),
];

// every object schema that may describe this value; where a `type` number tells them apart, only the one that fits
function candidates(schema: Schema, value: Record<string, unknown>, resolve: Resolve): Schema[] {
  if (typeof schema.$ref === 'string') return candidates(resolve(schema.$ref), value, resolve);
  const branches = branchesOf(schema).flatMap((one) => candidates(one, value, resolve));
  if (!schema.properties) return schema.additionalProperties ? [...branches, schema] : branches;
  const type = (schema.properties as Record<string, Schema>).type?.enum;
  if (Array.isArray(type) && value.type !== undefined && !type.includes(value.type)) return branches;
  return [...branches, schema];
}

function itemsOf(schema: Schema, resolve: Resolve): Schema[] {
  if (typeof schema.$ref === 'string') return itemsOf(resolve(schema.$ref), resolve);
  const own = isObject(schema.items) ? [schema.items as Schema] : [];
  return [...own, ...branchesOf(schema).flatMap((one) => itemsOf(one, resolve))];
}

/** Names that no schema knows: Discord ignores them without a word, so a misspelt one is lost. */
export function unknownProperties(schema: Schema, value: unknown, resolve: Resolve, where = ''): Problem[] {
  if (Array.isArray(value)) {
    const items = { anyOf: itemsOf(schema, resolve) };
    return value.flatMap((one, at) => unknownProperties(items, one, resolve, `${where}/${at}`));
  }
  if (!isObject(value)) return [];
  const known = candidates(schema, value, resolve);
  if (known.length === 0 || known.some((one) => one.additionalProperties)) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const inner = known.flatMap((each) => {
      const property = (each.properties as Record<string, Schema>)[key];
      return property ? [property] : [];
    });
    // discord.js spells out `tts: false` everywhere; nothing is lost with a no
    if (inner.length === 0 && (one === false || one === null)) return [];
    if (inner.length === 0) return [{ where: `${where}/${key}`, message: 'is a name that Discord does not know' }];
    return unknownProperties({ anyOf: inner }, one, resolve, `${where}/${key}`);
  });
}
