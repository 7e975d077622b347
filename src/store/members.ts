import { ask } from './ask.ts';
import type { Client } from './clients.ts';
import { nothing } from './rows.ts';

export interface Members {
  /** Makes the member known, with the name last seen; everything a member owns hangs on this row. */
  ensure(member: { readonly memberId: string; readonly name: string }): Promise<void>;
}

const LONGEST_NAME = 100;

/** Members by the service key. */
export function createMembers(client: Client): Members {
  return {
    async ensure({ memberId, name }) {
      const shown = Array.from(name.trim()).slice(0, LONGEST_NAME).join('') || memberId;
      await ask(
        'members.ensure',
        client.from('members').upsert({ member_id: memberId, name: shown }, { onConflict: 'member_id' }),
        nothing,
      );
    },
  };
}
