import type { StepAlert } from '../domain/alert.ts';
import type { Step } from '../domain/trade.ts';
import { distance, newYorkClock, price, rMultiple } from './format.ts';
import { partWord, resultWords } from './trade-state.ts';

type Told = Pick<StepAlert, 'step' | 'symbol' | 'direction' | 'result'>;

/**
 * One step of a plan's life in one line: prices and R, never how many shares somebody holds.
 * `Triggered  AAPL 94.12 at 10:41:00 · plan said 94.10 · slippage 0.02`
 */
export function stepLine(told: Told): string {
  const { lead, facts } = words(told);
  return [lead, ...facts, ...ending(told)].filter((part) => part !== '').join(' · ');
}

/** The first words of a step alone: `T1 hit`. */
export function stepName({ kind, target }: Pick<Step, 'kind' | 'target'>): string {
  return kind === 'target' ? `${target ?? 'Target'} hit` : NAMES[kind];
}

const NAMES: Record<Exclude<Step['kind'], 'target'>, string> = {
  triggered: 'Triggered',
  missed: 'Missed',
  fill_corrected: 'Fill corrected',
  suspended: 'Suspended',
  resumed: 'Resumed',
  stopped: 'Stopped',
  trailed: 'Trailed out',
  timed_out: 'Time stop',
  completed: 'Completed',
  closed_by_member: 'Closed',
  expired: 'Expired',
  invalidated: 'Invalidated',
  cancelled: 'Cancelled',
};

function words(told: Told): { readonly lead: string; readonly facts: readonly string[] } {
  const { step, symbol } = told;
  const name = stepName(step);
  const at = `at ${newYorkClock(step.at)}`;
  const paid = step.price === undefined ? '' : ` ${price(step.price)}`;
  const alone = `${name} ${paid}`.trimEnd();
  switch (step.kind) {
    case 'triggered':
      return { lead: `${name}  ${symbol}${paid} ${at}`, facts: slippage(told) };
    case 'missed':
      return { lead: `${name}  ${symbol}${paid} ${at}`, facts: [...planned(step, 'limit'), 'the order waits there'] };
    case 'target':
      return { lead: alone, facts: [...planned(step, 'plan said'), ...banked(told)] };
    case 'stopped':
    case 'trailed':
      return { lead: `${alone}${onTheRest(step)}`, facts: planned(step, 'stop was') };
    case 'timed_out':
      return { lead: `${alone} at the close`, facts: [] };
    case 'completed':
      return { lead: alone, facts: [] };
    case 'closed_by_member':
      return { lead: `${alone} by the member`, facts: [] };
    case 'fill_corrected':
      return { lead: alone, facts: planned(step, 'was') };
    case 'suspended':
      return { lead: `${name}  ${symbol}${paid} ${at}`, facts: ['looks like a split', 'waits for word of it'] };
    case 'resumed':
      return { lead: `${name}  ${symbol} ${at}`, facts: step.stopAfter === undefined ? [] : [stopAt(step.stopAfter)] };
    case 'expired':
    case 'invalidated':
      return { lead: `${name}  ${symbol}${paid} ${at}`, facts: [] };
    case 'cancelled':
      return { lead: `${name}  ${symbol} ${at}`, facts: [] };
  }
}

function slippage({ step, direction }: Told): string[] {
  const { price: paid, plannedPrice } = step;
  if (paid === undefined || plannedPrice === undefined) return ['as planned'];
  const worse = (direction === 'long' ? 1 : -1) * (paid - plannedPrice);
  const word = worse > 0 ? `slippage ${distance(worse)}` : `${distance(worse)} better`;
  return [`plan said ${price(plannedPrice)}`, word];
}

function planned({ plannedPrice }: Step, word: string): string[] {
  return plannedPrice === undefined ? [] : [`${word} ${price(plannedPrice)}`];
}

function banked({ step, direction, result }: Told): string[] {
  const verb = direction === 'long' ? 'sold' : 'covered';
  const { shares, remainingShares, stopAfter, target, realisedR } = step;
  const first = target === 'T1';
  const part =
    shares <= 0
      ? 'too few shares to part with'
      : remainingShares <= 0
        ? `${first ? 'all' : 'the rest'} ${verb}`
        : `${partWord(shares / (shares + remainingShares))}${first ? '' : ' of the rest'} ${verb}`;
  const stop = stopAfter === undefined ? [] : [first ? `stop to ${price(stopAfter)}` : stopAt(stopAfter)];
  return [part, ...stop, ...(result ? [] : [`${rMultiple(realisedR)} banked`])];
}

const stopAt = (stopAfter: number): string => `stop ${price(stopAfter)}`;

/** Only the plan's own stop takes the whole position: behind a target stands another one. */
function onTheRest({ kind, reason }: Step): string {
  if (kind === 'trailed') return ' on the runner';
  return /break-even|moved to/.test(reason) ? ' on the rest' : '';
}

const NEVER_HELD: readonly Step['kind'][] = ['expired', 'invalidated', 'cancelled'];

function ending({ step, result }: Told): string[] {
  if (!result) return [];
  if (step.kind === 'cancelled' && result.minutesHeld > 0) return ['result not known'];
  return [resultWords(result, !NEVER_HELD.includes(step.kind))];
}
