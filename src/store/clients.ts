import { createClient, type SupabaseClient } from '@supabase/supabase-js';

export type Client = Pick<SupabaseClient, 'from' | 'rpc'>;

export interface ClientSettings {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly deadlineMs: number;
}

const AUTH = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };

function settingsOf({ fetch, deadlineMs }: ClientSettings) {
  // Its own retries wait up to 7 s, longer than a command may.
  return { auth: AUTH, db: { timeout: deadlineMs, retry: false }, global: { fetch } };
}

/** A client that acts as one member by the token of `tokenOf`, which is asked on every request. */
export function createMemberClient(
  settings: ClientSettings & { readonly anonKey: string },
  tokenOf: () => Promise<string>,
): Client {
  return createClient(settings.url, settings.anonKey, { ...settingsOf(settings), accessToken: tokenOf });
}

/** A client that row level security does not hold; for the store's system part only. */
export function createSystemClient(settings: ClientSettings & { readonly serviceKey: string }): Client {
  return createClient(settings.url, settings.serviceKey, settingsOf(settings));
}
