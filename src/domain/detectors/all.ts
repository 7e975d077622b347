import type { Detector } from '../setup.ts';
import { emaPullback } from './ema-pullback.ts';
import { openingRangeBreakout } from './opening-range-breakout.ts';

/** Every detector that the scanner and the planner use. */
export const detectors: readonly Detector[] = [openingRangeBreakout, emaPullback];
