import type { Bar } from './bar.ts';
import type { JudgedSetup } from './judged-setup.ts';
import { judgeSetup } from './judged-setup.ts';
import { tapeAt } from './known-tape.ts';
import { newestSetups } from './recent-setups.ts';
import { DEFAULT_RISK } from './risk.ts';
import type { Calendar, SessionDay } from './session.ts';
import type { Detector } from './setup.ts';

const BAR_MS = 5 * 60_000;

/** The closes of five-minute bars of regular hours after `from` and up to `to`, oldest first. */
export function barClosesBetween({ opensAt, closesAt }: SessionDay, from: number, to: number): readonly number[] {
  const closes: number[] = [];
  const first = Math.floor(Math.max(0, from - opensAt) / BAR_MS) + 1;
  for (let at = opensAt + first * BAR_MS; at <= Math.min(to, closesAt); at += BAR_MS) closes.push(at);
  return closes;
}

/** One symbol's market at the close of one bar; nothing later than `at` decides, what is known by `now` can only end a plan. */
export interface ScanQuestion {
  readonly symbol: string;
  readonly calendar: Pick<Calendar, 'previous' | 'next'>;
  readonly day: SessionDay;
  readonly at: number;
  readonly now: number;
  readonly daily: readonly Bar[];
  readonly minutes: readonly Bar[];
  readonly detectors: readonly Detector[];
}

/** What the detectors see in the bar that closes at `at`, planned for the house's reference account: what one look gives however late it comes. */
export function scanAt({ detectors, now, ...question }: ScanQuestion): readonly JudgedSetup[] {
  const tape = tapeAt({ ...question, asOf: question.at });
  if ('code' in tape) return [];
  const found = newestSetups(question.symbol, tape, detectors);
  if (found.length === 0) return [];
  const later = now > question.at ? tapeAt({ ...question, asOf: now }) : tape;
  // a market that fell silent since ends nothing
  const known = 'code' in later ? tape : later;
  return found.map((one) => judgeSetup(one, tape, { risk: DEFAULT_RISK, now: known }));
}
