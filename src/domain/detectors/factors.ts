import type { Bar } from '../bar.ts';
import { ema } from '../indicators/ema.ts';
import { lastOf } from '../indicators/indicator.ts';
import { levelPrice } from '../levels.ts';
import { tickOf } from '../price.ts';
import type { DetectorInput, Direction, Factor } from '../setup.ts';
import type { Sign } from './side.ts';
import { signOf } from './side.ts';

const QUARTER_MS = 15 * 60_000;
const NIGHT_MS = 4 * 3_600_000;
const FAR_ATRS = 3;

/** Puts a number on -1..+1, rounded so that it reads the same everywhere. */
export function score(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * 1000) / 1000 + 0;
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits)) + 0;
const times = (value: number): string => value.toFixed(1);

/** What speaks for and against any setup, whichever detector found it; a factor without data is left out. */
export function commonFactors(input: DetectorInput, direction: Direction, atr: number, triggerPrice: number): Factor[] {
  const sign = signOf(direction);
  return [
    quarterTrend(input, sign, atr),
    dayTrend(input, sign),
    vwapSide(input, sign, atr),
    relativeVolume(input),
    room(input, sign, atr, triggerPrice),
  ].filter((factor) => factor !== undefined);
}

function quarterTrend({ bars, day }: DetectorInput, sign: Sign, atr: number): Factor | undefined {
  const closes: number[] = [];
  for (const bar of bars) {
    if ((bar.openAt + QUARTER_MS / 3 - day.opensAt) % QUARTER_MS === 0) closes.push(bar.close);
  }
  const average = lastOf(ema(5), closes);
  const last = closes.at(-1);
  if (average === undefined || last === undefined) return undefined;
  const away = (last - average) / atr;
  const word = Math.abs(away) < 0.1 ? 'flat' : away > 0 ? 'up' : 'down';
  return {
    key: 'trend_15m',
    label: `15 min trend ${word}, ${times(Math.abs(away))} ATR from its EMA 5`,
    value: rounded(away),
    score: score(sign * away),
  };
}

function dayTrend({ daily, bars }: DetectorInput, sign: Sign): Factor | undefined {
  const average = lastOf(
    ema(20),
    daily.map((bar) => bar.close),
  );
  const last = bars.at(-1)?.close;
  if (average === undefined || last === undefined) return undefined;
  const awayPct = ((last - average) / average) * 100;
  const word = Math.abs(awayPct) < 0.2 ? 'flat' : awayPct > 0 ? 'up' : 'down';
  return {
    key: 'trend_day',
    label: `day trend ${word}, ${times(Math.abs(awayPct))} % from its EMA 20`,
    value: rounded(awayPct),
    score: score((sign * awayPct) / 2),
  };
}

function vwapSide({ levels, bars }: DetectorInput, sign: Sign, atr: number): Factor | undefined {
  const vwap = levelPrice(levels, 'vwap');
  const last = bars.at(-1)?.close;
  if (vwap === undefined || last === undefined) return undefined;
  const away = (last - vwap) / atr;
  return {
    key: 'vwap_side',
    label: `${away >= 0 ? 'above' : 'below'} VWAP by ${times(Math.abs(away))} ATR`,
    value: rounded(away),
    score: score(sign * away),
  };
}

/** Volume of the session so far against the same hours of the sessions before it that the bars reach back to. */
function relativeVolume({ bars, day }: DetectorInput): Factor | undefined {
  const last = bars.at(-1);
  if (!last) return undefined;
  const elapsedMs = last.openAt - day.opensAt;
  let today = 0;
  const past: number[] = [];
  let startsAt: number | undefined;
  let before: Bar | undefined;
  for (const bar of bars) {
    if (bar.volume === undefined) return undefined;
    if (bar.openAt >= day.opensAt) {
      today += bar.volume;
      continue;
    }
    if (!before || startsAt === undefined || bar.openAt - before.openAt > NIGHT_MS) {
      startsAt = bar.openAt;
      past.push(0);
    }
    before = bar;
    if (bar.openAt - startsAt <= elapsedMs) past[past.length - 1] = (past.at(-1) ?? 0) + bar.volume;
  }
  const usual = past.reduce((sum, volume) => sum + volume, 0) / past.length;
  if (!(usual > 0)) return undefined;
  const ratio = today / usual;
  return {
    key: 'relative_volume',
    label: `volume ${times(ratio)}x this time of day`,
    value: rounded(ratio),
    score: score((ratio - 1) / 0.75),
  };
}

/** Way to the next level that others watch; a level that the trigger itself breaks does not stand in it. */
function room({ levels }: DetectorInput, sign: Sign, atr: number, triggerPrice: number): Factor | undefined {
  let nearest: { readonly name: string; readonly away: number } | undefined;
  for (const { name, price, kind } of levels) {
    const away = (sign * (price - triggerPrice)) / atr;
    if (kind === 'vwap' || sign * (price - triggerPrice) <= 2 * tickOf(price)) continue;
    if (!nearest || away < nearest.away) nearest = { name, away };
  }
  if (levels.length === 0) return undefined;
  const away = Math.min(nearest?.away ?? FAR_ATRS, FAR_ATRS);
  const label =
    nearest && nearest.away < FAR_ATRS
      ? `${times(nearest.away)} ATR of room to ${nearest.name}`
      : `no level within ${FAR_ATRS} ATR ahead`;
  return { key: 'room', label, value: rounded(away), score: score(away - 1) };
}
