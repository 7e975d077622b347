import type { Bar, Timeframe } from './bar.ts';
import type { Level } from './levels.ts';
import type { SessionDay } from './session.ts';

export type Direction = 'long' | 'short';

/** One visible reason: what was measured, in words and as a number with its unit in `label`. */
export interface Factor {
  /** Stable key, for weights and tests: `trend_15m`. */
  readonly key: string;
  /** What a trader reads: "volume 1.8x this time of day". */
  readonly label: string;
  readonly value: number;
  /** -1 (fully against) to +1 (fully for) this direction. */
  readonly score: number;
}

/** What a detector may look at: closed bars only, oldest first, ending with the bar under decision. */
export interface DetectorInput {
  readonly symbol: string;
  readonly bars: readonly Bar[];
  /** Completed sessions before this one. */
  readonly daily: readonly Bar[];
  readonly day: SessionDay;
  readonly levels: readonly Level[];
}

/** A pattern that is complete on a closed bar and waits for its trigger price. */
export interface Setup {
  /** Hash of detector, version, symbol, direction and deciding bar. */
  readonly setupId: string;
  readonly detector: string;
  readonly version: number;
  readonly symbol: string;
  readonly direction: Direction;
  readonly timeframe: Timeframe;
  /** Close time of the deciding bar, epoch ms. */
  readonly detectedAt: number;
  readonly triggerPrice: number;
  /** Structure the stop may hide behind. */
  readonly structurePrice: number;
  readonly structureReason: string;
  readonly factors: readonly Factor[];
}

/** A function of closed bars: silent in warm-up, deterministic, blind to the future, leaves its input alone. */
export interface Detector {
  readonly name: string;
  /** What a trader calls it: "opening-range breakout". */
  readonly title: string;
  readonly version: number;
  readonly timeframe: Timeframe;
  readonly warmupBars: number;
  detect(input: DetectorInput): Setup | undefined;
}
