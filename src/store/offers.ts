import { z } from 'zod';
import { type Plan, planSchema } from '../domain/plan.ts';
import { type Provenance, provenanceSchema } from '../domain/provenance.ts';
import type { Log } from '../kit/log.ts';
import { ask } from './ask.ts';
import { hexPattern, readAll, readEach } from './bodies.ts';
import type { Client } from './clients.ts';
import { instant, toInstant } from './rows.ts';

/** A plan that lives, with the places of its card and its thread once they stand. */
export interface Offer {
  readonly plan: Plan;
  /** Whose own plan it is; null for everybody's. */
  readonly memberId: string | null;
  readonly provenance: Provenance;
  readonly messageId?: string;
  readonly channelId?: string;
  readonly threadId?: string;
  readonly createdAt: number;
  /** No trade of it is open any more, the shadow neither. */
  readonly isOver: boolean;
}

/** Offers that whoever asks may see. */
export interface OffersRead {
  /** By whole id or a prefix of at least 4 hex digits; nothing where several fit. */
  get(planIdOrPrefix: string): Promise<Offer | undefined>;
  /** Decided at or after `at` (market time), newest first, 100 unless said. */
  since(at: number, limit?: number): Promise<Offer[]>;
}

export interface Offers extends OffersRead {
  /** What the plan was computed from; undefined where it was not kept. */
  inputsOf(planId: string): Promise<unknown>;
  /** All that are not over. */
  open(): Promise<Offer[]>;
  /** Says where the card and the thread are. */
  place(
    planId: string,
    at: { readonly channelId: string; readonly messageId: string; readonly threadId: string },
  ): Promise<void>;
}

// By name, because members may not read the inputs.
const COLUMNS = 'plan_id,member_id,plan,provenance,channel_id,message_id,thread_id,is_over,created_at';
const NEWEST = 100;

const row = z
  .object({
    member_id: z.string().nullable(),
    plan: planSchema,
    provenance: provenanceSchema,
    channel_id: z.string().nullable(),
    message_id: z.string().nullable(),
    thread_id: z.string().nullable(),
    is_over: z.boolean(),
    created_at: instant,
  })
  .transform(
    (r): Offer => ({
      plan: r.plan,
      memberId: r.member_id,
      provenance: r.provenance,
      ...(r.message_id === null ? {} : { messageId: r.message_id }),
      ...(r.channel_id === null ? {} : { channelId: r.channel_id }),
      ...(r.thread_id === null ? {} : { threadId: r.thread_id }),
      createdAt: r.created_at,
      isOver: r.is_over,
    }),
  );
const keyed = z.array(z.looseObject({ plan_id: z.string() }));
const inputs = z.object({ inputs: z.unknown() });
const placed = z.array(z.object({ plan_id: z.string() }));

/** The offers that this client may see. */
export function createOffersRead(client: Client, log: Pick<Log, 'warn'>): OffersRead {
  const offers = () => client.from('offers').select(COLUMNS);
  return {
    async get(planIdOrPrefix) {
      const pattern = hexPattern(planIdOrPrefix);
      if (pattern === undefined) return undefined;
      const found = await ask('offers.get', offers().like('plan_id', pattern).limit(2), keyed);
      return found.length === 1 ? row.parse(found[0]) : undefined;
    },
    async since(at, limit = NEWEST) {
      const query = offers().gte('decided_at', toInstant(at)).order('decided_at', { ascending: false });
      return readEach(await ask('offers.since', query.order('plan_id').limit(limit), keyed), row, log, 'offers.since');
    },
  };
}

/** All offers by the service key. */
export function createOffers(client: Client, log: Pick<Log, 'warn'>): Offers {
  return {
    ...createOffersRead(client, log),
    async inputsOf(planId) {
      const query = client.from('offers').select('inputs').eq('plan_id', planId).maybeSingle();
      const found = await ask('offers.inputsOf', query, inputs.nullable());
      return found?.inputs ?? undefined;
    },
    async open() {
      const page = (after: string, limit: number) => {
        const query = client.from('offers').select(COLUMNS).is('is_over', false).gt('plan_id', after);
        return ask('offers.open', query.order('plan_id').limit(limit), keyed);
      };
      const found = await readAll(page, (r) => r.plan_id);
      return readEach(found, row, log, 'offers.open').sort((a, b) => a.createdAt - b.createdAt);
    },
    async place(planId, { channelId, messageId, threadId }) {
      const change = { channel_id: channelId, message_id: messageId, thread_id: threadId };
      await ask(
        'offers.place',
        client.from('offers').update(change).eq('plan_id', planId).select('plan_id'),
        placed.length(1),
      );
    },
  };
}
