export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'strong' | 'em' | 'underline' | 'strike' | 'spoiler'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: 'mention'; readonly target: 'user' | 'channel' | 'role' | 'everyone'; readonly id: string }
  | { readonly kind: 'command'; readonly name: string }
  | { readonly kind: 'emoji'; readonly name: string }
  /** `at` in epoch ms; `style` is one of Discord's letters. */
  | { readonly kind: 'time'; readonly at: number; readonly style: string };

interface Found {
  readonly node: Inline;
  readonly end: number;
}

const DEEPEST = 12;
const PAIRS = [
  ['||', 'spoiler'],
  ['**', 'strong'],
  ['__', 'underline'],
  ['~~', 'strike'],
  ['*', 'em'],
  ['_', 'em'],
] as const;
const ESCAPABLE = /[\\`*_~|<>#:[\]()@-]/;
const BARE_URL = /^https?:\/\/[^\s<>"']+/i;
const MASKED = /^\[([^\n]{1,1000}?)\]\((<?)(https?:\/\/[^\s<>]+?)(>?)\)/i;
const ANGLED =
  /^<(?:(@!?|@&|#)(\d{1,20})|t:(-?\d{1,13})(?::([tTdDfFRsS]))?|\/([\w -]{1,100}):\d{1,20}|a?(:\w{1,32}:)\d{1,20}|(https?:\/\/[^\s<>]+))>/i;

/** The href as a browser would follow it, or undefined for anything but http and https. */
export function webHref(raw: string): string | undefined {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
}

function codeAt(source: string, at: number): Found | undefined {
  const fence = /^`+/.exec(source.slice(at))?.[0];
  if (!fence) return undefined;
  const from = at + fence.length;
  for (let close = source.indexOf(fence, from); close !== -1; close = source.indexOf(fence, close + 1)) {
    let end = close + fence.length;
    if (source[end] !== '`') {
      const text = source.slice(from, close);
      return text ? { node: { kind: 'code', text: text.replace(/^ (.*`.*) $/s, '$1') }, end } : undefined;
    }
    while (source[end] === '`') end += 1;
    close = end - 1;
  }
  return undefined;
}

function angledAt(source: string, at: number): Found | undefined {
  const match = ANGLED.exec(source.slice(at, at + 2100));
  if (!match) return undefined;
  const end = at + match[0].length;
  const [, sigil, id, seconds, style, command, emoji, address] = match;
  if (sigil && id) {
    const target = sigil === '#' ? 'channel' : sigil === '@&' ? 'role' : 'user';
    return { node: { kind: 'mention', target, id }, end };
  }
  if (seconds) {
    const when = Number(seconds) * 1000;
    return Math.abs(when) <= 8.64e15 ? { node: { kind: 'time', at: when, style: style ?? 'f' }, end } : undefined;
  }
  if (command) return { node: { kind: 'command', name: command }, end };
  if (emoji) return { node: { kind: 'emoji', name: emoji }, end };
  const href = address ? webHref(address) : undefined;
  return href && address
    ? { node: { kind: 'link', href, children: [{ kind: 'text', text: address }] }, end }
    : undefined;
}

function linkAt(source: string, at: number, depth: number): Found | undefined {
  if (source[at] === '[') {
    const match = MASKED.exec(source.slice(at, at + 4000));
    const href = match?.[3] ? webHref(match[3]) : undefined;
    if (!match?.[1] || !href || Boolean(match[2]) !== Boolean(match[4])) return undefined;
    const children = parse(match[1], depth + 1, true);
    return { node: { kind: 'link', href, children }, end: at + match[0].length };
  }
  const bare = BARE_URL.exec(source.slice(at, at + 2100))?.[0].replace(/[.,:;!?\])*_~|]+$/, '');
  const href = bare ? webHref(bare) : undefined;
  return bare && href
    ? { node: { kind: 'link', href, children: [{ kind: 'text', text: bare }] }, end: at + bare.length }
    : undefined;
}

/** Index of the closing marker, stepping over escapes and code; -1 when this pair stays open. */
function closing(source: string, marker: string, from: number): number {
  const single = marker.length === 1;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') {
      at += 1;
    } else if (char === '`') {
      const code = codeAt(source, at);
      if (code) at = code.end - 1;
    } else if (source.startsWith(marker, at)) {
      if (single && source[at + 1] === marker) {
        at += 1;
      } else if (at > from && !(single && /\s/.test(source[at - 1] ?? ' '))) {
        if (marker === '_' && /\w/.test(source[at + 1] ?? ' ')) continue;
        // "***a***" closes the inner single marker first
        return !single && source.startsWith(marker, at + 1) && !source.startsWith(marker, at + 2) ? at + 1 : at;
      }
    }
  }
  return -1;
}

function pairAt(source: string, at: number, depth: number, inLink: boolean): Found | undefined {
  for (const [marker, kind] of PAIRS) {
    if (!source.startsWith(marker, at)) continue;
    const from = at + marker.length;
    if (marker.length === 1 && /\s/.test(source[from] ?? ' ')) continue;
    if (marker === '_' && /\w/.test(source[at - 1] ?? ' ')) continue;
    const close = closing(source, marker, from);
    if (close <= from) continue;
    return {
      node: { kind, children: parse(source.slice(from, close), depth + 1, inLink) },
      end: close + marker.length,
    };
  }
  return undefined;
}

function nodeAt(source: string, at: number, depth: number, inLink: boolean): Found | undefined {
  switch (source[at]) {
    case '\n':
      return { node: { kind: 'break' }, end: at + 1 };
    case '\\':
      return ESCAPABLE.test(source[at + 1] ?? '')
        ? { node: { kind: 'text', text: source[at + 1] ?? '' }, end: at + 2 }
        : undefined;
    case '`':
      return codeAt(source, at);
    case '<':
      return angledAt(source, at);
    case '@': {
      const word = /^@(everyone|here)\b/.exec(source.slice(at, at + 10))?.[1];
      return word ? { node: { kind: 'mention', target: 'everyone', id: word }, end: at + word.length + 1 } : undefined;
    }
    case '[':
    case 'h':
    case 'H':
      return inLink || /\w/.test(source[at - 1] ?? ' ') ? undefined : linkAt(source, at, depth);
    case '*':
    case '_':
    case '~':
    case '|':
      return depth < DEEPEST ? pairAt(source, at, depth, inLink) : undefined;
    default:
      return undefined;
  }
}

function parse(source: string, depth: number, inLink: boolean): Inline[] {
  const nodes: Inline[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain) nodes.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < source.length; ) {
    const found = nodeAt(source, at, depth, inLink);
    if (!found) {
      plain += source[at];
      at += 1;
    } else {
      if (found.node.kind === 'text') plain += found.node.text;
      else {
        flush();
        nodes.push(found.node);
      }
      at = found.end;
    }
  }
  flush();
  return nodes;
}

/** Discord's inline markdown as a tree; whatever is not markup stays text, character for character. */
export function parseInline(source: string): Inline[] {
  return parse(source, 0, false);
}
