import type { APIMessage } from 'discord-api-types/v10';

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

export const isEphemeral = (message: Pick<APIMessage, 'flags'>): boolean => ((message.flags ?? 0) & EPHEMERAL) !== 0;

/** The bot has deferred: Discord shows "thinking" until the first edit. */
export const isThinking = (message: Pick<APIMessage, 'flags'>): boolean => ((message.flags ?? 0) & LOADING) !== 0;

/** Order of snowflakes: by length, then by digits, since they exceed safe integers. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Name of the slash command that a message answers, "price" or "plan build"; undefined for other messages. */
export function commandOf(message: APIMessage): string | undefined {
  const metadata = message.interaction_metadata;
  if (metadata && 'name' in metadata && typeof metadata.name === 'string') return metadata.name;
  return message.interaction?.name;
}

/** A conversation with the bot alone: names of text channels hold neither spaces nor capitals. */
export const isDirect = (channel: { readonly name: string; readonly parentId?: string | undefined }): boolean =>
  !channel.parentId && /[\sA-Z]/.test(channel.name);

let lastNonce = 0;

/** A snowflake-like nonce, unique in this page. */
export function freshNonce(): string {
  lastNonce = Math.max(lastNonce + 1, Date.now());
  return String(lastNonce);
}

/** A loopback address as a path of this page, so that charts load under a strict policy; undefined for foreign hosts. */
export function localUrl(raw: string, here: { readonly host: string; readonly href: string }): string | undefined {
  const url = URL.canParse(raw, here.href) ? new URL(raw, here.href) : undefined;
  if (!url) return undefined;
  if (url.protocol === 'data:') return raw.startsWith('data:image/') ? raw : undefined;
  const loopback = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (!loopback && url.host !== here.host) return undefined;
  return url.port === here.host.split(':').at(-1) || url.host === here.host ? url.pathname + url.search : url.href;
}
