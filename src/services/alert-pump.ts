import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ClaimedAlert } from '../store/outbox.ts';

/** Empties the outbox over a few lanes at once; what is due first leaves first, the rest waits for a lane. */
export interface Pump {
  /** Resolves when the outbox has nothing more to give. */
  pump(): Promise<void>;
  kick(): void;
  /** Looks again every few seconds, and when `inSeconds` said so. */
  start(): void;
  stop(): Promise<void>;
}

export interface PumpDeps {
  readonly claim: (n: number, maxPriority: ClaimedAlert['priority']) => Promise<readonly ClaimedAlert[]>;
  /** Never rejects; `fence` is that of the newest lease. Seconds until the row is due again, if it is. */
  readonly deliver: (row: ClaimedAlert, fence: () => number) => Promise<number | undefined>;
  readonly wall: Pick<Clock, 'now' | 'at'>;
  readonly log: Pick<Log, 'warn'>;
}

const LANES = 4;
/** For what happens to trades alone: it does not stand behind posts that hang. */
const KEPT_LANES = 1;
const PUMP_EVERY_SECONDS = 5;
/** The database's clock is not exactly ours. */
const SLACK_MS = 50;
/** A call that hangs is not waited for longer: it may be repeated after any end. */
const STOP_MS = 3_000;

export function createPump({ claim, deliver, wall, log }: PumpDeps): Pump {
  const underWay = new Map<string, { fence: number; done: Promise<void> }>();
  let pumping: Promise<void> | undefined;
  let poke = Promise.withResolvers<void>();
  let isPoked = false;
  let isRunning = false;
  let stopped = false;
  let wakeAt = Number.POSITIVE_INFINITY;
  let cancelWake: (() => void) | undefined;

  const wakeIn = (seconds: number): void => {
    const at = wall.now() + seconds * 1000 + SLACK_MS;
    if (at >= wakeAt || stopped || !isRunning) return;
    cancelWake?.();
    wakeAt = at;
    cancelWake = wall.at(at, () => {
      wakeAt = Number.POSITIVE_INFINITY;
      kick();
    });
  };

  /** False where its lease ended while it was still on its way: the same try goes on under the new one. */
  const take = (row: ClaimedAlert): boolean => {
    const known = underWay.get(row.alertId);
    if (known) known.fence = Math.max(known.fence, row.attempts);
    else underWay.set(row.alertId, lane(row));
    return !known;
  };

  const lane = (row: ClaimedAlert) => {
    const entry = { fence: row.attempts, done: Promise.resolve() };
    entry.done = deliver(row, () => entry.fence).then((seconds) => {
      underWay.delete(row.alertId);
      if (seconds !== undefined) wakeIn(seconds);
    });
    return entry;
  };

  const anyLane = (): Promise<void> => Promise.race([...underWay.values()].map(({ done }) => done));

  const drain = async (): Promise<void> => {
    while (!stopped) {
      isPoked = false;
      poke = Promise.withResolvers();
      const open = LANES - underWay.size;
      const free = open + KEPT_LANES;
      const rows = open > 0 ? await claim(open, 2) : free > 0 ? await claim(free, 0) : [];
      const taken = rows.filter(take);
      if (underWay.size === 0) {
        if (taken.length === 0 && !isPoked) return;
      } else if (taken.length === 0) await (free > 0 ? Promise.race([anyLane(), poke.promise]) : anyLane());
    }
  };

  const run = async (): Promise<void> => {
    try {
      await drain();
    } catch (err) {
      log.warn({ err }, 'outbox not readable');
    }
    await Promise.all([...underWay.values()].map(({ done }) => done));
    pumping = undefined;
    if (isPoked) return pump();
    wakeIn(PUMP_EVERY_SECONDS);
  };

  const pump = async (): Promise<void> => {
    if (stopped) return;
    isPoked = true;
    poke.resolve();
    pumping ??= run();
    await pumping;
  };

  const kick = (): void => void pump();

  return {
    pump,
    kick,
    start() {
      isRunning = true;
      kick();
    },
    async stop() {
      stopped = true;
      cancelWake?.();
      const late = Promise.withResolvers<void>();
      const cancel = wall.at(wall.now() + STOP_MS, late.resolve);
      await Promise.race([pumping, late.promise]);
      cancel();
    },
  };
}
