import { z } from 'zod';
import { type Step, type Trade, tradeSchema } from '../domain/trade.ts';
import type { Log } from '../kit/log.ts';
import { ask } from './ask.ts';
import { readAll, readEach } from './bodies.ts';
import type { Client } from './clients.ts';
import type { OutgoingAlert } from './outbox.ts';
import { toAlertRow } from './outbox-rows.ts';

/** One trade's way from one seq to another. */
export interface TradeChange {
  /** As it is afterwards. */
  readonly trade: Trade;
  /** Its seq before; somebody else was first where the database has another. */
  readonly fromSeq: number;
  /** From `fromSeq` on, without a hole. */
  readonly steps: readonly Step[];
}

/** Trades of all members and the shadows. */
export interface Trades {
  /** All that have not ended, shadows too. */
  open(): Promise<Trade[]>;
  /** The plan's shadow and members' trades, ended ones too. */
  ofPlan(planId: string): Promise<Trade[]>;
  /**
   * Writes trades, steps and alerts, all or nothing: false, and nothing, when any trade is not at its `fromSeq` any more. Rows that
   * belie each other are refused with a StoreError.
   */
  apply(changes: readonly TradeChange[], alerts: readonly OutgoingAlert[]): Promise<boolean>;
}

/** A stored trade, out of its row. */
export const tradeRow = z.object({ body: tradeSchema }).transform((r) => r.body);
const keyed = z.array(z.looseObject({ trade_id: z.string() }));

/** A change as the database's functions read it. */
export function toChangeRow({ trade, fromSeq, steps }: TradeChange) {
  return { trade, from_seq: fromSeq, steps };
}

/** All trades by the service key. */
export function createTrades(client: Client, log: Pick<Log, 'warn'>): Trades {
  const paged = async (operation: string, only: (query: ReturnType<typeof rows>) => ReturnType<typeof rows>) => {
    const page = (after: string, limit: number) =>
      ask(operation, only(rows()).gt('trade_id', after).order('trade_id').limit(limit), keyed);
    return readEach(await readAll(page, (r) => r.trade_id), tradeRow, log, operation);
  };
  const rows = () => client.from('trades').select('trade_id,body');
  return {
    open: () => paged('trades.open', (query) => query.neq('state', 'closed')),
    ofPlan: (planId) => paged('trades.ofPlan', (query) => query.eq('plan_id', planId)),
    apply: (changes, alerts) =>
      ask(
        'trades.apply',
        client.rpc('apply_transitions', { changes: changes.map(toChangeRow), alerts: alerts.map(toAlertRow) }),
        z.boolean(),
      ),
  };
}
