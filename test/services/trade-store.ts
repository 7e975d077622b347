import type { Alert } from '../../src/domain/alert.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Step, Trade } from '../../src/domain/trade.ts';
import { tradeSchema } from '../../src/domain/trade.ts';
import type { Kept } from '../../src/services/outgoing.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { Offer } from '../../src/store/offers.ts';
import type { OutgoingAlert } from '../../src/store/outbox.ts';
import type { OwnTrades } from '../../src/store/own-trades.ts';
import type { TradeChange } from '../../src/store/trades.ts';

/** A database of trades in memory that keeps the rules of the real one, and fails when told. */
export interface TradeStore {
  readonly steps: Map<string, Step[]>;
  readonly outbox: Map<string, OutgoingAlert>;
  /** Asked at each write: fail before it is done, or after. */
  fault: () => 'before' | 'after' | undefined;
  /** Asked at each read. */
  isAway: () => boolean;
  writes: number;
  offer(plan: Plan, shadow: Trade | undefined, memberId?: string): void;
  /** A plan that the member built for themselves. */
  keepPlan(memberId: string, plan: Plan): void;
  trade(tradeId: string): Trade | undefined;
  alerts(): Alert[];
  readonly trades: {
    open(): Promise<Trade[]>;
    ofPlan(planId: string): Promise<Trade[]>;
    apply(changes: readonly TradeChange[], alerts: readonly OutgoingAlert[]): Promise<boolean>;
  };
  as(memberId: string): {
    readonly trades: OwnTrades;
    readonly offers: { get(planId: string): Promise<Offer | undefined> };
    readonly plans: { get(planId: string): Promise<Plan | undefined> };
  };
}

const unreachable = (operation: string): StoreError =>
  new StoreError(operation, '', 'no answer', { kind: 'unreachable' });
const stored = (trade: Trade): Trade => tradeSchema.parse(JSON.parse(JSON.stringify(trade)));

export function tradeStore(): TradeStore {
  const trades = new Map<string, Trade>();
  const offers = new Map<string, Offer>();
  const plans = new Map<string, { readonly memberId: string; readonly plan: Plan }>();

  const read = async <T>(operation: string, answer: () => T): Promise<T> => {
    if (store.isAway()) throw unreachable(operation);
    return answer();
  };
  const write = async <T>(operation: string, change: () => T): Promise<T> => {
    store.writes += 1;
    const fault = store.isAway() ? 'before' : store.fault();
    if (fault === 'before') throw unreachable(operation);
    const answer = change();
    if (fault === 'after') throw unreachable(operation);
    return answer;
  };
  const put = (trade: Trade, steps: readonly Step[], fromSeq: number, alerts: readonly OutgoingAlert[]): void => {
    const known = store.steps.get(trade.tradeId) ?? [];
    if (trade.seq - fromSeq !== steps.length || known.length !== fromSeq) throw new Error('steps with a hole');
    trades.set(trade.tradeId, stored(trade));
    store.steps.set(trade.tradeId, [...known, ...steps]);
    for (const alert of alerts) if (!store.outbox.has(alert.alertId)) store.outbox.set(alert.alertId, alert);
  };
  const apply = (changes: readonly TradeChange[], alerts: readonly OutgoingAlert[]): boolean => {
    if (!changes.every(({ trade, fromSeq }) => trades.get(trade.tradeId)?.seq === fromSeq)) return false;
    for (const { trade, steps, fromSeq } of changes) put(trade, steps, fromSeq, []);
    for (const alert of alerts) if (!store.outbox.has(alert.alertId)) store.outbox.set(alert.alertId, alert);
    return true;
  };
  const one = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

  const store: TradeStore = {
    steps: new Map(),
    outbox: new Map(),
    fault: () => undefined,
    isAway: () => false,
    writes: 0,
    offer(plan, shadow, memberId) {
      const provenance = { asOf: plan.decidedAt, source: 'test', timeliness: 'live' } as const;
      offers.set(plan.planId, { plan, memberId: memberId ?? null, provenance, createdAt: 0, isOver: false });
      if (shadow) put(shadow, [], 0, []);
    },
    keepPlan: (memberId, plan) => void plans.set(plan.planId, { memberId, plan }),
    trade: (tradeId) => trades.get(tradeId),
    alerts: () => [...store.outbox.values()].map(({ payload }) => (payload as Kept).alert),
    trades: {
      open: () => read('trades.open', () => [...trades.values()].filter(({ state }) => state !== 'closed')),
      ofPlan: (planId) => read('trades.ofPlan', () => [...trades.values()].filter((trade) => trade.planId === planId)),
      apply: (changes, alerts) => write('trades.apply', () => apply(changes, alerts)),
    },
    as: (memberId) => ({
      trades: {
        take: ({ trade, steps, alerts, offer }) =>
          write('trades.take', () => {
            if (trade.memberId !== memberId) throw new Error('not their own');
            if (offer && !offers.has(trade.planId)) store.offer(offer.plan, undefined, memberId);
            const known = offers.get(trade.planId);
            if (!known || (known.memberId !== null && known.memberId !== memberId)) {
              throw new StoreError('trades.take', '23505', 'not on offer', { kind: 'constraint' });
            }
            if (trades.has(trade.tradeId)) return 'already';
            put(trade, steps, 0, alerts);
            return 'taken';
          }),
        apply: (change, alerts) =>
          write('trades.applyOwn', () => {
            if (change.trade.memberId !== memberId) throw new Error('not their own');
            return apply([change], alerts);
          }),
        list: ({ openOnly = false } = {}) =>
          read('trades.list', () =>
            [...trades.values()].filter(
              (trade) => trade.memberId === memberId && !(openOnly && trade.state === 'closed'),
            ),
          ),
        get: (id) =>
          read('trades.get', () =>
            one([...trades.values()].filter((trade) => trade.memberId === memberId && trade.tradeId.startsWith(id))),
          ),
        steps: (tradeId) =>
          read('trades.steps', () =>
            trades.get(tradeId)?.memberId === memberId ? (store.steps.get(tradeId) ?? []) : [],
          ),
      },
      offers: {
        get: (id) =>
          read('offers.get', () =>
            one(
              [...offers.values()].filter(
                (offer) => offer.plan.planId.startsWith(id) && (offer.memberId ?? memberId) === memberId,
              ),
            ),
          ),
      },
      plans: {
        get: (id) =>
          read('plans.get', () =>
            one(
              [...plans.values()].flatMap((own) =>
                own.memberId === memberId && own.plan.planId.startsWith(id) ? [own.plan] : [],
              ),
            ),
          ),
      },
    }),
  };
  return store;
}
