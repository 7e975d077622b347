/** A component of any kind, as far as a walk needs to know it. */
export interface Node {
  type: number;
  custom_id?: string | null;
  content?: string;
  disabled?: boolean | null;
  components?: readonly Node[];
  component?: Node;
  accessory?: Node;
  [key: string]: unknown;
}

/** Every component with its path, outermost first, in the order they are shown. */
export function* walk(
  list: readonly unknown[],
  path: readonly PropertyKey[] = [],
): Generator<{ node: Node; path: PropertyKey[] }> {
  for (const [at, raw] of list.entries()) {
    const node = raw as Node;
    const here = [...path, at];
    yield { node, path: here };
    if (node.components) yield* walk(node.components, [...here, 'components']);
    for (const key of ['accessory', 'component'] as const) {
      const child = node[key];
      if (child) yield { node: child, path: [...here, key] };
    }
  }
}

/** All custom ids in display order, repeated ones too. */
export function customIds(list: readonly unknown[]): { id: string; path: PropertyKey[] }[] {
  return [...walk(list)].flatMap(({ node, path }) => (node.custom_id ? [{ id: node.custom_id, path }] : []));
}

/** How many components count towards the 40 of a v2 message: nested ones do. */
export function countComponents(list: readonly unknown[]): number {
  return [...walk(list)].length;
}

/** Characters of all text displays together. */
export function textLength(list: readonly unknown[]): number {
  return [...walk(list)].reduce((sum, { node }) => sum + (node.type === 10 ? (node.content?.length ?? 0) : 0), 0);
}

/** The component that a press or a choice names. */
export function findByCustomId(list: readonly unknown[], customId: string): Node | undefined {
  for (const { node } of walk(list)) if (node.custom_id === customId) return node;
  return undefined;
}
