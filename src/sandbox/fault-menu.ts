import type { PersonFault } from './discord/person-api.ts';

/** What a visitor can break on purpose: what the page's menu shows and turns. */
export interface FaultMenu {
  /** In the menu's order, with what is broken right now. */
  list(): readonly PersonFault[];
  /** Breaks or heals one; refuses a key that is not in the list. */
  set(key: string, on: boolean): void;
  /** Tells of every change, also of one that a used-up fault makes by itself; the returned function stops it. */
  onChange(fn: (faults: readonly PersonFault[]) => void): () => void;
}
