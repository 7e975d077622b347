import { z } from 'zod';
import type { Plan } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import { type Step, stepSchema, type Trade } from '../domain/trade.ts';
import type { Log } from '../kit/log.ts';
import { ask } from './ask.ts';
import { hexPattern, readEach } from './bodies.ts';
import type { Client } from './clients.ts';
import type { OutgoingAlert } from './outbox.ts';
import { toAlertRow } from './outbox-rows.ts';
import { type TradeChange, toChangeRow, tradeRow } from './trades.ts';

/** One member's own trades. Their alerts are the rows that the program writes of the call's steps and of the plan they bring along. */
export interface OwnTrades {
  /**
   * Takes an offer that the member may see, or the plan of their own that comes along and becomes one: its id is that of their own
   * (`ownPlanIdOf`). `already`, and nothing written, when they have taken it. A StoreError `forbidden` for whatever is not theirs.
   */
  take(entry: {
    readonly trade: Trade;
    readonly steps: readonly Step[];
    readonly alerts: readonly OutgoingAlert[];
    readonly offer?: { readonly plan: Plan; readonly inputs?: unknown; readonly provenance: Provenance };
  }): Promise<'taken' | 'already'>;
  /** Like `Trades.apply`, for one trade of the member; a StoreError `forbidden` for any other. */
  apply(change: TradeChange, alerts: readonly OutgoingAlert[]): Promise<boolean>;
  /** Newest first, 25 unless said. */
  list(options?: { readonly limit?: number; readonly openOnly?: boolean }): Promise<Trade[]>;
  /** By whole id or a prefix of at least 4 hex digits; nothing where several fit. */
  get(tradeIdOrPrefix: string): Promise<Trade | undefined>;
  /** In order; none of a trade that is not theirs. */
  steps(tradeId: string): Promise<Step[]>;
}

const NEWEST = 25;
const outcome = z.enum(['taken', 'already']);
const rows = z.array(z.unknown());
const stepRow = z.object({ body: stepSchema }).transform((r) => r.body);

/** The trades of the member whose client this is. */
export function createOwnTrades(client: Client, memberId: string, log: Pick<Log, 'warn'>): OwnTrades {
  const own = () => client.from('trades').select('body').eq('member_id', memberId);
  return {
    take: ({ trade, steps, alerts, offer }) =>
      ask(
        'trades.take',
        client.rpc('take_plan', {
          trade,
          steps,
          alerts: alerts.map(toAlertRow),
          ...(offer === undefined ? {} : { offer }),
        }),
        outcome,
      ),
    apply: (change, alerts) =>
      ask(
        'trades.applyOwn',
        client.rpc('transition_own', { change: toChangeRow(change), alerts: alerts.map(toAlertRow) }),
        z.boolean(),
      ),
    async list({ limit = NEWEST, openOnly = false } = {}) {
      const query = openOnly ? own().neq('state', 'closed') : own();
      const newest = query.order('opened_at', { ascending: false }).order('trade_id').limit(limit);
      return readEach(await ask('trades.list', newest, rows), tradeRow, log, 'trades.list');
    },
    async get(tradeIdOrPrefix) {
      const pattern = hexPattern(tradeIdOrPrefix);
      if (pattern === undefined) return undefined;
      const found = await ask('trades.get', own().like('trade_id', pattern).limit(2), z.array(tradeRow));
      return found.length === 1 ? found[0] : undefined;
    },
    steps: (tradeId) =>
      ask(
        'trades.steps',
        client.from('trade_steps').select('body').eq('trade_id', tradeId).order('seq'),
        z.array(stepRow),
      ),
  };
}
