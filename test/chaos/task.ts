import type { Bar } from '../../src/domain/bar.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Trade } from '../../src/domain/trade.ts';
import type { Death } from './fault-points.ts';

/** How alerts are brought to Discord; all but the first are known to be wrong. */
export type Design = 'house' | 'outbox, no nonce, no look' | 'outbox, nonce, no look' | 'post, mark' | 'mark, post';

/** A plan with the members who take it. */
export interface ToLive {
  readonly plan: Plan;
  readonly takers: readonly { readonly memberId: string; readonly takenAt: number }[];
}

/** Which database a bot under test has. */
export type StoreOf =
  | {
      readonly kind: 'hosted';
      readonly url: string;
      readonly serviceKey: string;
      readonly anonKey: string;
      readonly jwtSecret: string;
    }
  | { readonly kind: 'embedded'; readonly dataDir: string };

/** What one process is to do until it dies. */
export interface Task {
  readonly design: Design;
  readonly store: StoreOf;
  readonly discord: {
    readonly apiUrl: string;
    readonly token: string;
    readonly botId: string;
    readonly plans: string;
    readonly alerts: string;
    readonly ops: string;
  };
  readonly lives: readonly ToLive[];
  readonly bars: readonly Bar[];
  /** Market time when it starts. */
  readonly startAt: number;
  /** Market time when every life must have ended. */
  readonly endsAt: number;
  /** Real time of one market minute. */
  readonly minuteMs: number;
  readonly death?: Death;
}

/** What the database says in the end. */
export interface Ledger {
  readonly trades: readonly Trade[];
  /** By position, plan after plan. */
  readonly outbox: readonly { readonly alert_id: string; readonly position: number; readonly state: string }[];
}

export type Report =
  /** Its modules are loaded. */
  | { readonly kind: 'warm' }
  /** It is at work. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'at'; readonly at: number }
  /** Everything is: from here on it only reads. */
  | { readonly kind: 'told' }
  | { readonly kind: 'over'; readonly points: number; readonly ledger: Ledger }
  | { readonly kind: 'failed'; readonly reason: string };
