import type { Gateway } from './gateway.ts';

interface PlannedFailure {
  readonly route: RegExp;
  /** An HTTP status, or `reset` to cut the connection without an answer. */
  readonly status: number | 'reset';
  /** `accepted`: the call takes effect, only its answer is lost. */
  readonly after: 'accepted' | 'before';
  readonly onUsed: (() => void) | undefined;
  left: number;
}

/** What a test can break. */
export interface Faults {
  /** Drops every gateway socket without a close frame; sessions stay resumable. */
  killSockets(): void;
  /** Sends op 7. */
  reconnect(): void;
  /** Sends op 9; after `false` the session is gone. */
  invalidSession(resumable: boolean): void;
  /** Stops acknowledging heartbeats, as a zombie connection does, until set back. */
  muteHeartbeats(muted: boolean): void;
  /** Closes every gateway socket with this code. */
  closeSockets(code: number): void;
  /** Fails the next calls whose `METHOD /path/:names` matches; the returned function takes back what is left of it. */
  failNext(
    route: RegExp,
    status: number | 'reset',
    options?: {
      readonly after?: 'accepted' | 'before';
      readonly times?: number;
      /** After the last of them. */
      readonly onUsed?: () => void;
    },
  ): () => void;
  clear(): void;
}

/** The faults as the server reads them. */
export interface FaultPlan extends Faults {
  next(routeKey: string): PlannedFailure | undefined;
}

/** Faults on demand for both halves of the server. */
export function createFaults(
  gateway: Pick<Gateway, 'killSockets' | 'reconnect' | 'invalidSession' | 'muteHeartbeats' | 'closeSockets'>,
): FaultPlan {
  let plan: PlannedFailure[] = [];
  return {
    killSockets: () => gateway.killSockets(),
    reconnect: () => gateway.reconnect(),
    invalidSession: (resumable) => gateway.invalidSession(resumable),
    muteHeartbeats: (muted) => gateway.muteHeartbeats(muted),
    closeSockets: (code) => gateway.closeSockets(code),
    failNext(route, status, { after = 'before', times = 1, onUsed } = {}) {
      const planned = { route, status, after, onUsed, left: times };
      plan.push(planned);
      return () => {
        plan = plan.filter((one) => one !== planned);
      };
    },
    clear() {
      plan = [];
    },
    next(routeKey) {
      const hit = plan.find((one) => one.route.test(routeKey));
      if (hit) {
        hit.left -= 1;
        plan = plan.filter((one) => one.left > 0);
        if (hit.left === 0) hit.onUsed?.();
      }
      return hit;
    },
  };
}
