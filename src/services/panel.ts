import { z } from 'zod';
import type { Bar } from '../domain/bar.ts';
import type { BreadthHistory } from '../domain/breadth.ts';
import type { Calendar, SessionDay } from '../domain/session.ts';
import { phaseAt } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
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

const keptSchema = z.object({
  on: z.string(),
  /** symbol -> [year high, year low, mean volume]. */
  stocks: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])),
  advancingRatios: z.array(z.number()),
});
type Kept = z.infer<typeof keptSchema>;

const KEY = 'panel';

export function createPanel(deps: {
  rest: Pick<MassiveRest, 'groupedDaily'>;
  snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  calendar: Calendar;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): Panel {
  const { rest, snapshots, calendar, clock, log } = deps;
  let kept: Kept | undefined;
  let yearRanges: ReadonlyMap<string, { high: number; low: number }> | undefined;
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let stopped = false;

  const accept = (next: Kept): void => {
    kept = next;
    yearRanges = new Map(Object.entries(next.stocks).map(([symbol, [high, low]]) => [symbol, { high, low }]));
  };

  const refresh = async (): Promise<void> => {
    const { nextDay } = phaseAt(calendar, clock.now());
    try {
      const saved = keptSchema.safeParse((await snapshots.load(KEY))?.body);
      if (saved.success && saved.data.on === nextDay.on) return accept(saved.data);
      const sessions = sessionsBefore(calendar, nextDay, YEAR_SESSIONS);
      const year = startYear();
      for (const session of sessions) {
        if (stopped) return;
        const answer = await rest.groupedDaily(session.on, { priority: 5 });
        year.add(answer.value);
      }
      const next = { on: nextDay.on, ...year.result() };
      accept(next);
      await snapshots.save(KEY, nextDay.opensAt, next);
    } catch (err) {
      log.warn({ err, on: nextDay.on }, "the market's year not read");
    }
  };

  const run = (): void => {
    running = refresh().finally(() => {
      if (stopped) return;
      // the next session's panel has one more day in it: read it when this one is over
      cancel = clock.at(phaseAt(calendar, clock.now()).nextDay.closesAt + 1, run);
    });
  };

  return {
    breadthHistory: () => ({
      ...(yearRanges ? { yearRanges } : {}),
      ...(kept ? { advancingRatios: kept.advancingRatios } : {}),
    }),
    usualVolume: (symbol) => kept?.stocks[symbol]?.[2],
    start: run,
    async stop() {
      stopped = true;
      cancel?.();
      await running;
    },
  };
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
