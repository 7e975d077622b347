import { readFileSync } from 'node:fs';

/** A JSON schema, of which only the keywords in use are looked at. */
export type Schema = { readonly [key: string]: unknown };

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
  /** `POST /channels/{channel_id}/messages`. */
  readonly name: string;
  readonly request: Schema | undefined;
  readonly responses: Readonly<Record<string, Schema | undefined>>;
}

/** The file, ready to be asked. */
export interface Spec {
  /** Registered once; every `$ref` of an operation points into it. */
  readonly components: Schema;
  resolve(ref: string): Schema;
  /** The operation that answers a path, the literal one before the templated one. */
  operation(method: string, path: string): Operation | undefined;
}

const FILE = new URL('../../../fixtures/specs/discord-openapi.json', import.meta.url);

const jsonSchema = (part: Content | undefined): Schema | undefined => part?.content?.['application/json']?.schema;

interface Union {
  oneOf?: Schema[];
  anyOf?: Schema[];
}

const isNull = (schema: Schema): boolean => schema.type === 'null';

// where every kind names itself by a `type` number, only that kind's complaints are of use
function nameKinds(node: unknown, resolve: (ref: string) => Schema): void {
  if (typeof node !== 'object' || node === null) return;
  for (const child of Object.values(node)) nameKinds(child, resolve);
  const union = node as Union;
  const branches = union.oneOf ?? union.anyOf;
  if (!Array.isArray(branches)) return;
  const kinds = branches.filter((one) => !isNull(one));
  const typed = kinds.map((one) => (typeof one.$ref === 'string' ? resolve(one.$ref) : one));
  const values = typed.map((one): unknown[] => {
    const type = (one.properties as Record<string, Schema> | undefined)?.type?.enum;
    const isNamed = Array.isArray(type) && Array.isArray(one.required) && one.required.includes('type');
    return isNamed ? type : [undefined];
  });
  const all = values.flat();
  if (kinds.length < 2 || all.includes(undefined) || new Set(all).size < all.length) return;
  delete union.oneOf;
  delete union.anyOf;
  const isKind = (of: unknown[]): Schema => ({ properties: { type: { enum: of } } });
  const byKind = {
    type: 'object',
    required: ['type'],
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
    allOf: [isKind(all), ...kinds.map((one, at) => ({ if: isKind(values[at] ?? []), then: one }))],
  };
  const isNullable = kinds.length < branches.length;
  Object.assign(union, isNullable ? { if: { type: 'null' }, else: byKind } : byKind);
}

/** Discord's own description of its HTTP API, indexed by method and path. */
export function readSpec(): Spec {
  const text = readFileSync(FILE, 'utf8').replaceAll('"#/components/', '"discord#/components/');
  const file = JSON.parse(text) as {
    paths: Record<string, Record<string, { requestBody?: Content; responses?: Record<string, Content> }>>;
    components: Schema;
  };
  const resolve = (ref: string): Schema =>
    ref
      .replace('discord#/', '')
      .split('/')
      .reduce<Schema>((node, key) => node[key] as Schema, file as unknown as Schema);
  nameKinds(file, resolve);
  const paths = Object.keys(file.paths).map((template) => ({
    template,
    holes: (template.match(/\{/g) ?? []).length,
    pattern: new RegExp(`^${template.replace(/[.+]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  paths.sort((a, b) => a.holes - b.holes);
  return {
    components: { $id: 'discord', components: file.components },
    resolve,
    operation(method, path) {
      const plain = decodeURIComponent(path.split('?')[0] ?? '').replace(/^\/api(\/v\d+)?/, '');
      for (const { template, pattern } of paths) {
        if (!pattern.test(plain)) continue;
        const found = file.paths[template]?.[method.toLowerCase()];
        if (!found) continue;
        return {
          name: `${method.toUpperCase()} ${template}`,
          request: jsonSchema(found.requestBody),
          responses: Object.fromEntries(
            Object.entries(found.responses ?? {}).map(([code, one]) => [code, jsonSchema(one)]),
          ),
        };
      }
      return undefined;
    },
  };
}
