import { DiscordAPIError, HTTPError, type REST, type RouteLike } from 'discord.js';
import { retry } from '../kit/retry.ts';
import type { Rendered } from './render.ts';

const ATTEMPTS = 4;
const BASE_MS = 250;
const CAP_MS = 5_000;

/** The interaction's token or message is gone, or somebody has answered already: nothing is left to do. */
const MOOT = new Set<number | string>([10_062, 40_060, 10_008, 10_015, 50_027]);
const ANSWERED_ALREADY = 40_060;

/** Calls Discord and tries again when it was Discord that failed; only for calls that may arrive twice without harm. */
export async function persist<T>(call: () => Promise<T>, sleep?: (ms: number) => Promise<void>): Promise<T> {
  return retry(call, {
    ...(sleep && { sleep }),
    attempts: ATTEMPTS,
    baseMs: BASE_MS,
    capMs: CAP_MS,
    random: Math.random,
    shouldRetry: isDiscordsFault,
  });
}

/** True for a server error, a timeout or a lost connection; 429 is waited out by the client itself. */
export function isDiscordsFault(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status >= 500;
  if (error instanceof HTTPError) return error.status >= 500 || error.status === 429;
  return error instanceof Error && (error.name === 'AbortError' || 'code' in error || error instanceof TypeError);
}

/** True when the one who waited is gone: an interaction too old, answered twice, or a deleted message. */
export function isMoot(error: unknown): boolean {
  return error instanceof DiscordAPIError && MOOT.has(error.code);
}

export function isAnsweredAlready(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === ANSWERED_ALREADY;
}

/** One call with a rendered message; an edit replaces text, controls and files as a whole. */
export async function sendRendered(
  rest: Pick<REST, 'post' | 'patch'>,
  method: 'post' | 'patch',
  route: RouteLike,
  rendered: Rendered,
  extra: { readonly body?: object; readonly auth?: boolean } = {},
): Promise<unknown> {
  const { body, auth = true } = extra;
  return rest[method](route, {
    body: { ...rendered.body, ...body },
    files: rendered.files.map(({ name, data, contentType }) => ({ name, data, contentType })),
    auth,
  });
}
