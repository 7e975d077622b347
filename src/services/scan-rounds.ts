import type { Bar } from '../domain/bar.ts';
import type { JudgedSetup } from '../domain/judged-setup.ts';
import { barClosesBetween, scanAt } from '../domain/scan.ts';
import { inOrderOfOffer } from '../domain/scan-policy.ts';
import type { Calendar, SessionDay } from '../domain/session.ts';
import type { Detector } from '../domain/setup.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { ScanSet } from './scan-set.ts';
import type { SetupBook } from './setup-book.ts';

/** Looks at symbols as their bars close; the setups of one bar are decided together, those with most confidence first. */
export interface ScanRounds {
  /** A symbol knows more minutes than before. */
  due(symbol: string): void;
  /** Goes on after the book had no room or was not open. */
  resume(): void;
  /** Close of the newest bar that was looked at. */
  lastLookAt(): number | undefined;
  /** Forgets what is not decided and looks at this session's bars from here on. */
  reset(day: SessionDay | undefined): void;
}

/** With the minutes of its symbol, and the real time of the look. */
type Found = JudgedSetup & { readonly minutes: readonly Bar[]; readonly foundAt: number };

const PER_TURN = 8;
/** Symbols whose minutes are still on their way after both are not waited for; in a fast replay half a minute is nothing. */
const WAIT_MS = 30_000;
const WALL_WAIT_MS = 1_000;
/** A look that comes later after its bar, in real time, leaves out plans that are over by now; less must not change what is offered. */
const LATE_MS = 60_000;
const MOST_WAITING = 500;
const LOOK_SECONDS = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1];

export function createScanRounds(deps: {
  set: Pick<ScanSet, 'ready' | 'find'>;
  book: Pick<SetupBook, 'decide' | 'knows' | 'waiting'>;
  /** While false nothing is looked at: what is known of the session is not read yet. */
  isOpen: () => boolean;
  calendar: Calendar;
  detectors: readonly Detector[];
  /** Market time. */
  clock: Pick<Clock, 'now' | 'at'>;
  /** Real time. */
  wall: Pick<Clock, 'now' | 'at'>;
  /** Runs the rest after the event loop had its turn. */
  yieldTo?: (rest: () => void) => void;
  log: Pick<Log, 'error'>;
  metrics: Pick<Metrics, 'histogram'>;
}): ScanRounds {
  const { set, book, isOpen, calendar, detectors, clock, wall, log, yieldTo = setImmediate } = deps;
  const took = deps.metrics.histogram('scan_seconds', 'Time of one look at one symbol.', [], LOOK_SECONDS);
  let session: SessionDay | undefined;
  let waiting = new Set<string>();
  /** Found and not decided yet, by the close of the deciding bar. */
  let found = new Map<number, Found[]>();
  let isPumping = false;
  let lastLookAt: number | undefined;
  let cancelWait: (() => void) | undefined;
  /** Real time at which the session's bars closed. */
  const closedAt = new Map<number, number>();
  let cancelNote: (() => void) | undefined;

  /** A bar that closed before the scan began has no real time: it is late. */
  const isLate = (at: number): boolean => wall.now() - (closedAt.get(at) ?? Number.NEGATIVE_INFINITY) > LATE_MS;

  const noteCloses = ([at, ...rest]: readonly number[]): void => {
    if (at === undefined) return;
    cancelNote = clock.at(at, () => {
      closedAt.set(at, wall.now());
      noteCloses(rest);
    });
  };

  const look = (symbol: string): void => {
    const known = set.find(symbol);
    if (!known || !session) return;
    const { completeTo, daily, minutes } = known;
    const startedAt = performance.now();
    const closes = barClosesBetween(session, known.lookedTo, completeTo);
    known.lookedTo = Math.max(known.lookedTo, completeTo);
    for (const at of closes) {
      try {
        const now = isLate(at) ? completeTo : at;
        const question = { symbol, calendar, day: session, at, now, daily, minutes, detectors };
        const fresh = scanAt(question).filter(({ setup }) => !book.knows(setup.setupId));
        if (fresh.length > 0)
          found.set(at, [
            ...(found.get(at) ?? []),
            ...fresh.map((setup) => ({ ...setup, minutes, foundAt: wall.now() })),
          ]);
      } catch (err) {
        // one symbol's strange market must not end the scan of the others
        log.error({ symbol, at, err }, 'look failed');
      }
      lastLookAt = Math.max(lastLookAt ?? at, at);
    }
    if (closes.length > 0) took.observe((performance.now() - startedAt) / 1000);
  };

  /** Whether there is time left for those who are late; comes back to it when that is over. */
  const isWaitingFor = (at: number, [first]: readonly Found[]): boolean => {
    const wallAt = (first?.foundAt ?? 0) + WALL_WAIT_MS;
    if (clock.now() < at + WAIT_MS) cancelWait = clock.at(at + WAIT_MS, settle);
    else if (wall.now() < wallAt) cancelWait = wall.at(wallAt, settle);
    else return false;
    return true;
  };

  const settle = (): void => {
    cancelWait?.();
    cancelWait = undefined;
    for (const at of [...found.keys()].sort((a, b) => a - b)) {
      const setups = found.get(at) ?? [];
      const isWhole = set.ready().every((known) => known.lookedTo >= at);
      if (!isWhole && isWaitingFor(at, setups)) return;
      found.delete(at);
      for (const setup of inOrderOfOffer(setups)) book.decide(setup, setup.minutes);
    }
  };

  const pump = (): void => {
    isPumping = false;
    if (!isOpen() || book.waiting() >= MOST_WAITING) return;
    const turn = [...waiting].slice(0, PER_TURN);
    for (const symbol of turn) {
      waiting.delete(symbol);
      look(symbol);
    }
    if (waiting.size > 0) schedule();
    else settle();
  };

  const schedule = (): void => {
    if (isPumping) return;
    isPumping = true;
    yieldTo(pump);
  };

  return {
    due(symbol) {
      waiting.add(symbol);
      schedule();
    },
    resume() {
      if (waiting.size > 0) schedule();
    },
    lastLookAt: () => lastLookAt,
    reset(day) {
      session = day;
      waiting = new Set();
      found = new Map();
      cancelWait?.();
      cancelWait = undefined;
      lastLookAt = undefined;
      closedAt.clear();
      cancelNote?.();
      if (day) noteCloses(barClosesBetween(day, clock.now(), day.closesAt));
    },
  };
}
