import type { MassiveError } from './errors.ts';

const REMEMBER_MS = 5 * 60_000;
// these name a window of time, not the endpoint: other dates of the same endpoint may well be in the plan
const WINDOW_WORDS = /timeframe|today's data|before end of day/i;

/** Remembers a refused key and plan limits for five minutes, so that each costs one call and not one per question. */
export interface Refusals {
  /** Throws the remembered refusal of this scope or this exact path. */
  check(scope: string, path: string): void;
  note(error: MassiveError, scope: string, path: string): void;
}

/** `now` is real time: a plan is changed by a person, not by the market. */
export function createRefusals(now: () => number): Refusals {
  const remembered = new Map<string, { readonly error: MassiveError; readonly until: number }>();
  const thrown = (key: string): void => {
    const entry = remembered.get(key);
    if (!entry) return;
    if (now() < entry.until) throw entry.error;
    remembered.delete(key);
  };
  return {
    check(scope, path) {
      thrown(scope);
      thrown(path);
    },
    note(error, scope, path) {
      if (error.kind !== 'plan_limit' && error.kind !== 'unauthorized') return;
      for (const [key, entry] of remembered) if (entry.until <= now()) remembered.delete(key);
      const key = WINDOW_WORDS.test(error.message) ? path : scope;
      remembered.set(key, { error, until: now() + REMEMBER_MS });
    },
  };
}
