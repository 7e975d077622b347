import type { JudgedSetup } from '../domain/judged-setup.ts';
import type { Plan, Refusal } from '../domain/plan.ts';
import { refusalOfOffer } from '../domain/scan-policy.ts';
import type { SessionDay } from '../domain/session.ts';
import { openShadow } from '../domain/trade.ts';
import { fullJitter } from '../kit/backoff.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { StoreError } from '../store/errors.ts';
import type { SetupRecord } from '../store/setups.ts';
import type { Store } from '../store/store.ts';
import { outgoing } from './outgoing.ts';
import type { Services } from './services.ts';

type Entry = Parameters<Store['system']['setups']['record']>[0];

/** What was found this session and what became of it, written down in order and each once. */
export interface SetupBook {
  /** Reads what is known of this session; throws while the database is away. */
  open(day: SessionDay): Promise<void>;
  knows(setupId: string): boolean;
  /** Offers the setup's plan or refuses it, and queues the record. */
  decide(setup: JudgedSetup, minutes: Parameters<typeof refusalOfOffer>[1]['minutes']): void;
  /** Records that wait for the database. */
  waiting(): number;
  /** Of this session, as decided here or before a restart; a replay may know of some that are still to come. */
  offered(): readonly Plan[];
  /** Ends the tries; what could not be written is found again after a restart. */
  stop(): Promise<void>;
}

const KNOWN_SETUPS = 1_000;
const KNOWN_OFFERS = 200;
const RETRY = { baseMs: 1_000, capMs: 30_000 };
/** A record that the database refuses for what it is must not hold up all others. */
const MOST_REFUSALS = 10;

export function createSetupBook(deps: {
  store: Pick<Store['system'], 'setups' | 'offers'>;
  provenance: Services['provenance'];
  /** Whether it is on somebody's watchlist. */
  isWatched: (symbol: string) => boolean;
  /** An offer with its shadow stands in the database. */
  onOffer: (planId: string) => void;
  /** The queue became shorter. */
  onRoom: () => void;
  /** Market time. */
  clock: Pick<Clock, 'now'>;
  /** Real time. */
  wall: Pick<Clock, 'now' | 'at'>;
  log: Pick<Log, 'warn' | 'error'>;
  metrics: Pick<Metrics, 'counter'>;
}): SetupBook {
  const { store, provenance, isWatched, onOffer, onRoom, clock, wall, log } = deps;
  const counted = deps.metrics.counter('setups_total', 'Setups by what became of them.', ['outcome']);
  let session: SessionDay | undefined;
  let seen = new Set<string>();
  let offered: Plan[] = [];
  const queue: Entry[] = [];
  let writing: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  let stopped = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = wall.at(wall.now() + ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  /** False when the entry is to be tried again. */
  const write = async (entry: Entry, tries: number): Promise<boolean> => {
    try {
      // on a second try it may have been the answer that was lost, and not the record
      const isOurs = (await store.setups.record(entry)) || tries > 0;
      const { setup } = entry;
      counted.inc({ outcome: isOurs ? (setup.refusal?.code ?? 'offered') : 'known' });
      if (isOurs && setup.planId !== undefined) onOffer(setup.planId);
      return true;
    } catch (err) {
      const { symbol, setupId } = entry.setup;
      const isHopeless = err instanceof StoreError && err.kind !== 'unreachable' && tries >= MOST_REFUSALS;
      if (isHopeless) log.error({ symbol, setupId, err }, 'setup refused by the database and given up');
      else if (tries === 0) log.warn({ symbol, setupId, err }, 'setup not recorded, tried again until it is');
      return isHopeless;
    }
  };

  const drain = async (): Promise<void> => {
    for (let tries = 0; !stopped; ) {
      const [entry] = queue;
      if (!entry) return;
      if (await write(entry, tries)) {
        queue.shift();
        tries = 0;
        onRoom();
      } else {
        await pause(fullJitter(tries, RETRY));
        tries += 1;
      }
    }
  };

  const kick = (): void => {
    writing ??= drain().finally(() => {
      writing = undefined;
      if (queue.length > 0 && !stopped) kick();
    });
  };

  return {
    async open(day) {
      const [setups, offers] = await Promise.all([
        store.setups.since(day.opensAt, KNOWN_SETUPS),
        store.offers.since(day.opensAt, KNOWN_OFFERS),
      ]);
      session = day;
      seen = new Set([...setups.map(({ setupId }) => setupId), ...queue.map(({ setup }) => setup.setupId)]);
      const waiting = queue.flatMap(({ offer }) => offer?.plan ?? []);
      const stored = offers.flatMap(({ plan, memberId }) => (memberId === null ? [plan] : []));
      offered = [...stored, ...waiting].filter(
        (plan) => plan.decidedAt > day.opensAt && plan.decidedAt <= day.closesAt,
      );
    },
    knows: (setupId) => seen.has(setupId),
    decide(judged, minutes) {
      const { setup } = judged;
      if (!session || seen.has(setup.setupId)) return;
      seen.add(setup.setupId);
      const { result } = judged;
      const known = { day: session, offered, minutes, isWatched: isWatched(setup.symbol) };
      const refusal = result.ok ? refusalOfOffer(result.plan, known) : result.refusal;
      if (!result.ok || refusal) queue.push({ setup: recordOf(judged, refusal) });
      else {
        offered.push(result.plan);
        queue.push(offerOf(judged, result.plan));
      }
      kick();
    },
    waiting: () => queue.length,
    offered: () => offered,
    async stop() {
      stopped = true;
      wake?.();
      await writing;
    },
  };

  function offerOf(judged: JudgedSetup, plan: Plan): Entry {
    const { planId, symbol, decidedAt } = plan;
    const alert = { kind: 'offer', planId, symbol, memberId: null, at: decidedAt } as const;
    const wallAt = wall.now();
    return {
      setup: { ...recordOf(judged), planId },
      offer: {
        plan,
        inputs: judged.inputs,
        provenance: provenance({ asOf: decidedAt, delayed: false }, [symbol], judged.inputs.bars5m),
        shadow: openShadow(plan),
        alert: outgoing(alert, { seenAt: clock.now(), seenWallAt: wallAt, decidedWallAt: wallAt }),
      },
    };
  }
}

function recordOf({ detector, setup }: JudgedSetup, refusal?: Refusal): SetupRecord {
  const { setupId, symbol, direction, timeframe, detectedAt } = setup;
  return {
    setupId,
    symbol,
    detector: detector.name,
    title: detector.title,
    direction,
    timeframe,
    detectedAt,
    outcome: refusal ? 'refused' : 'offered',
    ...(refusal ? { refusal } : {}),
  };
}
