import { type FeedState, SWITCHED_OFF } from '../massive/feed.ts';
import type { Provider } from '../massive/provider.ts';
import { MOST_SKEW_MS, plainReason, skewWords } from './part-findings.ts';

/** The provider's side of the house, as far as health news need it. */
export type Watched = Pick<Provider, 'breakerState' | 'limitedForMs' | 'queueDepth' | 'clockSkewMs'> & {
  readonly feed: Pick<Provider['feed'], 'state' | 'onState'>;
};

/** How one part does at this moment; `unsure` changes nothing that was said of it. */
export type PartNow = { readonly part: string } & (
  | { readonly mood: 'good' | 'unsure' }
  | {
      readonly mood: 'bad';
      /** It was so for a while before anybody could know. */
      readonly isProven: boolean;
      readonly reason: string;
      /** What still works and what happens next. */
      readonly works: string;
    }
);

/** Real time; a plan's limit is by the minute. */
const LIMIT_FRESH_MS = 5_000;
const LIMIT_OVER_MS = 60_000;
const MANY_WAIT = 20;

const STREAM_BACK = 'The stream is tried again until it is back; the minutes that it missed are then read.';
const BY_REQUEST = `Prices and minutes come by single requests, every few seconds. ${STREAM_BACK}`;
const BLIND = `Answers give what was last known, with its age. ${STREAM_BACK}`;
const HELD_BACK =
  'Calls are held back and one is tried every 30 seconds. Answers give what was last known, with its age.';
const WAITING_PLANS =
  'Open plans stand still while minutes are missing: no step is made up. When they can be read they are judged in order, and what was missed is told, marked LATE.';
const PLANS_GO_ON = 'Open plans go on with minutes that are asked for one by one, a little later than usual.';
const LIMITED =
  'Questions of members go first, everything else waits; cached answers say their age. It is over when the minute is.';
const SKEWED = "Ages and LATE marks are off by as much, nothing else. Set this machine's time (NTP).";

/** Every part of the data provider that `#ops` is told of. */
export function partsOf(provider: Watched): readonly PartNow[] {
  return [...provider.feed.state().map(feedNow), restNow(provider), limitNow(provider), clockNow(provider)];
}

/** What the threads of open plans are told: whether the minutes of their symbols come. */
export function planDataOf(provider: Watched): readonly { readonly now: PartNow; carries(symbol: string): boolean }[] {
  return provider.feed.state().map((state) => {
    const own = { ...feedNow(state), part: `${state.feed} data` };
    const isBlind = state.up === 'down' || restNow(provider).mood === 'bad';
    return {
      now: own.mood === 'bad' ? { ...own, works: isBlind ? WAITING_PLANS : PLANS_GO_ON } : own,
      carries: (symbol) => symbol.startsWith('I:') === (state.feed === 'indices'),
    };
  });
}

function feedNow({ feed, up, reason }: FeedState): PartNow {
  const part = `${feed} feed`;
  const isMeant = up === 'polling' && reason === SWITCHED_OFF;
  if (up === 'live' || up === 'off' || isMeant) return { part, mood: 'good' };
  return {
    part,
    mood: 'bad',
    isProven: reason?.startsWith('silent') === true,
    reason: reason === undefined ? 'The stream does not deliver' : plainReason(reason),
    works: up === 'polling' ? BY_REQUEST : BLIND,
  };
}

function restNow(provider: Watched): PartNow {
  const part = 'data provider';
  if (provider.breakerState() === 'closed') return { part, mood: 'good' };
  return { part, mood: 'bad', isProven: true, reason: 'Requests failed several times in a row', works: HELD_BACK };
}

function limitNow(provider: Watched): PartNow {
  const part = 'request limit';
  const limitedMs = provider.limitedForMs() ?? Number.POSITIVE_INFINITY;
  const waiting = provider.queueDepth();
  if (limitedMs > LIMIT_FRESH_MS && waiting < MANY_WAIT)
    return { part, mood: limitedMs < LIMIT_OVER_MS ? 'unsure' : 'good' };
  const reason =
    waiting < MANY_WAIT ? "Requests fail for the plan's limit" : `${waiting} requests wait for the plan's limit`;
  return { part, mood: 'bad', isProven: false, reason, works: LIMITED };
}

function clockNow(provider: Watched): PartNow {
  const part = 'clock';
  const skewMs = provider.clockSkewMs() ?? 0;
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return { part, mood: 'good' };
  const words = skewWords(skewMs);
  return { part, mood: 'bad', isProven: false, reason: words.charAt(0).toUpperCase() + words.slice(1), works: SKEWED };
}
