import type { ModelItem } from './model.ts';

/** Characters of all that the model reads in one request, instructions and tools aside: some 20,000 tokens. */
export const LONGEST_PROMPT = 60_000;

/** The memories that still fit beside what the turn itself needs: the oldest go first. */
export function fitting(
  memories: readonly ModelItem[],
  turn: readonly ModelItem[],
  longest = LONGEST_PROMPT,
): ModelItem[] {
  let left = longest - lengthOf(turn);
  const newestFirst: ModelItem[] = [];
  for (const memory of memories.toReversed()) {
    left -= lengthOf([memory]);
    if (left < 0) break;
    newestFirst.push(memory);
  }
  return newestFirst.reverse();
}

export function lengthOf(items: readonly ModelItem[]): number {
  return items.reduce((sum, item) => sum + charactersOf(item), 0);
}

function charactersOf(item: ModelItem): number {
  if (item.kind === 'said') return item.text.length;
  return item.kind === 'call' ? item.call.arguments.length + item.call.name.length : item.json.length;
}

/** A result as JSON within `longest` characters: whole, with its lists cut, or as a sentence that says so. */
export function resultJson(id: string, output: unknown, longest: number): string {
  for (const items of [Number.POSITIVE_INFINITY, 8, 4, 2]) {
    const json = JSON.stringify({ id, result: shorter(output, items) });
    if (json.length <= longest) return json;
  }
  return JSON.stringify({
    error: 'that result is too long to be read in this turn; ask for less, or answer without it',
  });
}

function shorter(value: unknown, items: number): unknown {
  if (Array.isArray(value)) return value.slice(0, items).map((item) => shorter(item, items));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorter(item, items)]));
}
