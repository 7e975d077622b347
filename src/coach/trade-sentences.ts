/** Sentences about trades and setups, like those in `sentences.ts`: placeholders, never numbers. */

export const NO_TRADE_YET = 'You have no trade yet: press “Take it” under a plan, and its steps are told to you.';

type State = 'armed' | 'triggered' | 'scaled' | 'closed';

interface Life {
  readonly trade: {
    readonly tradeId: string;
    readonly planId: string;
    readonly symbol: string;
    readonly direction: string;
    readonly armedAt: number;
    readonly closedAt?: number;
    readonly fill?: object;
  };
  readonly head: {
    readonly state: State;
    readonly closedAs?: string;
    readonly fillPrice?: number;
    readonly next?: object;
    readonly stop?: object;
  };
}

/** How a trade ended, in a desk's words. */
const ENDED: Readonly<Record<string, string>> = {
  stopped: 'stopped out',
  trailed: 'ended by its trailing stop',
  timed_out: 'ended by its time stop',
  completed: 'sold out at its last target',
  closed_by_member: 'closed at your word',
  expired: 'expired before the trigger',
  invalidated: 'became invalid before the trigger',
  cancelled: 'cancelled before the trigger',
};

const STEP: Readonly<Record<string, string>> = {
  triggered: 'triggered',
  missed: 'entry missed',
  fill_corrected: 'fill corrected',
  suspended: 'suspended',
  resumed: 'resumed',
  stopped: 'stopped',
  trailed: 'trailing stop',
  timed_out: 'time stop',
  completed: 'completed',
  closed_by_member: 'closed by you',
  expired: 'expired',
  invalidated: 'invalidated',
  cancelled: 'cancelled',
};

const MOST_LISTED = 6;
const MOST_STEPS = 8;

/** What is banked, open, best and worst, whatever state it is in. */
function stateOf(at: string, { head }: Life): string {
  const { state, closedAs = '', fillPrice, next, stop } = head;
  if (state === 'closed') {
    const how = ENDED[closedAs] ?? 'ended';
    return fillPrice === undefined ? how : `${how}, result {{${at}.result.realisedR|r}}, best {{${at}.result.mfeR|r}}`;
  }
  if (state === 'armed') {
    return next === undefined
      ? 'waits for its trigger'
      : `waits for {{${at}.head.next.price|price}}, last {{${at}.head.lastPrice|price}}`;
  }
  const ahead = next === undefined ? '' : `, next {{${at}.head.next.name|text}} {{${at}.head.next.price|price}}`;
  const under = stop === undefined ? '' : `, stop {{${at}.head.stop.price|price}}`;
  return `in at {{${at}.head.fillPrice|price}}, banked {{${at}.head.realisedR|r}}, open {{${at}.head.openR|r}}${ahead}${under}`;
}

export const trades = (id: string, { trades: all }: { readonly trades: readonly Life[] }): string =>
  all.length === 0
    ? NO_TRADE_YET
    : all
        .slice(0, MOST_LISTED)
        .map(
          (life, i) =>
            `- {{${id}.trades.${i}.trade.symbol|text}} ${life.trade.direction}: ${stateOf(`${id}.trades.${i}`, life)}`,
        )
        .join('\n');

interface Shown extends Life {
  readonly steps: readonly { readonly kind: string; readonly target?: string; readonly price?: number }[];
}

/** One trade from its entry to where it is now. */
export function trade(id: string, life: Shown): string {
  const { head, steps, trade: own } = life;
  const held =
    head.fillPrice === undefined
      ? ''
      : ` Worst {{${id}.result.maeR|r}}, held {{${id}.result.minutesHeld|count}} minutes, slippage {{${id}.result.slippage|change}} a share.`;
  const told = steps
    .map(({ kind, target, price }, i) => {
      const what = target === undefined ? (STEP[kind] ?? 'a step') : `{{${id}.steps.${i}.target|text}} reached`;
      return price === undefined ? what : `${what} at {{${id}.steps.${i}.price|price}}`;
    })
    .slice(-MOST_STEPS);
  const path = told.length === 0 ? '' : `\nStep by step: ${told.join(', ')}.`;
  return `Your {{${id}.trade.symbol|text}} ${own.direction} ${head.state === 'closed' ? 'is over' : 'is open'}: ${stateOf(id, life)}.${held}${path}`;
}

interface SetupsOutput {
  readonly setups: readonly { readonly outcome: 'offered' | 'refused'; readonly refusal?: object }[];
}

/** The offered ones first: those can be taken. */
export function setups(id: string, { setups: all }: SetupsOutput): string {
  if (all.length === 0) return 'The scanner has found no setup in this session yet.';
  const line = ({ i }: { readonly i: number }): string =>
    `{{${id}.setups.${i}.symbol|text}} {{${id}.setups.${i}.direction|text}}, {{${id}.setups.${i}.title|text}}, {{${id}.setups.${i}.detectedAt|time}}`;
  const placed = all.map((setup, i) => ({ ...setup, i }));
  const offered = placed.filter(({ outcome }) => outcome === 'offered').slice(0, MOST_LISTED);
  const refused = placed.filter(({ outcome, refusal }) => outcome === 'refused' && refusal).slice(0, 3);
  return [
    offered.length === 0
      ? 'No plan has been offered in this session yet.'
      : `Offered:\n${offered.map((one) => `- ${line(one)}`).join('\n')}`,
    ...(refused.length === 0
      ? []
      : [
          `Refused:\n${refused.map((one) => `- ${line(one)}: {{${id}.setups.${one.i}.refusal.reason|text}}`).join('\n')}`,
        ]),
  ].join('\n');
}

/** The newest of a symbol, or of all; what ended last counts like what began last, and what was never entered comes last. */
export function latestTrade(
  { trades: all }: { readonly trades: readonly Life[] },
  symbol?: string,
): Life['trade'] | undefined {
  const newest = all.map(({ trade: one }) => one).sort((a, b) => (b.closedAt ?? b.armedAt) - (a.closedAt ?? a.armedAt));
  const entered = [...newest.filter((one) => one.fill), ...newest.filter((one) => !one.fill)];
  return entered.find((one) => one.symbol === symbol) ?? entered[0];
}
