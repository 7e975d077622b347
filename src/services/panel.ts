import { z } from 'zod';
import type { Bar } from '../domain/bar.ts';
import type { BreadthHistory } from '../domain/breadth.ts';
import type { Calendar, SessionDate, SessionDay } from '../domain/session.ts';
import { phaseAt } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { retry } from '../kit/retry.ts';
import { isOutage, MassiveError } from '../massive/errors.ts';
import type { MassiveRest } from '../massive/rest.ts';
import type { Store } from '../store/store.ts';

/** What a stock's day is compared with: the whole market's last year, read once a session in the background. */
export interface Panel {
  /** Empty until the year is read: breadth then says nothing about highs, lows and thrust. */
  breadthHistory(): BreadthHistory;
  /** Mean daily volume of the last 20 sessions, shares. */
  usualVolume(symbol: string): number | undefined;
  start(): void;
  stop(): Promise<void>;
}

const YEAR_SESSIONS = 252;
const USUAL_SESSIONS = 20;
const RATIO_SESSIONS = 30;

const MINUTE_MS = 60_000;
const TRIES = 3;
const AGAIN_MS = 5 * MINUTE_MS;

const keptSchema = z.object({
  on: z.string(),
  /** symbol -> [year high, year low, mean volume]. */
  stocks: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])),
  advancingRatios: z.array(z.number()),
});
type Kept = z.infer<typeof keptSchema>;

const KEY = 'panel';

/** A year that is being read for the session `on`; what failed is asked for again, what is read stays. */
interface Reading {
  readonly on: SessionDate;
  readonly year: ReturnType<typeof startYear>;
  readonly open: SessionDay[];
}

export function createPanel(deps: {
  rest: Pick<MassiveRest, 'groupedDaily'>;
  snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  calendar: Calendar;
  /** Market time. */
  clock: Clock;
  /** Real time: plans count calls in it, and a provider that failed comes back in it. */
  wall: Clock;
  /** Calls a minute of the data plan; half of them stay with the members. */
  ratePerMinute: number | undefined;
  log: Pick<Log, 'warn'>;
  metrics: Pick<Metrics, 'gauge'>;
}): Panel {
  const { rest, snapshots, calendar, clock, wall, log } = deps;
  const sessionsRead = deps.metrics.gauge(
    'market_year_sessions_read',
    `Sessions read of the ${YEAR_SESSIONS} that highs, lows and usual volume come from.`,
  );
  const gapMs = gapBetweenCalls(deps.ratePerMinute);
  const stopping = new AbortController();
  let kept: Kept | undefined;
  let yearRanges: ReadonlyMap<string, { high: number; low: number }> | undefined;
  let reading: Reading | undefined;
  let running: Promise<void> | undefined;
  let wake = (): void => {};

  const accept = (next: Kept): void => {
    kept = next;
    yearRanges = new Map(Object.entries(next.stocks).map(([symbol, [high, low]]) => [symbol, { high, low }]));
    sessionsRead.set(YEAR_SESSIONS);
  };

  const until = async (time: Clock, at: number): Promise<void> => {
    if (stopping.signal.aborted) return;
    const reached = Promise.withResolvers<void>();
    wake = reached.resolve;
    const cancel = time.at(at, reached.resolve);
    await reached.promise;
    cancel();
  };
  const pause = (ms: number): Promise<void> => until(wall, wall.now() + ms);

  // past the cache: nobody asks for these days again, and they would fill it
  const readSession = ({ on }: SessionDay): Promise<readonly Bar[]> =>
    retry(async () => (await rest.groupedDaily(on, { priority: 5, fresh: true })).value, {
      attempts: TRIES,
      baseMs: MINUTE_MS,
      capMs: MINUTE_MS,
      random: () => 1,
      shouldRetry: passes,
      sleep: pause,
      signal: stopping.signal,
    });

  const refresh = async (nextDay: SessionDay): Promise<void> => {
    if (reading?.on !== nextDay.on) {
      const saved = keptSchema.safeParse((await snapshots.load(KEY))?.body);
      if (saved.success && saved.data.on === nextDay.on) return accept(saved.data);
      reading = { on: nextDay.on, year: startYear(), open: sessionsBefore(calendar, nextDay, YEAR_SESSIONS) };
    }
    const { year, open } = reading;
    for (let session = open[0]; session; session = open[0]) {
      year.add(await readSession(session));
      open.shift();
      sessionsRead.set(YEAR_SESSIONS - open.length);
      if (gapMs > 0 && open.length > 0) await pause(gapMs);
    }
    const next = { on: nextDay.on, ...year.result() };
    accept(next);
    await snapshots.save(KEY, nextDay.opensAt, next);
    reading = undefined;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const { nextDay } = phaseAt(calendar, clock.now());
      try {
        await refresh(nextDay);
        // the next session's panel has one more day in it: read it when this one is over
        await until(clock, nextDay.closesAt + 1);
      } catch (err) {
        if (stopping.signal.aborted) return;
        log.warn({ err, on: nextDay.on, open: reading?.open.length }, "the market's year is not read and kept yet");
        await pause(AGAIN_MS);
      }
    }
  };

  return {
    breadthHistory: () => ({
      ...(yearRanges ? { yearRanges } : {}),
      ...(kept ? { advancingRatios: kept.advancingRatios } : {}),
    }),
    usualVolume: (symbol) => kept?.stocks[symbol]?.[2],
    start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}

/** The pause after a call that leaves at least half of every minute's calls alone; none on a plan without a limit. */
function gapBetweenCalls(ratePerMinute: number | undefined): number {
  if (ratePerMinute === undefined) return 0;
  const half = Math.floor(ratePerMinute / 2);
  return half === 0 ? 2 * MINUTE_MS : Math.ceil(MINUTE_MS / half);
}

/** Whether the same call may well be answered a minute later. */
function passes(error: unknown): boolean {
  if (!(error instanceof MassiveError)) return false;
  return error.kind === 'rate_limited' || error.kind === 'circuit_open' || isOutage(error);
}

function sessionsBefore(calendar: Calendar, day: SessionDay, count: number): SessionDay[] {
  const sessions: SessionDay[] = [];
  for (let at = calendar.previous(day.on); sessions.length < count; at = calendar.previous(at.on)) sessions.unshift(at);
  return sessions;
}

/** Takes sessions oldest first and keeps only what is asked of a year. */
function startYear(): { add(bars: readonly Bar[]): void; result(): Omit<Kept, 'on'> } {
  const stocks = new Map<string, { high: number; low: number; volumes: number[]; close: number }>();
  const ratios: number[] = [];
  return {
    add(bars) {
      let advancing = 0;
      let declining = 0;
      for (const { symbol, high, low, close, volume } of bars) {
        const held = stocks.get(symbol);
        if (!held) {
          stocks.set(symbol, { high, low, volumes: [volume ?? 0], close });
          continue;
        }
        if (close > held.close) advancing += 1;
        else if (close < held.close) declining += 1;
        held.high = Math.max(held.high, high);
        held.low = Math.min(held.low, low);
        held.close = close;
        held.volumes.push(volume ?? 0);
        if (held.volumes.length > USUAL_SESSIONS) held.volumes.shift();
      }
      if (advancing + declining > 0) ratios.push(advancing / (advancing + declining));
    },
    result: () => ({
      stocks: Object.fromEntries(
        [...stocks].map(([symbol, { high, low, volumes }]): [string, [number, number, number]] => [
          symbol,
          [high, low, volumes.reduce((sum, volume) => sum + volume, 0) / volumes.length],
        ]),
      ),
      advancingRatios: ratios.slice(-RATIO_SESSIONS),
    }),
  };
}
