import { z } from 'zod';
import type { RiskProfile } from '../domain/plan.ts';
import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { nothing } from './rows.ts';

/** One member's own risk profile. */
export interface Risk {
  get(): Promise<RiskProfile | undefined>;
  set(profile: RiskProfile): Promise<void>;
}

const row = z
  .object({ account_dollars: z.number(), risk_pct: z.number() })
  .transform((r) => ({ accountDollars: r.account_dollars, riskPct: r.risk_pct }));

/** The risk profile of the member whose client this is. */
export function createRisk(client: Client, memberId: string): Risk {
  return {
    async get() {
      const found = await ask(
        'risk.get',
        client.from('risk_profiles').select('account_dollars,risk_pct').eq('member_id', memberId).maybeSingle(),
        row.nullable(),
      );
      return found ?? undefined;
    },
    async set({ accountDollars, riskPct }) {
      await ask(
        'risk.set',
        client
          .from('risk_profiles')
          .upsert(
            { member_id: memberId, account_dollars: accountDollars, risk_pct: riskPct },
            { onConflict: 'member_id' },
          ),
        nothing,
      );
    },
  };
}
