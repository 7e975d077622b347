import type { Bar } from '../bar.ts';
import { hashOf } from '../canonical.ts';
import type { Detector, DetectorInput, Direction, Factor, Setup } from '../setup.ts';
import { commonFactors } from './factors.ts';

const LENGTH_MS = 5 * 60_000;

/** What a detector found on its deciding bar. */
export interface Finding {
  readonly direction: Direction;
  readonly triggerPrice: number;
  readonly structurePrice: number;
  readonly structureReason: string;
  readonly factors: readonly Factor[];
}

/** Names a finding and adds the factors that every setup is judged by. */
export function setupOf(
  detector: Pick<Detector, 'name' | 'version' | 'timeframe'>,
  input: DetectorInput,
  bar: Bar,
  atr: number,
  finding: Finding,
): Setup {
  const { name, version, timeframe } = detector;
  const { direction, triggerPrice } = finding;
  const detectedAt = bar.openAt + LENGTH_MS;
  return {
    setupId: hashOf({ detector: name, version, symbol: input.symbol, direction, timeframe, detectedAt }),
    detector: name,
    version,
    symbol: input.symbol,
    timeframe,
    detectedAt,
    ...finding,
    factors: [...finding.factors, ...commonFactors(input, direction, atr, triggerPrice)],
  };
}
