/** What can be broken on purpose; assign to switch it, nothing is broken at the start. */
export interface MassiveFaults {
  /** Every REST call gets this status. */
  restStatus: 429 | 500 | 502 | 503 | 504 | undefined;
  /** Real milliseconds added to every REST answer. */
  restDelayMs: number;
  /** New REST calls and sockets are cut off at once. */
  refuseConnections: boolean;
  /** New sockets are cut off at once; REST still answers. */
  refuseStreams: boolean;
  /** Everything stays connected and nothing answers: no REST answer, no event, no pong. */
  blackHole: boolean;
  /** Who loses when a second connection authenticates on a cluster. */
  connectionLimit: 'evictOlder' | 'refuseNewcomer';
  /** Cuts every open socket without a close frame. */
  dropSockets(): void;
}

export function noFaults(dropSockets: () => void): MassiveFaults {
  return {
    restStatus: undefined,
    restDelayMs: 0,
    refuseConnections: false,
    refuseStreams: false,
    blackHole: false,
    connectionLimit: 'evictOlder',
    dropSockets,
  };
}
