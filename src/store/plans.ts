import { z } from 'zod';
import { type Plan, planSchema } from '../domain/plan.ts';
import type { Log } from '../kit/log.ts';
import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { toInstant } from './rows.ts';

/** One member's own plans; a saved plan never changes. */
export interface Plans {
  save(plan: Plan): Promise<'saved' | 'already'>;
  /** By whole id or a prefix of at least 4 hex digits; the newest when several fit. */
  get(planIdOrPrefix: string): Promise<Plan | undefined>;
  /** Newest first, 10 unless said. */
  list(options?: { readonly limit?: number }): Promise<Plan[]>;
}

const ID_LENGTH = 64;
const saved = z.array(z.object({ plan_id: z.string() }));
const bodies = z.array(z.object({ body: z.unknown() }));
const one = z.object({ body: planSchema }).transform((r) => r.body);

/** The plans of the member whose client this is. */
export function createPlans(client: Client, memberId: string, log: Pick<Log, 'warn'>): Plans {
  const newest = () =>
    client
      .from('plans')
      .select('body')
      .eq('member_id', memberId)
      .order('created_at', { ascending: false })
      .order('plan_id');
  return {
    async save(plan) {
      const row = {
        plan_id: plan.planId,
        member_id: memberId,
        symbol: plan.symbol,
        direction: plan.direction,
        decided_at: toInstant(plan.decidedAt),
        expires_at: toInstant(plan.expiresAt),
        body: plan,
      };
      const inserted = await ask(
        'plans.save',
        client.from('plans').upsert(row, { onConflict: 'member_id,plan_id', ignoreDuplicates: true }).select('plan_id'),
        saved,
      );
      return inserted.length > 0 ? 'saved' : 'already';
    },
    async get(planIdOrPrefix) {
      const id = planIdOrPrefix.trim().toLowerCase();
      if (!/^[0-9a-f]{4,64}$/.test(id)) return undefined;
      const query = id.length === ID_LENGTH ? newest().eq('plan_id', id) : newest().like('plan_id', `${id}*`);
      const [found] = await ask('plans.get', query.limit(1), z.array(one));
      return found;
    },
    async list({ limit = 10 } = {}) {
      const found = await ask('plans.list', newest().limit(limit), bodies);
      return found.flatMap(({ body }) => {
        const plan = planSchema.safeParse(body);
        // One plan of another engine must not hide the rest.
        if (!plan.success) log.warn({ err: plan.error }, 'stored plan unreadable');
        return plan.success ? [plan.data] : [];
      });
    },
  };
}
