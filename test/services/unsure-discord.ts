import { DiscordAPIError } from 'discord.js';
import type { createPosts } from '../../src/discord/posts.ts';

interface Sent {
  readonly id: string;
  readonly channelId: string;
  readonly tag: string;
  readonly nonce: string | undefined;
  readonly at: number;
}

/** What becomes of a call: `lost` takes effect without an answer, `killed` too and the caller is dead. */
export type Fate = 'well' | 'refused' | 'lost' | 'killed' | 'killed before';

interface Body {
  readonly name?: string;
  readonly type?: number;
  readonly nonce?: string;
  readonly embeds?: readonly { readonly footer?: { readonly text: string } }[];
}

const NONCE_WINDOW_MS = 180_000;
export const NEVER = new Promise<never>(() => {});

const failure = (how: 'refused' | 'lost', n: number): Error => {
  if (n % 3 === 0) return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  if (n % 3 === 1) return Object.assign(new Error('aborted'), { name: 'AbortError' });
  const raw = { code: 0, message: how };
  return new DiscordAPIError(raw, 0, 502, 'POST', 'https://discord.test', { body: undefined, files: undefined });
};

/** A Discord of a few channels whose answers get lost by the fates it is given; it outlives the bots that call it. */
export function createUnsureDiscord(now: () => number, fate: () => Fate, onKilled: () => void) {
  const sent: Sent[] = [];
  const threads: { readonly id: string; readonly name: string; readonly parentId: string; readonly type: number }[] =
    [];
  const seen = { ambiguous: 0, calls: 0 };

  const message = (channelId: string, { nonce, embeds }: Body): object => {
    const known = sent.find(
      (one) =>
        nonce !== undefined && one.nonce === nonce && one.channelId === channelId && now() - one.at < NONCE_WINDOW_MS,
    );
    if (known) return { id: known.id };
    const id = `${1000 + sent.length}`;
    sent.push({ id, channelId, nonce, tag: embeds?.[0]?.footer?.text ?? '', at: now() });
    return { id };
  };

  const thread = (parentId: string, messageId: string | undefined, body: Body): object => {
    if (messageId !== undefined && threads.some(({ id }) => id === messageId)) {
      const raw = { code: 160_004, message: 'A thread has already been created for this message' };
      throw new DiscordAPIError(raw, 160_004, 400, 'POST', 'https://discord.test', {
        body: undefined,
        files: undefined,
      });
    }
    const made = {
      id: messageId ?? `${5000 + threads.length}`,
      name: body.name ?? '',
      parentId,
      type: body.type ?? 11,
    };
    threads.push(made);
    return made;
  };

  const read = (route: string): unknown => {
    const [, kind, id, what] = route.split('/');
    if (kind === 'guilds')
      return { threads: threads.map((one) => ({ ...one, parent_id: one.parentId, owner_id: 'bot' })) };
    if (what === 'users') return { threads: [] };
    if (what === undefined) return { id, guild_id: 'guild' };
    const here = sent.filter(({ channelId }) => channelId === id).reverse();
    return here.map((one) => ({ id: one.id, author: { id: 'bot' }, embeds: [{ footer: { text: one.tag } }] }));
  };

  const write = (route: string, body: Body): object => {
    const [, , channelId = '', what, messageId, inner] = route.split('/');
    if (what === 'threads') return thread(channelId, undefined, body);
    return inner === 'threads' ? thread(channelId, messageId, body) : message(channelId, body);
  };

  const through = async <T>(call: () => T): Promise<T> => {
    seen.calls += 1;
    const becomes = fate();
    if (becomes === 'killed before') {
      onKilled();
      return NEVER;
    }
    if (becomes === 'refused') throw failure(becomes, seen.calls);
    const answer = call();
    if (becomes === 'well') return answer;
    seen.ambiguous += 1;
    if (becomes === 'lost') throw failure(becomes, seen.calls);
    onKilled();
    return NEVER;
  };

  type Rest = Parameters<typeof createPosts>[0]['rest'];
  /** As one bot sees it: after its death nothing it still does has an effect. */
  const restFor = (isAlive: () => boolean): Rest => {
    const alive = <T>(call: () => T): Promise<T> => (isAlive() ? through(call) : NEVER);
    return {
      get: (route) => alive(() => read(route)),
      post: (route, options) => alive(() => write(route, (options?.body ?? {}) as Body)),
      put: () => alive(() => ({})),
      patch: () => alive(() => ({})),
      delete: () => alive(() => ({})),
    };
  };
  return { sent, threads, seen, restFor };
}
