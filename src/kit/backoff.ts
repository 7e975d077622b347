export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
  /** 0 to 1; Math.random unless given. */
  readonly random?: () => number;
}

/** Milliseconds to wait before try `attempt` (0 is the first wait): anything from 0 to a doubling, capped bound. */
export function fullJitter(attempt: number, { baseMs, capMs, random = Math.random }: Backoff): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}
