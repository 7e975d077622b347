import { type Inline, parseInline } from './markdown-inline.ts';

export interface ListItem {
  readonly depth: number;
  /** Number of an ordered item; undefined for a bullet. */
  readonly number: number | undefined;
  readonly children: readonly Inline[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly children: readonly Inline[] }
  | { readonly kind: 'subtext'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'fence'; readonly language: string; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] };

const FENCE = /```(?:([a-z0-9_+.#-]{1,20})\n)?\n?([\s\S]+?)\n?```/i;
const HEADING = /^(#{1,3}) +(\S.*)$/;
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) +(\S.*)$/;

function levelOf(marks: string): 1 | 2 | 3 {
  return marks.length === 1 ? 1 : marks.length === 2 ? 2 : 3;
}

function parseLines(source: string, quoted: boolean): Block[] {
  const blocks: Block[] = [];
  const lines = source.split('\n');
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', children: parseInline(paragraph.join('\n')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const heading = HEADING.exec(line);
    if (heading?.[1] && heading[2]) {
      flush();
      blocks.push({ kind: 'heading', level: levelOf(heading[1]), children: parseInline(heading[2]) });
    } else if (/^-# +\S/.test(line)) {
      flush();
      blocks.push({ kind: 'subtext', children: parseInline(line.replace(/^-# +/, '')) });
    } else if (ITEM.test(line)) {
      flush();
      const items: ListItem[] = [];
      const ordered = ITEM.exec(line)?.[2] !== undefined;
      const next = (text: string | undefined): RegExpExecArray | null => {
        const item = ITEM.exec(text ?? '');
        // at the margin a change from bullets to numbers begins another list
        return item && (item[1] !== '' || (item[2] !== undefined) === ordered) ? item : null;
      };
      for (let item = ITEM.exec(line); item; item = next(lines[at + 1])) {
        if (items.length > 0) at += 1;
        const depth = Math.min(10, Math.floor((item[1]?.length ?? 0) / 2));
        items.push({ depth, number: item[2] ? Number(item[2]) : undefined, children: parseInline(item[3] ?? '') });
      }
      blocks.push({ kind: 'list', items });
    } else if (!quoted && line.startsWith('> ')) {
      flush();
      const inside = [line.slice(2)];
      while (lines[at + 1]?.startsWith('> ')) {
        at += 1;
        inside.push((lines[at] ?? '').slice(2));
      }
      blocks.push({ kind: 'quote', blocks: parseLines(inside.join('\n'), true) });
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return blocks;
}

function parseFences(source: string, quoted: boolean): Block[] {
  const blocks: Block[] = [];
  let rest = source;
  for (let match = FENCE.exec(rest); match; match = FENCE.exec(rest)) {
    const before = rest.slice(0, match.index).replace(/\n$/, '');
    if (before) blocks.push(...parseLines(before, quoted));
    blocks.push({ kind: 'fence', language: match[1] ?? '', text: match[2] ?? '' });
    rest = rest.slice(match.index + match[0].length).replace(/^\n/, '');
  }
  if (rest) blocks.push(...parseLines(rest, quoted));
  return blocks;
}

/** Discord's markdown subset as blocks; total: any text parses, and text that is not markup is kept. */
export function parseMarkdown(source: string): Block[] {
  // ">>> " quotes everything that follows; inside a code fence it means nothing
  const start = /(?:^|\n)>>> /.exec(source);
  const fencesBefore = start ? source.slice(0, start.index).split('```').length - 1 : 0;
  if (!start || fencesBefore % 2 === 1) return parseFences(source, false);
  const before = source.slice(0, start.index);
  const after = source.slice(start.index + start[0].length);
  const head = before ? parseFences(before, false) : [];
  return after ? [...head, { kind: 'quote', blocks: parseFences(after, true) }] : head;
}

function inlineText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
        case 'code':
          return node.text;
        case 'break':
          return '\n';
        case 'mention':
          return `@${node.id}`;
        case 'command':
          return `/${node.name}`;
        case 'emoji':
          return node.name;
        case 'time':
          return String(node.at / 1000);
        default:
          return inlineText(node.children);
      }
    })
    .join('');
}

/** The words of parsed markdown without its markup: for reply snippets and screen readers. */
export function plainText(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'fence') return block.text;
      if (block.kind === 'quote') return plainText(block.blocks);
      if (block.kind === 'list') return block.items.map((item) => inlineText(item.children)).join('\n');
      return inlineText(block.children);
    })
    .join('\n');
}
