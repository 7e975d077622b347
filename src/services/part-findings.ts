import { wallClock } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import type { FeedState } from '../massive/feed.ts';
import type { Provider } from '../massive/provider.ts';
import type { Component } from './status.ts';

type Finding = Omit<Component, 'name'>;

const UP_WORD = { live: 'streaming', polling: 'polling over REST', down: 'down', off: 'off' } as const;
const SILENT_MS = 5 * 60_000;
/** Real time; plans count requests by the minute. */
const LIMIT_TOLD_MS = 60_000;
/** Beyond it ages and late marks mislead. */
export const MOST_SKEW_MS = 2_000;

/** How the data provider does, in one line for cards and readiness: the worst of its feeds and of its REST side. */
export function massiveFinding(
  provider: Pick<Provider, 'feed' | 'breakerState' | 'limitedForMs' | 'clockSkewMs'>,
  clock: Clock,
  sandboxLabel: string | undefined,
): Finding {
  const feeds = provider.feed.state();
  const words = feeds.map(feedWords).join(', ');
  if (provider.breakerState() === 'open')
    return { state: 'down', reason: `REST held back after repeated failures; ${words}` };
  if (feeds.some((feed) => feed.up === 'down')) return { state: 'degraded', reason: words };
  if (feeds.some((feed) => feed.up === 'polling')) return { state: 'degraded', reason: words };
  const limitedMs = provider.limitedForMs();
  if (limitedMs !== undefined && limitedMs < LIMIT_TOLD_MS) {
    return { state: 'degraded', reason: `the request limit was hit ${Math.ceil(limitedMs / 1_000)} s ago; ${words}` };
  }
  const skewMs = provider.clockSkewMs() ?? 0;
  if (Math.abs(skewMs) > MOST_SKEW_MS) return { state: 'degraded', reason: `${skewWords(skewMs)}; ${words}` };
  const lastAt = Math.max(...feeds.map((feed) => feed.lastEventAt ?? 0));
  const silent = lastAt > 0 && clock.now() - lastAt > SILENT_MS ? ', no event for over five minutes' : '';
  if (sandboxLabel !== undefined) return { state: 'sandbox', reason: `${sandboxLabel}; ${words}${silent}` };
  return { state: 'ok', reason: `${words}${silent}` };
}

function feedWords({ feed, up, since, reason }: FeedState): string {
  if (up === 'live' || up === 'off') return `${feed} ${UP_WORD[up]}`;
  const why = reason === undefined ? '' : `, ${plainReason(reason)}`;
  return `${feed} ${UP_WORD[up]} since ${wallClock(since)} ET${why}`;
}

export function skewWords(skewMs: number): string {
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1);
  return `this machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the data provider's`;
}

/** A member reads what happened, not the socket's own words; those are in the log. */
export function plainReason(reason: string): string {
  if (reason.startsWith('silent')) return 'no sign of life';
  if (/^closed|hang up|ECONN|refused|ENOTFOUND|timeout|login/i.test(reason)) return 'connection lost, trying again';
  return reason;
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

/** Whether a model words the coach's answers; without a key they are fixed sentences. */
export function modelFinding(model: { readonly model: string } | undefined): Finding {
  if (!model) return { state: 'off', reason: 'no model: answers in fixed sentences' };
  return { state: 'ok', reason: model.model };
}
