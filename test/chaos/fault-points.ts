type Fetch = typeof globalThis.fetch;

/** The point at which a process dies: `nth` counts from 1, odd ones are before a call is sent, even ones after its answer. */
export interface Death {
  readonly nth: number;
  /** Every call there is, or only those that send a message. */
  readonly of: 'calls' | 'messages';
}

/** Kills this process before or after one of its calls: nobody cleans up, nothing is flushed. */
export interface FaultPoints {
  around(fetch: Fetch): Fetch;
  /** Of all calls. */
  passed(): number;
}

const SENDS_MESSAGE = /\/channels\/\d+\/messages$/;

export function createFaultPoints(death: Death | undefined): FaultPoints {
  const passed = { calls: 0, messages: 0 };
  const pass = (of: Death['of']): void => {
    passed[of] += 1;
    if (death?.of === of && passed[of] === death.nth) process.kill(process.pid, 'SIGKILL');
  };
  return {
    around: (fetch) => async (input, init) => {
      const isMessage = init?.method === 'POST' && SENDS_MESSAGE.test(String(input));
      const kinds = isMessage ? (['calls', 'messages'] as const) : (['calls'] as const);
      kinds.forEach(pass);
      const answer = await fetch(input, init);
      kinds.forEach(pass);
      return answer;
    },
    passed: () => passed.calls,
  };
}
