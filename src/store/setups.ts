import { z } from 'zod';
import { type Plan, type Refusal, refusalSchema } from '../domain/plan.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Trade } from '../domain/trade.ts';
import type { Log } from '../kit/log.ts';
import { ask } from './ask.ts';
import { readEach } from './bodies.ts';
import type { Client } from './clients.ts';
import type { OutgoingAlert } from './outbox.ts';
import { toAlertRow } from './outbox-rows.ts';
import { instant, toInstant } from './rows.ts';

/** What the scanner found and what became of it. */
export interface SetupRecord {
  readonly setupId: string;
  readonly symbol: string;
  readonly detector: string;
  readonly title: string;
  readonly direction: 'long' | 'short';
  readonly timeframe: string;
  /** Market time. */
  readonly detectedAt: number;
  readonly outcome: 'offered' | 'refused';
  /** Exactly where refused. */
  readonly refusal?: Refusal;
  /** Exactly where offered. */
  readonly planId?: string;
}

/** What is written together with an offered setup. */
interface NewOffer {
  readonly plan: Plan;
  /** JSON from which the plan can be computed again. */
  readonly inputs: unknown;
  readonly provenance: Provenance;
  readonly shadow: Trade;
  readonly alert: OutgoingAlert;
}

export interface Setups {
  /** All or nothing; false, and nothing written, when the setup was known. */
  record(entry: { readonly setup: SetupRecord; readonly offer?: NewOffer }): Promise<boolean>;
  /** Detected at or after `at` (market time), newest first, 100 unless said. */
  since(at: number, limit?: number): Promise<SetupRecord[]>;
}

const COLUMNS = 'setup_id,symbol,detector,title,direction,timeframe,detected_at,outcome,refusal,plan_id';
const NEWEST = 100;

const row = z
  .object({
    setup_id: z.string(),
    symbol: z.string(),
    detector: z.string(),
    title: z.string(),
    direction: z.enum(['long', 'short']),
    timeframe: z.string(),
    detected_at: instant,
    outcome: z.enum(['offered', 'refused']),
    refusal: refusalSchema.nullable(),
    plan_id: z.string().nullable(),
  })
  .transform(
    ({ setup_id, detected_at, refusal, plan_id, ...same }): SetupRecord => ({
      setupId: setup_id,
      ...same,
      detectedAt: detected_at,
      ...(refusal === null ? {} : { refusal }),
      ...(plan_id === null ? {} : { planId: plan_id }),
    }),
  );

function toRow({ setupId, detectedAt, planId, ...same }: SetupRecord) {
  return {
    setup_id: setupId,
    ...same,
    detected_at: toInstant(detectedAt),
    ...(planId === undefined ? {} : { plan_id: planId }),
  };
}

/** Setups by the service key. */
export function createSetups(client: Client, log: Pick<Log, 'warn'>): Setups {
  return {
    record: ({ setup, offer }) =>
      ask(
        'setups.record',
        client.rpc('record_setup', {
          setup: toRow(setup),
          ...(offer === undefined ? {} : { offer: { ...offer, alert: toAlertRow(offer.alert) } }),
        }),
        z.boolean(),
      ),
    async since(at, limit = NEWEST) {
      const query = client.from('setups').select(COLUMNS).gte('detected_at', toInstant(at));
      const newest = query.order('detected_at', { ascending: false }).order('setup_id').limit(limit);
      return readEach(await ask('setups.since', newest, z.array(z.unknown())), row, log, 'setups.since');
    },
  };
}
