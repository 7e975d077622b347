import { COMPONENT } from './bits.ts';
import type { Node } from './component-walk.ts';

/** Turns a media reference of the request (`attachment://chart.png`, or a web address) into Discord's answer. */
export type Media = (url: string) => { url: string; [key: string]: unknown };

type Loose = Record<string, unknown>;

const present = (node: Loose): Loose =>
  Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined && value !== null));

/** Components as Discord answers them: numbered, defaults written out, media resolved. */
export function dressComponents(list: readonly unknown[], media: Media): Node[] {
  const taken = new Set<number>();
  const collect = (node: Node): void => {
    if (typeof node.id === 'number' && node.id > 0) taken.add(node.id);
    for (const child of node.components ?? []) collect(child);
    if (node.accessory) collect(node.accessory);
  };
  for (const node of list) collect(node as Node);
  let last = 0;
  const nextId = (): number => {
    do last += 1;
    while (taken.has(last));
    return last;
  };

  const resolved = (value: unknown): unknown => media((value as { url: string }).url);
  const dress = (node: Node): Node => {
    const id = typeof node.id === 'number' && node.id > 0 ? node.id : nextId();
    const base = { ...present(node), type: node.type, id } as Node;
    if (node.components) base.components = node.components.map(dress);
    if (node.accessory) base.accessory = dress(node.accessory);
    return { ...base, ...defaults(node, resolved) };
  };
  return list.map((node) => dress(node as Node));
}

function defaults(node: Node, resolved: (value: unknown) => unknown): Loose {
  const spoiler = node.spoiler ?? false;
  switch (node.type) {
    case COMPONENT.stringSelect:
      return {
        min_values: node.min_values ?? 1,
        max_values: node.max_values ?? 1,
        disabled: node.disabled ?? false,
        options: (node.options as Loose[]).map(present),
      };
    case COMPONENT.userSelect:
    case COMPONENT.roleSelect:
    case COMPONENT.mentionableSelect:
    case COMPONENT.channelSelect:
      return { min_values: node.min_values ?? 1, max_values: node.max_values ?? 1, disabled: node.disabled ?? false };
    case COMPONENT.thumbnail:
      return { media: resolved(node.media), description: node.description ?? null, spoiler };
    case COMPONENT.gallery:
      return {
        items: (node.items as Loose[]).map((item) => ({
          media: resolved(item.media),
          description: item.description ?? null,
          spoiler: item.spoiler ?? false,
        })),
      };
    case COMPONENT.file: {
      const file = resolved(node.file) as { filename?: string; size?: number };
      const { filename, size, ...media } = file;
      return { file: media, name: filename ?? null, size: size ?? null, spoiler };
    }
    case COMPONENT.separator:
      return { divider: node.divider ?? true, spacing: node.spacing ?? 1 };
    case COMPONENT.container:
      return { accent_color: node.accent_color ?? null, spoiler };
    default:
      return {};
  }
}
