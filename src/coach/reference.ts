import { plainText, truncate } from '../cards/text.ts';

/** Why something the model wrote cannot be shown; the sentence goes back to the model once. */
export interface Refused {
  readonly ok: false;
  readonly reason: string;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One tool's answer of this turn, as the model saw it and as placeholders name it. */
export interface ToolResult {
  /** `t1`, `t2`, ...; `t0` is the briefing. */
  readonly id: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Json;
}

/** Epoch ms and name of the source of one value, from the nearest provenance above it. */
interface Origin {
  readonly asOf?: number;
  readonly source?: string;
}

export interface Found {
  readonly value: string | number | boolean;
  /** The name that says the unit: the last part of the path that is no index. */
  readonly field: string;
  readonly origin: Origin;
}

const LONGEST_TEXT = 300;
const MOST_ITEMS = 20;
const DEEPEST = 8;

/** Lists whose end was left out, so that nobody counts what is left. */
const cutLists = new WeakSet<object>();

/** The first items of a list; where some were left out, its length can be cited no more. */
export function firstOf<T>(items: readonly T[], most: number): readonly T[] {
  const kept = items.slice(0, most);
  if (kept.length < items.length) cutLists.add(kept);
  return kept;
}

/** A tool's output as the model may see it: long lists and texts cut, hidden characters gone; indices stay true. */
export function tidy(value: unknown, depth = 0): Json {
  if (typeof value === 'string') return truncate(plainText(value), LONGEST_TEXT);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null;
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => tidy(item, depth + 1));
    if (items.length < value.length || cutLists.has(value)) cutLists.add(items);
    return items;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, tidy(item, depth + 1)]),
  );
}

/** The value at a path of a result of this turn, or a sentence that says what is there instead. */
export function lookUp(
  results: ReadonlyMap<string, ToolResult>,
  { result: id, path, text }: { readonly result: string; readonly path: readonly string[]; readonly text: string },
): { readonly ok: true; readonly found: Found } | Refused {
  const result = results.get(id);
  if (!result) {
    const known = [...results.keys()].join(', ');
    return refused(`${text}: there is no result ${id} in this turn${known === '' ? '' : `, only ${known}`}`);
  }
  let origin: Origin = {};
  let here: Json = result.output;
  for (const key of path) {
    origin = originOf(here) ?? origin;
    if (Array.isArray(here) && key === 'length') {
      if (cutLists.has(here)) return refused(`${text}: the list is cut, so how long it is cannot be told from it`);
      here = here.length;
    } else if (typeof here === 'object' && here !== null && Object.hasOwn(here, key)) {
      here = (here as { readonly [key: string]: Json })[key] ?? null;
    } else return refused(`${text}: unknown field "${key}"; there is ${keysOf(here)}`);
  }
  if (here === null) return refused(`${text} holds nothing`);
  if (typeof here === 'object') return refused(`${text} is no single value; it holds ${keysOf(here)}`);
  const field = path.findLast((key) => !/^\d+$/.test(key)) ?? '';
  return { ok: true, found: { value: here, field, origin } };
}

function originOf(value: Json): Origin | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as { readonly [key: string]: Json };
  const stamp = fields.provenance;
  if (typeof stamp === 'object' && stamp !== null && !Array.isArray(stamp)) {
    const { asOf, source } = stamp as { readonly asOf?: Json; readonly source?: Json };
    return {
      ...(typeof asOf === 'number' ? { asOf } : {}),
      ...(typeof source === 'string' ? { source } : {}),
    };
  }
  // a plan speaks of the moment at which it was decided
  const decidedAt = fields.decidedAt;
  if (typeof decidedAt === 'number') return { asOf: decidedAt, source: 'the plan as decided' };
  const at = fields.at ?? fields.marketAt;
  return typeof at === 'number' ? { asOf: at } : undefined;
}

function keysOf(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list, 0 to ${value.length - 1}`;
  if (typeof value !== 'object' || value === null) return 'nothing below it';
  return Object.keys(value).slice(0, 25).join(', ');
}

const refused = (reason: string): Refused => ({ ok: false, reason });
