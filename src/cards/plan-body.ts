import type { Plan } from '../domain/plan.ts';
import { sessionDateOf } from '../domain/session.ts';
import type { CardButton } from './card.ts';
import {
  dateText,
  discordTime,
  fraction,
  money,
  newYorkClock,
  price,
  rMultiple,
  share,
  size,
  wholeMoney,
} from './format.ts';
import { escapeMarkdown } from './text.ts';
import { TONE_SIGN } from './theme.ts';

/** Long enough to be one plan or trade of all, short enough for a button. */
const BUTTON_ID_LENGTH = 12;
/** The strongest reasons; "Why?" has them all. */
const REASONS_FOR = 3;
const REASONS_AGAINST = 2;

/** An id as buttons carry it. */
export function buttonId(id: string): string {
  return id.slice(0, BUTTON_ID_LENGTH);
}

/** `▲ long`: the sign beside the word, for titles and tables. */
export function sideWord(direction: Plan['direction']): string {
  return `${TONE_SIGN[direction === 'long' ? 'up' : 'down']} ${direction}`;
}

/** Symbol, side, setup and timeframe; `Ended: ` before those of a plan that is over. */
export function planTitle({ symbol, direction, setup }: Plan, ended: boolean): string {
  const sign = TONE_SIGN[direction === 'long' ? 'up' : 'down'];
  const timeframe = setup.timeframe.replace(/^(\d+)m$/, '$1 min');
  return `${ended ? 'Ended: ' : ''}${sign} ${symbol}  ${direction} · ${setup.title} · ${timeframe}`;
}

/** Entry and stop. */
export function orderLines({ direction, entry, stop, riskPerShare }: Plan): string[] {
  const [verb, side, bound] = direction === 'long' ? ['Buy', 'above', 'up'] : ['Sell short', 'below', 'down'];
  return [
    `**${verb} ${side} ${price(entry.triggerPrice)}**, ${bound} to ${price(entry.limitPrice)}`,
    `**Stop ${price(stop.price)}** · risk ${money(riskPerShare)} a share`,
    `-# ${escapeMarkdown(stop.reason)}`,
  ];
}

/** The plan's facts are of its decision; what the price does since then stands beside it. */
export function decidedLine({ decidedAt, referencePrice }: Plan, at: number, lastDollars: number | undefined): string {
  const sameDay = sessionDateOf(decidedAt) === sessionDateOf(at);
  const decided = `${sameDay ? '' : `${dateText(sessionDateOf(decidedAt), { weekday: true })} `}${newYorkClock(decidedAt, false)} ET`;
  const now = lastDollars === undefined ? '' : `, now ${price(lastDollars)} at ${newYorkClock(at, false)}`;
  return `-# Decided ${decided} at ${price(referencePrice)}${now}`;
}

/** Targets and runner with the share to sell at each. */
export function exitRows({ targets, runner, direction }: Plan): string[][] {
  const verb = direction === 'long' ? 'sell' : 'cover';
  const rows = targets.map(({ name, price: at, r, shareRatio }) => [
    name,
    price(at),
    rMultiple(r),
    `${verb} ${fraction(shareRatio)}`,
  ]);
  if (runner.shareRatio > 0)
    rows.push(['Run', `trail ${money(runner.trailDistance)}`, '', `keep ${fraction(runner.shareRatio)}`]);
  return rows;
}

/** Of whose account the size is: the member's who asked, or the house's reference account. */
export function sizeLine({ size: { shares, riskDollars, riskPct, accountDollars } }: Plan, whose: 'own' | 'reference') {
  // fewer shares than the limit allows where the account cannot pay for more
  const limit = `limit ${share(riskPct, 1)} of ${wholeMoney(accountDollars)}`;
  const account = whose === 'own' ? limit : `${limit}, the reference account; yours by /risk`;
  return `Size **${size(shares)}** = ${wholeMoney(riskDollars)} at risk (${account})`;
}

export function confidenceLine({ confidence }: Plan): string {
  return `Confidence **${confidence.score.toFixed(0)} / 100**${confidence.measured ? '' : ' · not measured yet'}`;
}

/** The strongest reasons for and against. */
export function reasonLines({ rationale }: Plan): string[] {
  const line = (word: string, reasons: readonly string[]): string[] =>
    reasons.length === 0 ? [] : [`**${word}** ${reasons.map(escapeMarkdown).join(' · ')}`];
  return [
    ...line('For:', rationale.for.slice(0, REASONS_FOR)),
    ...line('Against:', rationale.against.slice(0, REASONS_AGAINST)),
  ];
}

/** When and by what an untriggered plan ends. */
export function endLine({ expiresAt, invalidation }: Plan): string {
  return `Ends ${discordTime(expiresAt, 'f')} if not triggered · wrong if ${escapeMarkdown(invalidation.rule)}`;
}

export function takeButton({ planId }: Plan, disabled: boolean): CardButton {
  return {
    label: 'Take it',
    style: 'primary',
    action: { command: 'trade-take', input: { planId: buttonId(planId) } },
    ...(disabled ? { disabled } : {}),
  };
}

export function whyButton({ planId }: Pick<Plan, 'planId'>): CardButton {
  return { label: 'Why?', style: 'secondary', action: { command: 'plan-why', input: { planId: buttonId(planId) } } };
}

export function watchButton(symbol: string): CardButton {
  return {
    label: `Watch ${symbol.replace(/^I:/, '')}`,
    style: 'secondary',
    action: { command: 'watch-add', input: { symbol } },
  };
}

export function coachButton({ planId }: Pick<Plan, 'planId'>): CardButton {
  return { label: 'Ask coach', style: 'secondary', action: { command: 'coach', input: { planId: buttonId(planId) } } };
}
