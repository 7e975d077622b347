import type { StockSnapshot } from './market.ts';

type MarketMood = 'strongly negative' | 'negative' | 'neutral' | 'positive' | 'strongly positive';

/** How many stocks take part in the day's move; members are absent where nothing is known. */
export interface Breadth {
  readonly advancing: number;
  readonly declining: number;
  readonly unchanged: number;
  /** Stocks counted. */
  readonly covered: number;
  /** Of the stocks counted; 0 when none are. */
  readonly advancingPct: number;
  /** Advancing per declining stock; absent when none declines. */
  readonly advanceDeclineRatio?: number;
  /** Share of the moving stocks' volume that is in rising ones. */
  readonly upVolumePct?: number;
  readonly newHighs?: number;
  readonly newLows?: number;
  /** Ten-session EMA of advancing / (advancing + declining) leapt from under 0.40 to over 0.615 within ten sessions that have closed; a morning is no session. */
  readonly thrust?: boolean;
  readonly sentiment: MarketMood;
  /** The stocks counted. */
  readonly symbols: readonly string[];
}

export interface BreadthHistory {
  /** High and low of the past 52 weeks before today. */
  readonly yearRanges?: ReadonlyMap<string, { readonly high: number; readonly low: number }>;
  /** advancing / (advancing + declining) of closed sessions, oldest first; more than 20 for a thrust. */
  readonly advancingRatios?: readonly number[];
}

const THRUST_SESSIONS = 10;
const THRUST_FROM = 0.4;
const THRUST_TO = 0.615;

/** Dollars since the previous close as the provider says it, else worked out; undefined for a stock that has not traded today. */
export function changeOf(snapshot: StockSnapshot): number | undefined {
  if (snapshot.change !== undefined) return snapshot.change;
  const last = snapshot.last ?? snapshot.day?.close;
  const before = snapshot.previousDay?.close;
  return last === undefined || before === undefined ? undefined : last - before;
}

/** Counts the market in one pass; stocks without a change today are left out. */
export function breadthOf(snapshots: Iterable<StockSnapshot>, history: BreadthHistory = {}): Breadth {
  let advancing = 0;
  let declining = 0;
  let unchanged = 0;
  let upVolume = 0;
  let downVolume = 0;
  let newHighs = 0;
  let newLows = 0;
  const symbols: string[] = [];
  for (const snapshot of snapshots) {
    const change = changeOf(snapshot);
    if (change === undefined) continue;
    symbols.push(snapshot.symbol);
    const volume = snapshot.day?.volume ?? 0;
    if (change > 0) {
      advancing += 1;
      upVolume += volume;
    } else if (change < 0) {
      declining += 1;
      downVolume += volume;
    } else {
      unchanged += 1;
    }
    const year = history.yearRanges?.get(snapshot.symbol);
    if (year && snapshot.day) {
      if (snapshot.day.high > year.high) newHighs += 1;
      if (snapshot.day.low < year.low) newLows += 1;
    }
  }
  const covered = symbols.length;
  const advancingPct = covered === 0 ? 0 : (advancing / covered) * 100;
  const moved = upVolume + downVolume;
  const upVolumePct = moved > 0 ? (upVolume / moved) * 100 : undefined;
  return {
    advancing,
    declining,
    unchanged,
    covered,
    advancingPct,
    ...(declining > 0 ? { advanceDeclineRatio: advancing / declining } : {}),
    ...(upVolumePct === undefined ? {} : { upVolumePct }),
    ...(history.yearRanges ? { newHighs, newLows } : {}),
    ...thrustOf(history.advancingRatios),
    sentiment: moodOf(advancing, declining, upVolume, downVolume),
    symbols,
  };
}

/** Leads are -1 (all down) to 1 (all up): turned upside down they give the opposite word, to the last bit. */
function moodOf(advancing: number, declining: number, upVolume: number, downVolume: number): MarketMood {
  if (advancing + declining === 0) return 'neutral';
  const countLead = (advancing - declining) / (advancing + declining);
  const moved = upVolume + downVolume;
  // volume confirms the count or takes the edge off it
  const lead = moved > 0 ? (2 * countLead + (upVolume - downVolume) / moved) / 3 : countLead;
  if (lead >= 0.5) return 'strongly positive';
  if (lead >= 0.14) return 'positive';
  if (lead > -0.14) return 'neutral';
  return lead > -0.5 ? 'negative' : 'strongly negative';
}

function thrustOf(closed: readonly number[] | undefined): { readonly thrust?: boolean } {
  if (!closed || closed.length <= 2 * THRUST_SESSIONS) return {};
  const weight = 2 / (THRUST_SESSIONS + 1);
  let held: number | undefined;
  const averages = closed.map((ratio) => {
    held = held === undefined ? ratio : held + weight * (ratio - held);
    return held;
  });
  const lately = averages.slice(-THRUST_SESSIONS - 1);
  return { thrust: (lately.at(-1) ?? 0) > THRUST_TO && lately.some((average) => average < THRUST_FROM) };
}
