import type { Problem } from './problem.ts';

type Json = Record<string, unknown>;

const V2 = 1 << 15;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const length = (value: unknown): number => (typeof value === 'string' ? value.length : 0);
const bad = (where: string, message: string): Problem => ({ where, message });

function nested(list: readonly Json[], where: string): { node: Json; where: string }[] {
  return list.flatMap((node, at) => {
    const here = `${where}/${at}`;
    const single = ['accessory', 'component'].flatMap((key) =>
      isObject(node[key]) ? nested([node[key]], `${here}/${key}`) : [],
    );
    return [{ node, where: here }, ...nested(objects(node.components), `${here}/components`), ...single];
  });
}

function embedProblems(embeds: readonly Json[], where: string): Problem[] {
  let sum = 0;
  const empty: Problem[] = [];
  for (const [at, embed] of embeds.entries()) {
    const fields = objects(embed.fields);
    sum += length(embed.title) + length(embed.description);
    sum += length((embed.footer as Json | undefined)?.text) + length((embed.author as Json | undefined)?.name);
    for (const [n, field] of fields.entries()) {
      sum += length(field.name) + length(field.value);
      for (const key of ['name', 'value'])
        if (typeof field[key] === 'string' && field[key].trim() === '')
          empty.push(bad(`${where}/embeds/${at}/fields/${n}/${key}`, 'is empty, need at least one character'));
    }
  }
  return sum > 6000 ? [...empty, bad(`${where}/embeds`, `has ${sum} characters in all, need 6000 or fewer`)] : empty;
}

function componentProblems(message: Json, where: string): Problem[] {
  const all = nested(objects(message.components), `${where}/components`);
  const seen = new Set<string>();
  const doubled = all.flatMap(({ node, where: at }) => {
    if (typeof node.custom_id !== 'string') return [];
    if (seen.has(node.custom_id)) return [bad(`${at}/custom_id`, `"${node.custom_id}" is there twice`)];
    seen.add(node.custom_id);
    return [];
  });
  if (!(Number(message.flags ?? 0) & V2)) return doubled;
  const text = all.reduce((sum, { node }) => sum + (node.type === 10 ? length(node.content) : 0), 0);
  return [
    ...doubled,
    ...(all.length > 40 ? [bad(`${where}/components`, `holds ${all.length} components, need 40 or fewer`)] : []),
    ...(text > 4000 ? [bad(`${where}/components`, `shows ${text} characters, need 4000 or fewer`)] : []),
    ...(length(message.content) > 0 ? [bad(`${where}/content`, 'cannot go with the v2 flag')] : []),
    ...(objects(message.embeds).length > 0 ? [bad(`${where}/embeds`, 'cannot go with the v2 flag')] : []),
  ];
}

/** What Discord holds a message to beyond its OpenAPI file. */
function messageProblems(message: Json, where: string): Problem[] {
  const long = length(message.content);
  return [
    ...(long > 2000 ? [bad(`${where}/content`, `has ${long} characters, need 2000 or fewer`)] : []),
    ...embedProblems(objects(message.embeds), where),
    ...componentProblems(message, where),
  ];
}

function nameProblems(option: Json, where: string): Problem[] {
  const name = String(option.name);
  const isMenu = option.type === 2 || option.type === 3;
  const inner = objects(option.options).flatMap((one, at) =>
    nameProblems({ ...one, type: 1 }, `${where}/options/${at}`),
  );
  if (isMenu) return inner;
  const fits = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u.test(name) && name === name.toLowerCase();
  return fits ? inner : [bad(`${where}/name`, `"${name}" needs 1 to 32 lower-case letters, digits, - or _`), ...inner];
}

function commandProblems(commands: readonly Json[]): Problem[] {
  const slash = commands.filter((one) => (one.type ?? 1) === 1).length;
  return [
    ...(slash > 100 ? [bad('', `registers ${slash} slash commands, need 100 or fewer`)] : []),
    ...commands.flatMap((one, at) => nameProblems(one, `/${at}`)),
  ];
}

/** The limits of one request that only the written documentation tells. */
export function extraProblems(operation: string, body: unknown): Problem[] {
  if (/\/commands(\/|$)/.test(operation)) return commandProblems(Array.isArray(body) ? objects(body) : objects([body]));
  if (!isObject(body)) return [];
  if (operation.includes('/callback')) return isObject(body.data) ? messageProblems(body.data, '/data') : [];
  return /\/messages|\/webhooks\/\{webhook_id\}\/\{webhook_token\}/.test(operation) ? messageProblems(body, '') : [];
}
