import type { Clock } from '../kit/clock.ts';
import type { Provider } from '../massive/provider.ts';
import type { Component } from './status.ts';

type Finding = Omit<Component, 'name'>;

const UP_WORD = { live: 'streaming', polling: 'polling over REST', down: 'down', off: 'off' } as const;
const SILENT_MS = 5 * 60_000;

/** How the data provider does, in one line for cards and readiness: the worst of its feeds and of its REST side. */
export function massiveFinding(
  provider: Pick<Provider, 'feed' | 'breakerState'>,
  clock: Clock,
  sandboxLabel: string | undefined,
): Finding {
  const feeds = provider.feed.state();
  const words = feeds
    .map(({ feed, up, reason }) => `${feed} ${UP_WORD[up]}${up !== 'live' && reason ? ` (${reason})` : ''}`)
    .join(', ');
  if (provider.breakerState() === 'open')
    return { state: 'down', reason: `REST held back after repeated failures; ${words}` };
  if (feeds.some((feed) => feed.up === 'down')) return { state: 'degraded', reason: words };
  if (feeds.some((feed) => feed.up === 'polling')) return { state: 'degraded', reason: words };
  const lastAt = Math.max(...feeds.map((feed) => feed.lastEventAt ?? 0));
  const silent = lastAt > 0 && clock.now() - lastAt > SILENT_MS ? ', no event for over five minutes' : '';
  if (sandboxLabel !== undefined) return { state: 'sandbox', reason: `${sandboxLabel}; ${words}${silent}` };
  return { state: 'ok', reason: `${words}${silent}` };
}

export function discordFinding(isReady: boolean, isSandbox: boolean): Finding {
  if (!isReady) return { state: 'down', reason: 'the gateway connection is lost, reconnecting' };
  return isSandbox ? { state: 'sandbox', reason: 'the page on this machine' } : { state: 'ok', reason: 'connected' };
}

export async function databaseFinding(ping: () => Promise<void>, isEmbedded: boolean): Promise<Finding> {
  await ping();
  return isEmbedded
    ? { state: 'sandbox', reason: 'embedded Postgres in the data folder' }
    : { state: 'ok', reason: 'Supabase answers' };
}
