import type { Plan } from '../domain/plan.ts';
import type { Offer } from '../store/offers.ts';
import type { SetupRecord } from '../store/setups.ts';

/** What the scanner found and offered. */
export interface Offers {
  /** An offer that everybody sees, or the member's own; by id or an unambiguous prefix. AppError `not_found` otherwise. */
  get(memberId: string, planId: string): Promise<Offer>;
  /** Of the running session, newest first. */
  setups(limit: number): Promise<readonly SetupRecord[]>;
  /** Builds the plan again from the inputs that were kept. */
  verify(
    memberId: string,
    planId: string,
  ): Promise<{ readonly plan: Plan; readonly recomputedId: string; readonly equal: boolean }>;
}
