/** How far this machine's clock is from the provider's, told by the times that its answers carry. */
export interface ClockSkew {
  /** Takes the headers of one answer, with the machine's time just before the request and just after the answer. */
  note(headers: Readonly<Record<string, string | string[] | undefined>>, sentAt: number, receivedAt: number): void;
  /** Milliseconds that this machine is surely ahead (above 0) or behind (below); undefined before the first answer. */
  ms(): number | undefined;
}

/** The header names whole seconds. */
const DATE_STEP_MS = 1_000;

/** The smallest difference that explains the newest answer: a slow one or a rounded second is none. */
export function createClockSkew(): ClockSkew {
  let skewMs: number | undefined;
  return {
    note({ date, age }, sentAt, receivedAt) {
      // an answer out of a cache carries the time when it was kept
      if (typeof date !== 'string' || age !== undefined) return;
      const theirsAt = Date.parse(date);
      if (Number.isNaN(theirsAt)) return;
      const aheadMs = Math.max(0, sentAt - (theirsAt + DATE_STEP_MS));
      const behindMs = Math.max(0, theirsAt - receivedAt);
      skewMs = aheadMs - behindMs;
    },
    ms: () => skewMs,
  };
}
