import type { Bar } from './bar.ts';
import { untradable } from './build-plan.ts';
import type { JudgedSetup } from './judged-setup.ts';
import type { StockSnapshot } from './market.ts';
import { topMovers } from './movers.ts';
import type { Plan, Refusal } from './plan.ts';
import { priceText } from './price.ts';
import type { SessionDay } from './session.ts';
import { wallClock } from './session.ts';
import { advanceAll } from './trade/advance.ts';
import { openShadow } from './trade.ts';

const LAST_OFFER_BEFORE_CLOSE_MS = 45 * 60_000;
const HOUR_MS = 60 * 60_000;
/** The open alone would use up any number for a day. */
const MOST_AN_HOUR = 4;
const MOST_OFFERS = 20;
const MOST_ACTIVE = 20;
const FIRST_TODAY = 5;
const MOST_UNASKED = 30;

/** Most confidence first, then names, and what has no plan last: the order in which setups of one bar are offered or refused. */
export function inOrderOfOffer<T extends JudgedSetup>(setups: readonly T[]): readonly T[] {
  const scoreOf = ({ result }: JudgedSetup): number => (result.ok ? result.plan.confidence.score : -1);
  const nameOf = ({ setup }: JudgedSetup): string => `${setup.symbol} ${setup.detector} ${setup.direction}`;
  return [...setups].sort((a, b) => scoreOf(b) - scoreOf(a) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/**
 * Why the house does not offer a plan that could be made; `offered` are the public offers of its session, with the symbol's minutes. A
 * symbol that somebody watches is asked for: the hour's number does not hold it back.
 */
export function refusalOfOffer(
  plan: Plan,
  known: {
    readonly day: SessionDay;
    readonly offered: readonly Plan[];
    readonly minutes: readonly Bar[];
    readonly isWatched: boolean;
  },
): Refusal | undefined {
  const { day, minutes, isWatched } = known;
  const at = plan.decidedAt;
  if (at > day.closesAt - LAST_OFFER_BEFORE_CLOSE_MS) {
    const left = Math.round((day.closesAt - at) / 60_000);
    const reason = `${left} minutes are left until the close, an offer needs ${LAST_OFFER_BEFORE_CLOSE_MS / 60_000}.`;
    return { code: 'too_late', reason };
  }
  const offered = known.offered.filter((offer) => offer.decidedAt <= at && offer.planId !== plan.planId);
  const held = offered.find((offer) => isRival(offer, plan) && stands(offer, minutes, at));
  if (held) {
    const { symbol, direction, entry, decidedAt } = held;
    const reason = `The ${direction} offer of ${symbol} from ${wallClock(decidedAt)} ET at ${priceText(entry.triggerPrice)} still stands.`;
    return { code: 'standing', reason };
  }
  const lately = offered.filter((offer) => offer.decidedAt > at - HOUR_MS).length;
  if (!isWatched && lately >= MOST_AN_HOUR) {
    const reason = `${lately} plans were offered in the last hour, at most ${MOST_AN_HOUR} are unasked; a watched symbol is offered all the same.`;
    return { code: 'enough', reason };
  }
  if (offered.length < MOST_OFFERS) return undefined;
  return { code: 'enough', reason: `${offered.length} plans were offered this session, at most ${MOST_OFFERS} are.` };
}

const isRival = (offer: Plan, plan: Plan): boolean =>
  offer.symbol === plan.symbol && offer.direction === plan.direction;

/** Whether an offer's own life is not over, by the minutes that were closed at `at`: the same answer whoever has told its steps by then. */
export function stands(offer: Plan, minutes: readonly Bar[], at: number): boolean {
  const lived = minutes.filter((bar) => bar.openAt >= offer.decidedAt && bar.openAt + 60_000 <= at);
  const events = lived.map((bar) => ({ kind: 'bar', bar }) as const);
  return advanceAll(openShadow(offer), [...events, { kind: 'clock', at }]).trade.state !== 'closed';
}

/**
 * The stocks and funds that are scanned unasked, by dollars traded: the first twenty of the last whole session, and once `isRunning` those
 * that made it into today's first five. Who is in stays in for the session: a ranking of the moment would change with the second it is read.
 */
export function mostActive(
  snapshots: readonly StockSnapshot[],
  held: ReadonlySet<string>,
  isRunning: boolean,
): readonly string[] {
  const tradable = snapshots.filter(({ symbol }) => untradable(symbol) === undefined);
  const lastSession = tradable.flatMap((snapshot) => {
    const { previousDay, ...rest } = snapshot;
    return previousDay ? [{ ...rest, day: previousDay }] : [];
  });
  const first = (of: readonly StockSnapshot[], limit: number): string[] =>
    topMovers(of, { direction: 'active', limit }).map(({ symbol }) => symbol);
  const today = isRunning ? first(tradable, FIRST_TODAY) : [];
  return [...new Set([...held, ...first(lastSession, MOST_ACTIVE), ...today])].slice(0, MOST_UNASKED);
}
