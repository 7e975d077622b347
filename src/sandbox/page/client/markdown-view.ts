import { el } from './element.ts';
import { type Block, type ListItem, parseMarkdown } from './markdown.ts';
import type { Inline } from './markdown-inline.ts';
import type { Reader } from './reader.ts';
import { absoluteTime, relativeTime } from './timestamp.ts';

const TAGS = { strong: 'strong', em: 'em', underline: 'u', strike: 's' } as const;

/** A moment as Discord shows it; relative ones are kept fresh by `refreshTimes`. */
function timeElement(at: number, style: string, reader: Reader): HTMLElement {
  const text = style === 'R' ? relativeTime(at, reader.now(at)) : absoluteTime(at, style);
  const time = el('time', { class: 'stamp', datetime: new Date(at).toISOString(), title: absoluteTime(at, 'F') }, text);
  if (style === 'R') time.dataset.relative = String(at);
  return time;
}

/** Rewrites every "3 minutes ago" under `root`. */
export function refreshTimes(root: ParentNode, reader: Reader): void {
  for (const time of root.querySelectorAll<HTMLElement>('time[data-relative]')) {
    const at = Number(time.dataset.relative);
    const text = relativeTime(at, reader.now(at));
    if (time.textContent !== text) time.textContent = text;
  }
}

function spoiler(children: readonly Node[]): HTMLElement {
  const cover = el('button', { type: 'button', class: 'spoiler', 'aria-label': 'Spoiler', 'aria-expanded': 'false' });
  const inside = el('span', { class: 'spoiler-text', 'aria-hidden': 'true' }, ...children);
  cover.append(inside);
  cover.addEventListener('click', () => {
    const open = el('span', { class: 'spoiler-open' }, ...inside.childNodes);
    cover.replaceWith(open);
  });
  return cover;
}

function mention(node: Extract<Inline, { kind: 'mention' }>, reader: Reader): HTMLElement {
  if (node.target === 'channel') {
    const channel = reader.state?.channels.find((one) => one.id === node.id);
    if (!channel) return el('span', { class: 'mention' }, '#unknown');
    return el('a', { class: 'mention', href: `#${channel.id}` }, `#${channel.name}`);
  }
  const name =
    node.target === 'user' ? (reader.nameOf(node.id) ?? 'unknown-user') : node.target === 'role' ? 'role' : node.id;
  return el('span', { class: node.id === reader.as ? 'mention mention-me' : 'mention' }, `@${name}`);
}

function inlineNode(node: Inline, reader: Reader): Node {
  switch (node.kind) {
    case 'text':
      return document.createTextNode(node.text);
    case 'break':
      return el('br');
    case 'code':
      return el('code', {}, node.text);
    case 'link':
      return el(
        'a',
        { href: node.href, target: '_blank', rel: 'noreferrer noopener nofollow', title: node.href },
        ...inlineNodes(node.children, reader),
      );
    case 'mention':
      return mention(node, reader);
    case 'command': {
      const start = (): void => reader.startCommand(node.name);
      return el('button', { type: 'button', class: 'mention', onclick: start }, `/${node.name}`);
    }
    case 'emoji':
      return document.createTextNode(node.name);
    case 'time':
      return timeElement(node.at, node.style, reader);
    case 'spoiler':
      return spoiler(inlineNodes(node.children, reader));
    default:
      return el(TAGS[node.kind], {}, ...inlineNodes(node.children, reader));
  }
}

/** Inline markdown as DOM nodes. */
function inlineNodes(nodes: readonly Inline[], reader: Reader): Node[] {
  return nodes.map((node) => inlineNode(node, reader));
}

function listElement(items: readonly ListItem[], reader: Reader): HTMLElement {
  const ordered = items[0]?.number !== undefined;
  const list = ordered ? el('ol', { start: items[0]?.number }) : el('ul');
  const depth = items[0]?.depth ?? 0;
  for (let at = 0; at < items.length; ) {
    const item = items[at];
    if (!item) break;
    let end = at + 1;
    while ((items[end]?.depth ?? 0) > depth && end < items.length) end += 1;
    const entry = el('li', {}, ...inlineNodes(item.children, reader));
    if (end > at + 1) entry.append(listElement(items.slice(at + 1, end), reader));
    list.append(entry);
    at = end;
  }
  return list;
}

function blockNode(block: Block, reader: Reader): Node {
  switch (block.kind) {
    case 'paragraph':
      return el('p', {}, ...inlineNodes(block.children, reader));
    case 'heading':
      return el(
        'div',
        { class: `heading heading-${block.level}`, role: 'heading', 'aria-level': block.level + 2 },
        ...inlineNodes(block.children, reader),
      );
    case 'subtext':
      return el('p', { class: 'subtext' }, ...inlineNodes(block.children, reader));
    case 'quote':
      return el('blockquote', {}, ...block.blocks.map((inner) => blockNode(inner, reader)));
    case 'fence':
      return el('pre', { tabindex: 0, 'data-language': block.language || undefined }, el('code', {}, block.text));
    case 'list':
      return listElement(block.items, reader);
  }
}

/** Markdown as a block of DOM nodes; made by nodes only, so no text can become markup. */
export function markdown(source: string, reader: Reader, className = 'md'): HTMLElement {
  return el('div', { class: className }, ...parseMarkdown(source).map((block) => blockNode(block, reader)));
}

/** One line of markdown without blocks: field names, titles. */
export function inlineMarkdown(source: string, reader: Reader): Node[] {
  return parseMarkdown(source).flatMap((block) =>
    'children' in block ? inlineNodes(block.children, reader) : [blockNode(block, reader)],
  );
}
